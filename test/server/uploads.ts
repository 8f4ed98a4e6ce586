/**
 * `POST /upload` (multipart, bearer token) and `GET /files/<id>`: the attachment store the documents leave out.
 *
 * In memory. Refuses what is larger than the server's `fileUploadLimit` before it has read all of it.
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

  const download = (response: ServerResponse, id: string): void => {
    const file = files.get(id)
    if (file === undefined) return sendJson(response, 404, { error: 'no such file' })
    response.writeHead(200, {
      'content-type': file.contentType,
      'content-length': file.bytes.length,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'x-content-type-options': 'nosniff',
    })
    response.end(file.bytes)
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
        download(response, path.slice('/files/'.length))
        return true
      }
      return false
    },
  }
}
