/** Where the way to each account's server is written down: the application's own database, one key per account. */
import { parseJson } from '#common/base/json.ts'
import { type WayMemory, wayFrom } from './endpoint.ts'
import type { AppStore } from './ports/appStore.ts'
import type { Log } from './ports/platform.ts'
import type { Way } from './ports/transport.ts'

/** A database that fails costs the memory, never the connection. */
export function storedWay(
  appStore: Pick<AppStore, 'readState' | 'writeState' | 'removeState'>,
  log: Pick<Log, 'warn'>,
  accountId: string,
): WayMemory {
  const key = `way:${accountId}`
  const tried = <T>(run: () => T, otherwise: T): T => {
    try {
      return run()
    } catch (error) {
      log.warn('way to the server not remembered', { error: error instanceof Error ? error.message : String(error) })
      return otherwise
    }
  }
  return {
    recall: () => tried(() => wayFrom(parseJson(appStore.readState(key) ?? 'null')), null),
    remember: (way) =>
      tried(() => {
        if (way === null) appStore.removeState(key)
        else appStore.writeState(key, JSON.stringify(way))
      }, undefined),
  }
}

/** For a server that no account belongs to yet. */
export function heldWay(): WayMemory & { readonly way: Way | null } {
  let held: Way | null = null
  return {
    get way() {
      return held
    },
    recall: () => held,
    remember: (way) => void (held = way),
  }
}
