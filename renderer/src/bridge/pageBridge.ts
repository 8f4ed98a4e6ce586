import type { Bridge } from '#common/contract/bridge.ts'

/** What the preload put into this page. */
export function pageBridge(): Bridge {
  return window.godwit
}
