/** The `electron` module of this process: set once by the host, before the app's code is loaded. */
import type { HostedElectron } from './module.ts'

let current: HostedElectron['electron'] | undefined

export function setCurrentElectron(electron: HostedElectron['electron']): void {
  if (current) throw new Error('host: one process runs one app')
  current = electron
}

export function currentElectron(): HostedElectron['electron'] {
  if (!current) throw new Error('host: the electron module was loaded before the host was set up')
  return current
}
