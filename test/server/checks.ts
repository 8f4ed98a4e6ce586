/**
 * Strict reading of what clients send: JSON bodies with exactly the fields of the documents, and message contents of
 * section 4.2. A problem is a sentence; no problem is null.
 */

export type JsonObject = Readonly<Record<string, unknown>>

export type FieldType = 'string' | 'nonEmpty' | 'number' | 'scope'

export interface BodyShape {
  readonly required: Readonly<Record<string, FieldType>>
  readonly optional?: Readonly<Record<string, FieldType>>
}

export type BodyCheck =
  | { readonly ok: true; readonly body: JsonObject; readonly unexpected: readonly string[] }
  | { readonly ok: false; readonly reason: string; readonly body: JsonObject | null }

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function checkBody(bytes: Buffer, contentType: string | undefined, shape: BodyShape): BodyCheck {
  if (contentType === undefined) return { ok: false, reason: 'SEND without content-type', body: null }
  if (!/^application\/json\s*(;\s*charset=utf-8)?$/i.test(contentType)) {
    return { ok: false, reason: 'content-type is not application/json', body: null }
  }
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return { ok: false, reason: 'body is not UTF-8', body: null }
  }
  const body = parseJson(text)
  if (!isJsonObject(body)) return { ok: false, reason: 'body is not a JSON object', body: null }
  for (const [name, type] of Object.entries(shape.required)) {
    if (!Object.hasOwn(body, name)) return { ok: false, reason: `${name} is missing`, body }
    const problem = checkField(name, body[name], type)
    if (problem !== null) return { ok: false, reason: problem, body }
  }
  const optional = shape.optional ?? {}
  for (const [name, type] of Object.entries(optional)) {
    const problem = Object.hasOwn(body, name) ? checkField(name, body[name], type) : null
    if (problem !== null) return { ok: false, reason: problem, body }
  }
  const unexpected = Object.keys(body).filter(
    (name) => !Object.hasOwn(shape.required, name) && !Object.hasOwn(optional, name),
  )
  return { ok: true, body, unexpected }
}

function checkField(name: string, value: unknown, type: FieldType): string | null {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? null : `${name} is not a string`
    case 'nonEmpty':
      return typeof value === 'string' && value !== '' && value.length <= 256 ? null : `${name} is not an id`
    case 'number':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? null : `${name} is not a number`
    case 'scope':
      return value === 0 || value === 1 ? null : `${name} is neither 0 nor 1`
  }
}

/** A field known to be a string after `checkBody`. */
export function text(body: JsonObject, name: string): string {
  const value = body[name]
  return typeof value === 'string' ? value : ''
}

export type ContentKind =
  'text' | 'image' | 'file' | 'voice' | 'video' | 'location' | 'card' | 'quote' | 'forward' | 'custom'

const extraFields: Partial<Record<ContentKind, Readonly<Record<string, 'string' | 'number'>>>> = {
  image: { url: 'string' },
  file: { url: 'string', size: 'number' },
  voice: { url: 'string', duration: 'number' },
  video: { url: 'string', duration: 'number' },
  location: { latitude: 'number', longitude: 'number' },
  card: { userId: 'string' },
}

export type ContentCheck =
  | { readonly ok: true; /** What the length limit counts. */ readonly shown: string }
  | { readonly ok: false; readonly reason: string }

/** Section 4.2: the content of a message is a JSON document of its kind's form, written as a string. */
export function checkContent(kind: ContentKind, content: string): ContentCheck {
  const document = parseJson(content)
  if (!isJsonObject(document)) return { ok: false, reason: 'content is not a JSON document' }
  const shown = document['content']
  if (typeof shown !== 'string') return { ok: false, reason: 'content.content is not a string' }
  const wanted = extraFields[kind]
  if (wanted !== undefined) {
    const extra = document['contentExtra']
    if (!isJsonObject(extra)) return { ok: false, reason: `contentExtra is missing in a message of kind ${kind}` }
    for (const [name, type] of Object.entries(wanted)) {
      if (typeof extra[name] !== type) return { ok: false, reason: `contentExtra.${name} is not a ${type}` }
    }
  }
  if (kind === 'quote') {
    for (const name of ['quotedMessageId', 'quotedContent', 'quotedSenderId']) {
      if (typeof document[name] !== 'string') return { ok: false, reason: `${name} is missing in a quote` }
    }
  }
  if (kind === 'forward' && typeof document['originalMessageId'] !== 'string') {
    return { ok: false, reason: 'originalMessageId is missing in a forward' }
  }
  if (kind === 'text' && shown.trim() === '') return { ok: false, reason: 'text is empty' }
  return { ok: true, shown }
}

export function codePoints(value: string): number {
  return [...value].length
}
