/** Whether the program is the newest there is, as far as it knows. */
import * as v from 'valibot'

/**
 * Why a program does not renew itself: it runs from its sources; it was packed without a feed; the administrator's
 * configuration says so; the system's packages or a store bring the new version; it was unpacked from an archive; the
 * place it lies in cannot be written.
 */
export const noUpdateReasons = [
  'sources',
  'noFeed',
  'administrator',
  'packages',
  'store',
  'unpacked',
  'readOnly',
] as const
export type NoUpdateReason = (typeof noUpdateReasons)[number]

export const updateSchema = v.variant('state', [
  v.object({ state: v.literal('off'), reason: v.picklist(noUpdateReasons) }),
  /** Nothing newer is known. `checkedAt`: when that was found, ms since 1970; null before the first answer. */
  v.object({ state: v.literal('idle'), checkedAt: v.nullable(v.number()) }),
  v.object({ state: v.literal('checking') }),
  /** `percent`: 0 to 100, whole. */
  v.object({ state: v.literal('loading'), version: v.string(), percent: v.number() }),
  /** It takes the place of this one when the program ends. */
  v.object({ state: v.literal('ready'), version: v.string() }),
  /** `code`: one of the errors. The next try comes by itself. */
  v.object({ state: v.literal('failed'), code: v.string(), at: v.number() }),
])
export type Update = v.InferOutput<typeof updateSchema>
