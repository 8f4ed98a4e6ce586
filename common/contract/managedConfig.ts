/** The managed configuration file that an administrator lays down: accounts to sign in without asking, and what is allowed here. */
import * as v from 'valibot'
import { dialectNames, profileSchema, transportNames, uploadProfileSchema } from '../domain/account.ts'

const group = v.union([
  v.pipe(
    v.string(),
    v.transform((id) => ({ id })),
  ),
  v.object({ id: v.string(), name: v.optional(v.string()) }),
])

export const managedAccountSchema = v.object({
  dialect: v.picklist(dialectNames),
  url: v.string(),
  userId: profileSchema.entries.userId,
  token: v.optional(v.string()),
  /** A file holding the token alone; read at every start and again whenever it changes. */
  tokenFile: v.optional(v.string()),
  appKey: v.optional(v.string()),
  deviceId: v.optional(v.string()),
  upload: v.optional(uploadProfileSchema),
  transport: v.optional(v.picklist(transportNames)),
  contacts: v.optional(v.array(v.object({ userId: v.string(), nickname: v.string() }))),
  groups: v.optional(v.array(group)),
})
export type ManagedAccount = v.InferOutput<typeof managedAccountSchema>

export const managedConfigSchema = v.object({
  accounts: v.optional(v.array(managedAccountSchema), []),
  /** The program may run where Chromium's sandbox is turned off. */
  allowWithoutSandbox: v.optional(v.boolean(), false),
  /** Whether the program renews itself, and from what mirror of its feed. */
  updates: v.optional(v.union([v.boolean(), v.object({ feed: v.pipe(v.string(), v.url()) })]), true),
})
export type ManagedConfig = v.InferOutput<typeof managedConfigSchema>
