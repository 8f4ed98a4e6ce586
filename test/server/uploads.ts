/**
 * `POST /upload` (multipart, bearer token) and `GET /files/<id>`: the attachment store the documents leave out.
 *
 * In memory. Files are given in parts where a part is asked for (`Range`, `If-Range`). Refuses what is larger than the server's `fileUploadLimit` before it has read all of it.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerToken } from './dialect.ts'
import { readBody, sendJson } from './http.ts'
import { multipartBoundary, parseMultipart } from './multipart.ts'
import type { Tokens } from './tokens.ts'

export interface Uploads {
  /** Answers the request when it is one of these two; false otherwise. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean
  readonly count: number
}

interface StoredFile {
  readonly name: string
  readonly contentType: string
  readonly bytes: Buffer
}

export interface UploadsOptions {
  readonly tokens: Tokens
  readonly limitBytes: () => number
  readonly origin: () => string
}

export function createUploads({ tokens, limitBytes, origin }: UploadsOptions): Uploads {
  const files = new Map<string, StoredFile>()

  const upload = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const check = tokens.check(bearerToken(request.headers.authorization) ?? '')
    if (!check.ok) return sendJson(response, 401, { error: 'Unauthorized' })
    const boundary = multipartBoundary(request.headers['content-type'])
    if (boundary === null) return sendJson(response, 415, { error: 'not multipart/form-data' })
    // The envelope of the form is allowed for; the file itself is measured below.
    const body = await readBody(request, limitBytes() + 16_384)
    if (body === null) return sendJson(response, 413, { error: 'file is too large' })
    const file = parseMultipart(body, boundary)?.find((part) => part.name === 'file')
    if (file === undefined) return sendJson(response, 400, { error: 'no field "file"' })
    if (file.bytes.length > limitBytes()) return sendJson(response, 413, { error: 'file is too large' })
    const id = randomUUID()
    files.set(id, { name: file.filename ?? 'file', contentType: file.contentType, bytes: file.bytes })
    sendJson(response, 200, { url: `${origin()}/files/${id}`, size: file.bytes.length })
  }

  const download = (request: IncomingMessage, response: ServerResponse, id: string): void => {
    const file = files.get(id)
    if (file === undefined) return sendJson(response, 404, { error: 'no such file' })
    const size = file.bytes.length
    // The bytes behind an id never change.
    const etag = `"${id}"`
    const headers = {
      'content-type': file.contentType,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag,
    }
    const range = (request.headers['if-range'] ?? etag) === etag ? askedRange(request.headers.range, size) : null
    if (range === 'none') {
      response.writeHead(416, { ...headers, 'content-range': `bytes */${size}`, 'content-length': 0 }).end()
      return
    }
    const { first, last } = range ?? { first: 0, last: size - 1 }
    response.writeHead(range === null ? 200 : 206, {
      ...headers,
      'content-length': last - first + 1,
      ...(range !== null && { 'content-range': `bytes ${first}-${last}/${size}` }),
    })
    response.end(file.bytes.subarray(first, last + 1))
  }

  return {
    get count() {
      return files.size
    },
    handle(request, response, path) {
      if (path === '/upload' && request.method === 'POST') {
        upload(request, response).catch((error: unknown) => {
          // The client went away in the middle: there is nobody left to answer.
          response.destroy(error instanceof Error ? error : undefined)
        })
        return true
      }
      if (path.startsWith('/files/') && request.method === 'GET') {
        download(request, response, path.slice('/files/'.length))
        return true
      }
      return false
    },
  }
}

/** The first range asked for; null for none that is understood, `none` for one the file does not have. */
function askedRange(header: string | undefined, size: number): { first: number; last: number } | null | 'none' {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return null
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first > last ? 'none' : { first, last }
}
