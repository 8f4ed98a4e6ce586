/** What may be asked about the files of messages: looking through them, fetching, keeping, opening. */
import * as v from 'valibot'
import { downloadSchema } from '../domain/download.ts'
import { messageSchema, positionSchema } from '../domain/message.ts'

const accountId = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const messageId = v.pipe(v.number(), v.integer(), v.minValue(1))
const ofMessage = v.object({ accountId, messageId })

/** `visual` is pictures and videos; `link` is words with an address in them. */
export const mediaKinds = ['picture', 'visual', 'file', 'voice', 'link'] as const
export type MediaKind = (typeof mediaKinds)[number]

export const mediaPageSchema = v.object({
  /** The nearest first. */
  messages: v.array(messageSchema),
  /** Where the next page goes on, or null at the end. */
  next: v.nullable(positionSchema),
})
export type MediaPage = v.InferOutput<typeof mediaPageSchema>

export const mediaCalls = {
  /** Messages of one conversation that carry such a thing, from a position on; `from` null: from the end. */
  'media.list': {
    input: v.object({
      accountId,
      conversationId: v.pipe(v.string(), v.minLength(1), v.maxLength(600)),
      kind: v.picklist(mediaKinds),
      /** In the name or the words; empty: all. */
      query: v.pipe(v.string(), v.maxLength(200)),
      from: v.nullable(positionSchema),
      direction: v.picklist(['older', 'newer']),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
    }),
    output: mediaPageSchema,
  },
  /** Asks where to, fetches what is not here, and writes it there. `saved` is false when the user named no place. */
  'media.save': { input: ofMessage, output: v.object({ saved: v.boolean() }) },
  /** The picture of the message, to the clipboard. */
  'media.copy': { input: ofMessage, output: v.object({}) },
  /** All files of the account that are here or on their way. */
  'download.list': { input: v.object({ accountId }), output: v.object({ downloads: v.array(downloadSchema) }) },
  /** `cancel` also lets go of what is here. */
  'download.act': {
    input: v.object({ accountId, messageId, act: v.picklist(['fetch', 'pause', 'cancel']) }),
    output: v.object({}),
  },
  /** With the system's own program; of what could do harm the user is asked first. */
  'download.open': { input: ofMessage, output: v.object({ opened: v.boolean() }) },
  /** In the system's own window for files. */
  'download.show': { input: ofMessage, output: v.object({}) },
} as const
