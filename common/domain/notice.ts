import * as v from 'valibot'

/** An announcement, alert, promotion or maintenance notice (section 5 of the im2 document). */
export const noticeSchema = v.object({
  id: v.string(),
  kind: v.picklist(['announcement', 'alert', 'promotion', 'maintenance']),
  title: v.string(),
  content: v.string(),
  /** `low`, `medium`, `high` or `urgent`; anything else a server says counts as `medium`. */
  priority: v.picklist(['low', 'medium', 'high', 'urgent']),
  category: v.nullable(v.string()),
  expiresAt: v.nullable(v.number()),
  action: v.nullable(v.string()),
  /** JSON text of the action's data, or null. */
  data: v.nullable(v.string()),
  maintenanceType: v.nullable(v.string()),
  estimatedDuration: v.nullable(v.string()),
  /** Of a maintenance, where the server names its times beside its words: ms since 1970, the server's clock. */
  startsAt: v.nullable(v.number()),
  endsAt: v.nullable(v.number()),
  /** Milliseconds since 1970, the server's clock where it gave one. */
  at: v.number(),
  readAt: v.nullable(v.number()),
  acknowledgedAt: v.nullable(v.number()),
  revision: v.number(),
})
export type Notice = v.InferOutput<typeof noticeSchema>

/** What administrators currently allow this account (section 6.2 of the im2 document). */
export const policySchema = v.object({
  /** Code points. */
  maxMessageLength: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Megabytes, or null where no server ever said. */
  fileUploadLimit: v.nullable(v.number()),
  readOnly: v.boolean(),
  /** Who changed it last and why; null before any change. */
  changedBy: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  /** Who last decided about `readOnly`, and why. */
  readOnlyBy: v.nullable(v.string()),
  readOnlyBecause: v.nullable(v.string()),
  revision: v.number(),
})
export type Policy = v.InferOutput<typeof policySchema>

/** What one change of policy set, or what it replaced; null where it says nothing. */
export const policyValuesSchema = v.object({
  maxMessageLength: v.nullable(v.number()),
  fileUploadLimit: v.nullable(v.number()),
  readOnly: v.nullable(v.boolean()),
})
export type PolicyValues = v.InferOutput<typeof policyValuesSchema>

/** One admin push of the past: what it changed from what, who did it, why and when. */
export const policyChangeSchema = v.object({
  eventId: v.string(),
  /** Milliseconds since 1970, the server's clock where it gave one. */
  at: v.number(),
  /** As the server said it, else as it was in force here. */
  before: policyValuesSchema,
  after: policyValuesSchema,
  changedBy: v.nullable(v.string()),
  reason: v.nullable(v.string()),
})
export type PolicyChange = v.InferOutput<typeof policyChangeSchema>

/** The limit of the document until an admin push says otherwise. */
export const defaultMaxMessageLength = 2000

/** Advertising: shown, and never counted or insisted on. */
export function isQuiet({ kind }: Pick<Notice, 'kind'>): boolean {
  return kind === 'promotion'
}

/** It asks for more than being read: it waits until it is acknowledged. */
export function isInsistent(notice: Pick<Notice, 'kind' | 'priority'>): boolean {
  return !isQuiet(notice) && (notice.priority === 'high' || notice.priority === 'urgent')
}
