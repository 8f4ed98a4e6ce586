/**
 * Answers to `app-media:` requests: which row an address names, and what goes back. A sound or a video comes from the
 * file that was fetched, in the parts the page asks for (RFC 9110, Range), so that it can be moved about in.
 */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Result } from '#common/base/result.ts'
import type { Picture } from '#electron/core/attachments/media.ts'
import { sniff } from '#electron/core/attachments/sniff.ts'
import { readHead } from './fileHead.ts'

export interface MediaSource {
  picture(accountId: string, messageId: number): Promise<Result<Picture>>
  /** Path of a file that is here whole, or null. */
  file(accountId: string, messageId: number): Promise<string | null>
}

export interface NamedMedia {
  readonly accountId: string
  readonly messageId: number
  readonly isFile: boolean
}

/** The row an address names, or null for anything else. */
export function namedMedia(url: string): NamedMedia | null {
  const found = /^app-media:\/\/([0-9a-f-]{36})\/(file\/)?([1-9]\d{0,14})$/.exec(url)
  const [, accountId, file, digits] = found ?? []
  if (accountId === undefined || digits === undefined) return null
  return { accountId, messageId: Number(digits), isFile: file !== undefined }
}

const guards = {
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const

export async function answerMedia(
  request: Pick<Request, 'method' | 'url' | 'headers'>,
  source: MediaSource,
): Promise<Response> {
  const named = request.method === 'GET' ? namedMedia(request.url) : null
  if (named === null) return new Response('not found', { status: 404 })
  const { accountId, messageId, isFile } = named
  if (isFile) {
    const path = await source.file(accountId, messageId)
    return path === null ? notAvailable() : filePart(path, request.headers.get('range'))
  }
  const opened = await source.picture(accountId, messageId)
  if (!opened.ok) return notAvailable()
  const { bytes, mime } = opened.value
  return new Response(new Uint8Array(bytes), {
    headers: { ...guards, 'content-type': mime, 'content-length': String(bytes.byteLength) },
  })
}

function notAvailable(): Response {
  return new Response('not available', { status: 404 })
}

/** First and last byte of the one range asked for; null for all of it, `none` for what the file does not have. */
export function askedRange(header: string | null, size: number): { first: number; last: number } | null | 'none' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return null
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first > last || first >= size ? 'none' : { first, last }
}

async function filePart(path: string, asked: string | null): Promise<Response> {
  const { head, size } = await readHead(path)
  const { kind, mime } = sniff(head)
  // Whatever else it is, a page has no use for it.
  if (kind !== 'voice' && kind !== 'video') return notAvailable()
  const headers = { ...guards, 'content-type': mime, 'accept-ranges': 'bytes' }
  const range = askedRange(asked, size)
  if (range === 'none') {
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } })
  }
  const { first, last } = range ?? { first: 0, last: size - 1 }
  const stream = Readable.toWeb(createReadStream(path, { start: first, end: last })) as ReadableStream<Uint8Array>
  return new Response(stream, {
    status: range === null ? 200 : 206,
    headers: {
      ...headers,
      'content-length': String(last - first + 1),
      ...(range !== null && { 'content-range': `bytes ${first}-${last}/${size}` }),
    },
  })
}
