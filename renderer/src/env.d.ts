import type { Bridge } from '#common/contract/bridge.ts'

declare global {
  interface Window {
    readonly godwit: Bridge
  }
}
