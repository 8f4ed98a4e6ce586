/**
 * The archive on the disk: a folder that any program can read.
 *
 * `manifest.json` says what is in it and the SHA-256 of every other file; it is written last, so that a folder without
 * it is no archive. `conversations/NAME.jsonl` holds one message per line in the order of the timeline, with everything
 * it takes to give the same row back; 64-bit numbers are decimal strings. `conversations/NAME.html` and `index.html` are
 * for people. `media/` holds the copies of pictures and files that were on the computer.
 *
 * Promises: holds no token and no secret. Must never trust a file: everything read is parsed against these.
 */
import * as v from 'valibot'
import { contentSchema } from '#common/domain/content/content.ts'
import { memberSchema } from '#common/domain/conversation.ts'
import { deliveryProofs, deliveryStates } from '#common/domain/delivery.ts'

export const archiveFormat = 'godwit-archive'
/** Grows when an older program would misread an archive. */
export const archiveVersion = 1
export const manifestName = 'manifest.json'

/** Decimal int64 from 0, in its shortest form. */
const sequence = v.pipe(
  v.string(),
  v.regex(/^(0|[1-9]\d{0,18})$/),
  v.check((digits) => digits.length < 19 || digits <= '9223372036854775807', 'above int64'),
)
const time = v.pipe(v.number(), v.safeInteger())
const moment = v.nullable(time)
const name = v.pipe(v.string(), v.maxLength(4000))
const id = v.nullable(name)
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const rowId = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(999_999_999_999_999))
const words = v.nullable(v.string())

/** A line of a `.jsonl` file. Times are ms since 1970. */
export const archivedMessageSchema = v.object({
  /** Names the message inside this archive only. */
  id: rowId,
  serverId: id,
  clientId: id,
  senderId: name,
  content: contentSchema,
  sequence: v.nullable(sequence),
  serverTime: moment,
  localTime: time,
  /** Where it stood in its conversation; see `positionSchema`. */
  place: v.object({ sequence, time }),
  state: v.picklist(deliveryStates),
  proof: v.nullable(v.picklist(deliveryProofs)),
  edited: v.nullable(
    v.object({
      at: moment,
      reason: words,
      sequence: v.nullable(sequence),
      /** The words it brought where the content does not show them. */
      text: v.exactOptional(v.string()),
      /** Only ours when the archive was written: the server had not taken it. */
      unconfirmed: v.exactOptional(v.literal(true)),
    }),
  ),
  recalled: v.nullable(v.object({ at: moment, by: words, reason: words })),
  problem: v.nullable(v.object({ code: v.string(), detail: words })),
  attempts: count,
  pinned: v.boolean(),
  unread: v.boolean(),
  mentioned: v.boolean(),
})
export type ArchivedMessage = v.InferOutput<typeof archivedMessageSchema>

export const knownRangeSchema = v.object({ first: sequence, last: sequence })
/** First and last of an unbroken run of the server's numbers. */
export type KnownRange = v.InferOutput<typeof knownRangeSchema>

export const archivedPersonSchema = v.object({ userId: name, nickname: v.nullable(name) })
export type ArchivedPerson = v.InferOutput<typeof archivedPersonSchema>

export const archivedConversationSchema = v.object({
  kind: v.picklist(['direct', 'group']),
  targetId: v.pipe(name, v.minLength(1)),
  remoteId: id,
  title: id,
  membership: v.picklist(['member', 'left']),
  members: v.array(memberSchema),
  /** Numbers of the server's that were known, so that what was deleted does not look like a hole. */
  known: v.array(knownRangeSchema),
})
export type ArchivedConversation = v.InferOutput<typeof archivedConversationSchema>

/** Nothing else is ever read: no way up, no drive, no device, no hidden name. */
const plain = String.raw`(?!\.)[^\p{C}<>:"|?*/\\]{1,230}(?<![. ])`
const textPath = v.pipe(v.string(), v.regex(new RegExp(`^conversations/${plain}\\.(jsonl|html)$`, 'u')))
const mediaPath = v.pipe(v.string(), v.regex(new RegExp(`^media/[1-9]\\d{0,14}-${plain}$`, 'u')))
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))

export const archivedFileSchema = v.object({
  path: v.union([v.literal('index.html'), textPath, mediaPath]),
  bytes: count,
  sha256,
})
export type ArchivedFile = v.InferOutput<typeof archivedFileSchema>

export const archivedMediaSchema = v.object({
  /** `id` of its line. */
  message: rowId,
  path: mediaPath,
  /** `picture`: as it is shown; `file`: as it was fetched. */
  as: v.picklist(['picture', 'file']),
  /** What the file is called. */
  name: v.pipe(name, v.minLength(1)),
})
export type ArchivedMedia = v.InferOutput<typeof archivedMediaSchema>

export const manifestSchema = v.object({
  format: v.literal(archiveFormat),
  version: v.literal(archiveVersion),
  /** Of the program that wrote it. */
  program: name,
  /** ISO 8601. */
  written: name,
  /** Whose it is; no secret. */
  account: v.object({ server: name, userId: name }),
  people: v.array(archivedPersonSchema),
  conversations: v.array(
    v.object({
      ...archivedConversationSchema.entries,
      /** As the list called it. */
      name,
      messages: count,
      /** Its messages, among `files`. */
      lines: textPath,
      page: textPath,
    }),
  ),
  media: v.array(archivedMediaSchema),
  files: v.array(archivedFileSchema),
})
export type Manifest = v.InferOutput<typeof manifestSchema>

/** Enough to tell an archive of a later program from something else. */
export const anyManifestSchema = v.object({
  format: v.literal(archiveFormat),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
})
