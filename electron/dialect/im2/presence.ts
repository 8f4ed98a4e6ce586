import type { JsonObject } from '#common/base/json.ts'
import { firstText } from '../fields.ts'

const offline: ReadonlySet<string> = new Set(['offline', 'invisible', 'logout', 'disconnected', '0', 'false'])

/** Whether somebody can be reached now; `undefined` when the content does not say. Away and busy are online. */
export function presenceOf(document: JsonObject): boolean | undefined {
  for (const name of ['online', 'isOnline']) {
    const value = document[name]
    if (typeof value === 'boolean') return value
  }
  const word = firstText(document, 'newStatus', 'status', 'online')
  return word === undefined ? undefined : !offline.has(word.toLowerCase())
}
