/**
 * Message contents as servers carry them: the JSON documents of section 4.2 of the im2 document, with our reading of
 * the kinds it does not print (section 1.1 of our protocol reading). Both directions, one entry per kind.
 *
 * Promises: reading never throws and never loses words. What is no document is shown as the text it is; a field of a
 * wrong type counts as absent; a document without what its kind cannot do without becomes `unsupported`. Must never
 * take a sender, a time or an id of the message itself from here: those are the envelope's.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import { type Json, type JsonObject, numberOf, objectOf, parseJsonObject, textOf } from '#common/base/json.ts'
import type { Content, ContentKind, ContentOf } from '#common/domain/content/content.ts'
import { capped } from './fields.ts'

/** The kinds that can be written on the wire. */
export type WireKind = Exclude<ContentKind, 'event' | 'unsupported'>

/** More names in one message than this are not mentions but an attack. */
const maxMentions = 200

interface Document {
  readonly root: JsonObject
  readonly text: string
  /** A field of `contentExtra`, or of the document itself where a server flattens it. */
  readonly field: (name: string) => Json | undefined
}

interface Codec<K extends WireKind> {
  /** `undefined` when the document lacks what makes the kind. */
  read(document: Document): ContentOf<K> | undefined
  write(content: ContentOf<K>): JsonObject
}

type Given<K extends string, T> = { readonly [P in K]?: T }
const given = <K extends string, T>(key: K, value: T | undefined): Given<K, T> =>
  value === undefined ? {} : ({ [key]: value } as Given<K, T>)

const words = (value: Json | undefined): string => textOf(value) ?? ''

function sizeOf(value: Json | undefined): number | undefined {
  const number = numberOf(value)
  return number !== undefined && number >= 0 ? number : undefined
}

function within(value: Json | undefined, limit: number): number | undefined {
  const number = numberOf(value)
  // Written again, -0 would be 0.
  return number !== undefined && Math.abs(number) <= limit ? number + 0 : undefined
}

function mentionsOf(document: Document): Given<'mentions', string[]> {
  const listed = document.field('mentions')
  if (!Array.isArray(listed)) return {}
  const mentions = (listed as readonly Json[]).slice(0, maxMentions).flatMap((entry) => textOf(entry) ?? [])
  return mentions.length === 0 ? {} : { mentions }
}

const mentionsExtra = (mentions: readonly string[] | undefined): JsonObject | null =>
  mentions === undefined || mentions.length === 0 ? null : { mentions: [...mentions] }

