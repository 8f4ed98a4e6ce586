import * as v from 'valibot'
import { capabilitiesSchema } from './capabilities.ts'
import { storageTroubleSchema } from './storage.ts'

/** The two protocols; the only list of their names outside `electron/dialect`. */
export const dialectNames = ['im2', 'xuqm'] as const
export type DialectName = (typeof dialectNames)[number]

/** How a server may be reached; where a profile names none, both are tried. */
export const transportNames = ['websocket', 'sockjs'] as const

export const uploadProfileSchema = v.object({
  url: v.string(),
  field: v.optional(v.string(), 'file'),
  /** Dotted path of the file's URL in the JSON answer. */
  responsePath: v.optional(v.string(), 'url'),
})

/** All it takes to reach a server as somebody, but the token. */
export const profileSchema = v.object({
  dialect: v.picklist(dialectNames),
  /** `wss://…`, or `ws://` on loopback; no credentials, query or fragment. */
  url: v.string(),
  userId: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  appKey: v.optional(v.string()),
  deviceId: v.string(),
  upload: v.optional(uploadProfileSchema),
  /** Fixed by an administrator; found by trying where it is not given. */
  transport: v.optional(v.picklist(transportNames)),
  /** Groups to subscribe from the start, by their server ids. */
  groups: v.optional(v.array(v.object({ id: v.string(), name: v.optional(v.string()) }))),
  contacts: v.optional(v.array(v.object({ userId: v.string(), nickname: v.string() }))),
})
export type Profile = v.InferOutput<typeof profileSchema>

export const accountSchema = v.object({
  id: v.string(),
  url: v.string(),
  userId: v.string(),
  /** Comes from the managed configuration: it cannot be removed here. */
  managed: v.boolean(),
  /** False when a token is missing or was refused: sign in again. */
  signedIn: v.boolean(),
  capabilities: capabilitiesSchema,
  /** Files can be sent: the profile names a place to upload them to, and it may be used. */
  upload: v.boolean(),
  /** What keeps its messages or its token from being read or written on this computer, or null. */
  trouble: v.nullable(storageTroubleSchema),
})
export type Account = v.InferOutput<typeof accountSchema>
