/**
 * Tells when the machine's network addresses are others than before. No system gives Node an event for that, so they
 * are read every few seconds. Loopback addresses do not count.
 */
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import type { Disposable } from '#common/base/disposable.ts'
import type { Clock, Log } from '#electron/core/ports/platform.ts'

export const addressPeriodMs = 5_000

export interface WatchAddressesOptions {
  readonly clock: Pick<Clock, 'every'>
  readonly log: Log
  /** Those there are now, loopback included. */
  readonly onChanged: (addresses: ReadonlySet<string>) => void
  readonly read?: () => NodeJS.Dict<NetworkInterfaceInfo[]>
}

export function watchAddresses({ clock, log, onChanged, read = networkInterfaces }: WatchAddressesOptions): Disposable {
  let known = lookUp(read, log)
  return clock.every(addressPeriodMs, () => {
    const now = lookUp(read, log)
    if (now === null) return
    const changed = known !== null && outer(known) !== outer(now)
    known = now
    if (changed) onChanged(new Set(now.map(({ address }) => address)))
  })
}

function lookUp(read: () => NodeJS.Dict<NetworkInterfaceInfo[]>, log: Log): readonly NetworkInterfaceInfo[] | null {
  try {
    return Object.values(read()).flatMap((addresses) => addresses ?? [])
  } catch (error) {
    log.warn('network addresses could not be read', { error: error instanceof Error ? error.name : 'unknown' })
    return null
  }
}

/** In one line, whatever order the system lists them in. */
function outer(addresses: readonly NetworkInterfaceInfo[]): string {
  return addresses
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
    .join(' ')
}