const codecs: { readonly [K in WireKind]: Codec<K> } = {
  text: {
    read: (document) => ({ kind: 'text', text: document.text, ...mentionsOf(document) }),
    write: ({ text, mentions }) => ({ content: text, contentExtra: mentionsExtra(mentions) }),
  },
  image: {
    read: ({ text, field }) => ({
      kind: 'image',
      caption: text,
      url: words(field('url')),
      ...given('width', sizeOf(field('width'))),
      ...given('height', sizeOf(field('height'))),
      ...given('size', sizeOf(field('size'))),
      ...given('format', textOf(field('format'))),
    }),
    write: ({ caption, url, width, height, size, format }) => ({
      content: caption,
      contentExtra: { url, width, height, size, format },
    }),
  },
  file: {
    read: ({ text, field }) => ({
      kind: 'file',
      name: text,
      url: words(field('url')),
      ...given('size', sizeOf(field('size'))),
      ...given('mime', textOf(field('type'))),
      ...given('extension', textOf(field('extension'))),
    }),
    write: ({ name, url, size, mime, extension }) => ({
      content: name,
      contentExtra: { url, size, type: mime, extension },
    }),
  },
  voice: {
    read: ({ text, field }) => ({
      kind: 'voice',
      caption: text,
      url: words(field('url')),
      ...given('duration', sizeOf(field('duration'))),
      ...given('size', sizeOf(field('size'))),
      ...given('format', textOf(field('format'))),
    }),
    write: ({ caption, url, duration, size, format }) => ({
      content: caption,
      contentExtra: { url, duration, size, format },
    }),
  },
  video: {
    read: ({ text, field }) => ({
      kind: 'video',
      caption: text,
      url: words(field('url')),
      ...given('duration', sizeOf(field('duration'))),
      ...given('size', sizeOf(field('size'))),
      ...given('format', textOf(field('format'))),
      ...given('width', sizeOf(field('width'))),
      ...given('height', sizeOf(field('height'))),
      ...given('thumbnailUrl', textOf(field('thumbnailUrl'))),
    }),
    write: ({ caption, url, duration, size, format, width, height, thumbnailUrl }) => ({
      content: caption,
      contentExtra: { url, duration, size, format, width, height, thumbnailUrl },
    }),
  },
  location: {
    read: ({ text, field }) => {
      const latitude = within(field('latitude'), 90)
      const longitude = within(field('longitude'), 180)
      if (latitude === undefined || longitude === undefined) return undefined
      return {
        kind: 'location',
        latitude,
        longitude,
        address: words(field('address')),
        title: textOf(field('title')) ?? text,
      }
    },
    write: ({ latitude, longitude, address, title }) => ({
      content: title,
      contentExtra: { latitude, longitude, address, title },
    }),
  },
  card: {
    read: ({ text, field }) => {
      const userId = textOf(field('userId'))
      if (userId === undefined) return undefined
      return {
        kind: 'card',
        userId,
        nickname: textOf(field('nickname')) ?? text,
        ...given('avatar', textOf(field('avatar'))),
      }
    },
    write: ({ userId, nickname, avatar }) => ({ content: nickname, contentExtra: { userId, nickname, avatar } }),
  },
  quote: {
    read: (document) => ({
      kind: 'quote',
      text: document.text,
      ...mentionsOf(document),
      quotedId: words(document.field('quotedMessageId')),
      quotedText: words(document.field('quotedContent')),
      quotedSenderId: words(document.field('quotedSenderId')),
    }),
    write: ({ text, mentions, quotedId, quotedText, quotedSenderId }) => {
      const extra = mentionsExtra(mentions)
      return {
        content: text,
        ...(extra === null ? {} : { contentExtra: extra }),
        quotedMessageId: quotedId,
        quotedContent: quotedText,
        quotedSenderId,
      }
    },
  },
  forward: {
    read: ({ text, field }) => ({
      kind: 'forward',
      text,
      originalId: words(field('originalMessageId')),
      reason: words(field('forwardReason')),
    }),
    write: ({ text, originalId, reason }) => ({ content: text, originalMessageId: originalId, forwardReason: reason }),
  },
}

const media: ReadonlySet<WireKind> = new Set(['image', 'file', 'voice', 'video'])
const bareUrl = /^https?:\/\/\S+$/i

/** What a message of `kind` says. `carried` is the content as it came, text or an already parsed object. */
export function readContent(kind: WireKind, carried: string | JsonObject, label: string): Content {
  const root = typeof carried === 'string' ? documentIn(carried) : carried
  if (root === undefined) return plain(kind, carried as string)
  const text = textOf(root['content'])
  if (text === undefined && kind === 'text' && root['content'] !== '') return { kind: 'text', text: rawText(carried) }
  const extra = extraOf(root['contentExtra'])
  const field = (name: string): Json | undefined => extra?.[name] ?? root[name]
  const document: Document = { root, text: text ?? '', field }
  return codecs[kind].read(document) ?? unsupported(label, carried)
}

/** A content whose kind this program does not know. */
export function unsupported(label: string, carried: string | JsonObject): Content {
  return { kind: 'unsupported', label, raw: capped(rawText(carried)) }
}

/** The document's kind and its JSON text; fails for contents that are never sent. */
export function writeContent(content: Content): Result<{ readonly kind: WireKind; readonly document: string }> {
  if (content.kind === 'event' || content.kind === 'unsupported') return fail('message.notSupported', content.kind)
  return ok({ kind: content.kind, document: JSON.stringify(documentOf(content)) })
}

function documentOf<K extends WireKind>(content: ContentOf<K> & { readonly kind: K }): JsonObject {
  return codecs[content.kind].write(content)
}

function documentIn(text: string): JsonObject | undefined {
  return /^\s*\{/.test(text) ? parseJsonObject(text) : undefined
}

/** No document: the words themselves, or the address of the medium where that is all there is. */
function plain(kind: WireKind, text: string): Content {
  if (!media.has(kind) || !bareUrl.test(text)) return { kind: 'text', text }
  const document: Document = { root: {}, text: '', field: (name) => (name === 'url' ? text : undefined) }
  return codecs[kind].read(document) ?? { kind: 'text', text }
}

function extraOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'string' ? documentIn(value) : objectOf(value)
}

function rawText(carried: string | JsonObject): string {
  return typeof carried === 'string' ? carried : JSON.stringify(carried)
}
