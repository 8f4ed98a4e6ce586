/** Admin pushes that change what this account may do (section 6.2 of the im2 document): partial, and only ours. */
import { type JsonObject, numberOf, objectOf } from '#common/base/json.ts'
import type { PolicyValues } from '#common/domain/notice.ts'
import type { DecodeContext, Decoded } from '#electron/core/ports/dialect.ts'
import { undecoded, understood } from '../decoded.ts'
import { firstText, firstTime, stableId } from '../fields.ts'
import type { Envelope } from './envelope.ts'
import { placeOfEvent } from './place.ts'

const configTypes: ReadonlySet<string> = new Set(['chat_settings', 'user_permissions'])
const permissions: ReadonlyMap<string, boolean> = new Map([
  ['read_only', true],
  ['full_access', false],
])

export function isPolicy(document: JsonObject): boolean {
  return firstText(document, 'configType', 'permissionType') !== undefined
}

export function readPolicy(envelope: Envelope, document: JsonObject, context: DecodeContext): Decoded {
  const configType = firstText(document, 'configType')
  if (configType !== undefined && !configTypes.has(configType)) return undecoded('configUnknown')
  const fresh = objectOf(document['newConfig']) ?? {}
  const whose = firstText(document, 'userId') ?? firstText(fresh, 'userId')
  const covers = placeOfEvent(envelope, context)
  // About somebody else: understood, and nothing to us.
  if (whose !== undefined && whose !== context.selfId) return understood([], covers)
  const maxMessageLength = limitOf(fresh, 'maxMessageLength', 1)
  const fileUploadLimit = limitOf(fresh, 'fileUploadLimit', 0)
  const readOnly = permissionOf(document) ?? permissionOf(fresh)
  if (maxMessageLength === null && fileUploadLimit === null && readOnly === null) return undecoded('configUnknown')
  const at = envelope.timestamp ?? firstTime(document, 'timestamp')
  const changedBy = firstText(document, 'changedBy') ?? null
  const reason = firstText(document, 'reason') ?? null
  return understood(
    [
      {
        type: 'policy.changed',
        eventId:
          envelope.messageId ||
          stableId('policy', maxMessageLength, fileUploadLimit, String(readOnly), changedBy, reason, at),
        maxMessageLength,
        fileUploadLimit,
        readOnly,
        ...replacedBy(document),
        changedBy,
        reason,
        at,
      },
    ],
    covers,
  )
}

/** What was in force before, as far as the server says it. */
function replacedBy(document: JsonObject): { readonly before?: PolicyValues } {
  const old = objectOf(document['oldConfig']) ?? {}
  const word = firstText(document, 'oldPermission') ?? firstText(old, 'oldPermission', 'permission', 'newPermission')
  const before = {
    maxMessageLength: limitOf(old, 'maxMessageLength', 1),
    fileUploadLimit: limitOf(old, 'fileUploadLimit', 0),
    readOnly: (word === undefined ? undefined : permissions.get(word.toLowerCase())) ?? null,
  }
  return Object.values(before).every((value) => value === null) ? {} : { before }
}

function limitOf(config: JsonObject, name: string, least: number): number | null {
  const number = numberOf(config[name])
  if (number === undefined || number < least) return null
  return least === 1 ? Math.trunc(number) : number
}

function permissionOf(object: JsonObject): boolean | null {
  const type = firstText(object, 'permissionType')
  if (type !== undefined && type !== 'chat_permission') return null
  const word = firstText(object, 'newPermission', 'permission', 'chat_permission', 'chatPermission')
  return (word === undefined ? undefined : permissions.get(word.toLowerCase())) ?? null
}
