/**
 * What a message says, by kind. The registry below is the one place that lists the kinds; a kind added there makes the
 * compiler name everything that is still missing (schema, preview, bubble, codecs).
 */
import * as v from 'valibot'

const text = v.string()
const size = v.optional(v.pipe(v.number(), v.minValue(0)))

export const contentSchemas = {
  /** `mentions`: user ids, or `*` for everyone. */
  text: v.object({ kind: v.literal('text'), text, mentions: v.optional(v.array(text)) }),
  image: v.object({
    kind: v.literal('image'),
    caption: text,
    url: text,
    width: size,
    height: size,
    size,
    format: v.optional(text),
  }),
  file: v.object({
    kind: v.literal('file'),
    name: text,
    url: text,
    size,
    mime: v.optional(text),
    extension: v.optional(text),
  }),
  /** `duration` in seconds. */
  voice: v.object({
    kind: v.literal('voice'),
    caption: text,
    url: text,
    duration: size,
    size,
    format: v.optional(text),
  }),
  /** `duration` in seconds. */
  video: v.object({
    kind: v.literal('video'),
    caption: text,
    url: text,
    duration: size,
    size,
    format: v.optional(text),
    width: size,
    height: size,
    thumbnailUrl: v.optional(text),
  }),
  location: v.object({
    kind: v.literal('location'),
    latitude: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
    longitude: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
    address: text,
    title: text,
  }),
  card: v.object({ kind: v.literal('card'), userId: text, nickname: text, avatar: v.optional(text) }),
  /** `quotedId` is the server's id of the quoted message. */
  quote: v.object({
    kind: v.literal('quote'),
    text,
    mentions: v.optional(v.array(text)),
    quotedId: text,
    quotedText: text,
    quotedSenderId: text,
  }),
  forward: v.object({ kind: v.literal('forward'), text, originalId: text, reason: text }),
  /** Something that happened in a conversation, shown as a line of its own; never sent by us. */
  event: v.object({
    kind: v.literal('event'),
    event: v.picklist([
      'member.joined',
      'member.left',
      'member.removed',
      'member.role',
      'group.created',
      'group.renamed',
      'group.dismissed',
    ]),
    userId: v.optional(text),
    by: v.optional(text),
    detail: v.optional(text),
  }),
  /** A kind this version does not know: `label` is the server's own name or number for it, `raw` what it carried. */
  unsupported: v.object({ kind: v.literal('unsupported'), label: text, raw: text }),
} as const

export type ContentKind = keyof typeof contentSchemas
export type ContentOf<K extends ContentKind> = v.InferOutput<(typeof contentSchemas)[K]>
export type Content = { [K in ContentKind]: ContentOf<K> }[ContentKind]

export const contentSchema = v.variant('kind', [
  contentSchemas.text,
  contentSchemas.image,
  contentSchemas.file,
  contentSchemas.voice,
  contentSchemas.video,
  contentSchemas.location,
  contentSchemas.card,
  contentSchemas.quote,
  contentSchemas.forward,
  contentSchemas.event,
  contentSchemas.unsupported,
])

/** The words a person wrote or named, for the list's last line, search and quoting; empty when there are none. */
export function plainText(content: Content): string {
  switch (content.kind) {
    case 'text':
    case 'quote':
    case 'forward':
      return content.text
    case 'image':
    case 'voice':
    case 'video':
      return content.caption
    case 'file':
      return content.name
    case 'location':
      return content.title === '' ? content.address : content.title
    case 'card':
      return content.nickname === '' ? content.userId : content.nickname
    case 'event':
    case 'unsupported':
      return ''
  }
}

/** The same content with other words: what an edit does. Kinds without words of their own are returned as they are. */
export function withText(content: Content, text: string): Content {
  switch (content.kind) {
    case 'text':
    case 'quote':
    case 'forward':
      return { ...content, text }
    case 'image':
    case 'voice':
    case 'video':
      return { ...content, caption: text }
    default:
      return content
  }
}

/** Length as servers count it (section 1.3 of our reading): Unicode code points. */
export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
