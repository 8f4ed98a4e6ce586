/** What an account keeps on this computer, and what of it can be let go. All sizes in bytes. */
import * as v from 'valibot'

const size = v.pipe(v.number(), v.minValue(0))
const amountSchema = v.object({ count: v.pipe(v.number(), v.integer(), v.minValue(0)), bytes: size })
export type Amount = v.InferOutput<typeof amountSchema>

/** Kinds of files that are kept for messages. */
export const keptKinds = ['image', 'video', 'voice', 'file'] as const
export type KeptKind = (typeof keptKinds)[number]

export const keptFilesSchema = v.object({
  image: amountSchema,
  video: amountSchema,
  voice: amountSchema,
  file: amountSchema,
})
export type KeptFiles = v.InferOutput<typeof keptFilesSchema>

export const storageUseSchema = v.object({
  /** Those that keep anything, the largest first. */
  chats: v.array(
    v.object({
      conversationId: v.string(),
      /** Visible messages, and what they say. */
      messages: amountSchema,
      files: keptFilesSchema,
    }),
  ),
  /** All kept files of messages together. */
  files: keptFilesSchema,
  /** Kept files whose messages are gone. */
  leftOver: amountSchema,
  /** Copies that wait to be sent: nothing here touches them. */
  waiting: amountSchema,
  /** The database with its log; `free` of it holds nothing and can be given back. */
  database: v.object({ bytes: size, free: size }),
})
export type StorageUse = v.InferOutput<typeof storageUseSchema>

export function noFiles(): KeptFiles {
  const none = (): Amount => ({ count: 0, bytes: 0 })
  return { image: none(), video: none(), voice: none(), file: none() }
}

export function isKeptKind(kind: string): kind is KeptKind {
  return (keptKinds as readonly string[]).includes(kind)
}

export function sumOf(files: KeptFiles): Amount {
  const amounts = keptKinds.map((kind) => files[kind])
  return {
    count: amounts.reduce((sum, { count }) => sum + count, 0),
    bytes: amounts.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}
