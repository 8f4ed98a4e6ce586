import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { envelopeOf } from '#electron/adapters/http/multipart.ts'
import { outcomeOfBody, outcomeOfStatus } from '#electron/adapters/http/outcomes.ts'
import { createUpload } from '#electron/adapters/http/upload.ts'
import type { Running, UploadOutcome, UploadRequest } from '#electron/core/ports/media.ts'
import { multipartBoundary, parseMultipart } from '#test/server/multipart.ts'
import { createDemoServer } from '#test/server/server.ts'
import { type Handler, bigFile, bodyOf, serve, straight, tempDir } from './support.ts'

const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Handler =>
  (request, response) => {
    request.resume()
    request.once('end', () => response.writeHead(status, headers).end(JSON.stringify(body)))
  }

interface Given extends Partial<UploadRequest> {
  readonly url: string
  readonly size?: number
  readonly stallMs?: number
}

function start({ stallMs = 5_000, ...facts }: Given): Running<UploadOutcome> & { bytes: Buffer; progress: number[] } {
  const { path, bytes } = bigFile(facts.size ?? 1000)
  const progress: number[] = []
  const upload = createUpload({ ...straight, pathOf: () => path, now: () => Date.now(), stallMs })
  const running = upload({
    field: 'file',
    responsePath: 'url',
    token: 'aaa.bbb.ccc',
    file: 'x',
    name: 'a.png',
    mime: 'image/png',
    onProgress: (sent) => progress.push(sent),
    ...facts,
    size: bytes.length,
  })
  return { ...running, bytes, progress }
}

describe('the form', () => {
  const names = [
    'a.png',
    '报告（终版）.pdf',
    'with "quotes".txt',
    "it's; name=other.txt",
    'line\r\nbreak.txt',
    '😀.png',
  ]

  it.each(names)('brings %j and its bytes through another parser unharmed', (fileName) => {
    const bytes = Buffer.from('--not a boundary\r\n\r\n\0\x01\xff', 'latin1')
    const envelope = envelopeOf({
      field: 'file',
      fileName,
      mime: 'text/plain',
      size: bytes.length,
      boundary: 'b0undary',
    })
    const body = Buffer.concat([envelope.head, bytes, envelope.tail])
    expect(body).toHaveLength(envelope.contentLength)
    const boundary = multipartBoundary(envelope.contentType)
    const parts = parseMultipart(body, boundary ?? '')
    expect(parts).toHaveLength(1)
    const told = parts?.[0]?.filename?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n')
    expect({ ...parts?.[0], filename: told }).toEqual({
      name: 'file',
      filename: fileName,
      contentType: 'text/plain',
      bytes,
    })
  })

  it('is taken by the demo server, which gives the same bytes back', async () => {
    const server = await createDemoServer({ dialects: ['im2'] })
    try {
      const upload = start({ url: `${server.origin}/upload`, token: server.issueToken('alice'), size: 300_000 })
      const outcome = await upload.outcome
      if (outcome.result !== 'done') throw new Error(outcome.result)
      expect(outcome.url.startsWith(`${server.origin}/files/`)).toBe(true)
      const back = await fetch(outcome.url)
      expect(Buffer.from(await back.arrayBuffer()).equals(upload.bytes)).toBe(true)
      expect(back.headers.get('content-type')).toBe('image/png')
      const refused = await start({ url: `${server.origin}/upload`, token: 'x.y.z' }).outcome
      expect(refused).toMatchObject({ result: 'unauthorized', error: { code: 'attachment.unauthorized' } })
      server.control.policy({ fileUploadLimit: 0.1 })
      const tooBig = await start({ url: `${server.origin}/upload`, token: server.issueToken('alice'), size: 300_000 })
        .outcome
      expect(tooBig).toMatchObject({ result: 'refused', error: { code: 'attachment.tooBig' } })
    } finally {
      await server.close()
    }
  })
})

describe('an upload', () => {
  it('sends the token as a bearer and the length of all of it', async () => {
    let seen: Record<string, unknown> = {}
    let length = 0
    const origin = await serve((request, response) => {
      seen = request.headers
      void bodyOf(request).then((body) => {
        length = body.length
        response.end('{"data":{"link":"/files/7"}}')
      })
    })
    const { outcome } = start({ url: `${origin}/up?x=1`, responsePath: 'data.link', field: 'doc' })
    expect(await outcome).toEqual({ result: 'done', url: `${origin}/files/7` })
    expect(seen).toMatchObject({ authorization: 'Bearer aaa.bbb.ccc', 'content-length': String(length) })
    expect(seen['cookie']).toBeUndefined()
  })

  it('tells how many bytes of the file went out, up to all of them', async () => {
    const origin = await serve(answer(200, { url: 'https://files.example/1' }))
    const { outcome, progress } = start({ url: origin, size: 1_000_000 })
    expect(await outcome).toEqual({ result: 'done', url: 'https://files.example/1' })
    expect(progress.length).toBeGreaterThan(3)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1_000_000)
  })

  it('ends when nothing moves, and may be tried again', async () => {
    const origin = await serve((request) => void request.pause())
    const { outcome } = start({ url: origin, size: 20_000_000, stallMs: 150 })
    expect(await outcome).toMatchObject({ result: 'retry', error: { code: 'link.timedOut' } })
  })

  it('ends when the whole file went out and no answer comes', async () => {
    const origin = await serve((request) => void request.resume())
    const { outcome, progress } = start({ url: origin, stallMs: 150 })
    expect(await outcome).toMatchObject({ result: 'retry', error: { code: 'link.timedOut' } })
    expect(progress).toEqual([1000])
  })

  it('is given up in the middle: the server sees the connection end', async () => {
    const { promise: begun, resolve: onBegun } = Promise.withResolvers<IncomingMessage>()
    const { promise: closed, resolve: onClosed } = Promise.withResolvers<boolean>()
    const origin = await serve((request) => {
      request.once('close', () => onClosed(request.complete))
      request.once('data', () => {
        request.pause()
        onBegun(request)
      })
    })
    const { outcome, abort } = start({ url: origin, size: 20_000_000 })
    const request = await begun
    abort()
    expect(await outcome).toEqual({ result: 'aborted' })
    request.resume()
    expect(await closed).toBe(false)
  })

  it('ends at once when the server refuses before it has read all', async () => {
    const origin = await serve((_request, response) => void response.writeHead(413).end())
    const { outcome } = start({ url: origin, size: 20_000_000 })
    expect(await outcome).toMatchObject({
      result: 'refused',
      error: { code: 'attachment.tooBig', data: { size: 20_000_000 } },
    })
  })

  it('never follows a redirect to another origin, and tells it nothing', async () => {
    const visited: string[] = []
    const thief = await serve((request, response) => {
      visited.push(request.headers.authorization ?? 'no token')
      response.end('{"url":"https://files.example/stolen"}')
    })
    for (const status of [301, 302, 303, 307, 308]) {
      const origin = await serve(answer(status, {}, { location: `${thief}/up` }))
      expect(await start({ url: origin }).outcome).toMatchObject({ result: 'refused' })
    }
    expect(visited).toEqual([])
  })

  it('follows one that keeps method and origin, sending the file again', async () => {
    const sizes: number[] = []
    const origin = await serve((request, response) => {
      void bodyOf(request).then((body) => {
        sizes.push(body.length)
        if (request.url === '/up') response.writeHead(308, { location: '/v2/up' }).end()
        else response.end('{"url":"https://files.example/1"}')
      })
    })
    expect(await start({ url: `${origin}/up` }).outcome).toEqual({ result: 'done', url: 'https://files.example/1' })
    expect(sizes[0]).toBe(sizes[1])
  })

  it('does not go round in circles', async () => {
    let asked = 0
    const origin = await serve((request, response) => {
      asked++
      request.resume()
      request.once('end', () => response.writeHead(307, { location: '/again' }).end())
    })
    expect(await start({ url: origin }).outcome).toMatchObject({ result: 'refused' })
    expect(asked).toBe(4)
  })

  it('may be tried again when nobody is there', async () => {
    const origin = await serve(answer(200))
    const gone = origin.replace(/\d+$/, '1')
    expect(await start({ url: gone }).outcome).toMatchObject({ result: 'retry', error: { code: 'link.refused' } })
  })

  it('is refused when its copy is gone or not the size it was', async () => {
    const origin = await serve(answer(200, { url: 'https://files.example/1' }))
    const dir = tempDir()
    writeFileSync(join(dir, 'short'), 'abc')
    const upload = createUpload({ ...straight, pathOf: (file) => join(dir, file), now: () => 0 })
    const request = {
      url: origin,
      field: 'file',
      responsePath: 'url',
      token: 'a.b.c',
      name: 'n',
      mime: 'text/plain',
      size: 10,
      onProgress: () => undefined,
    }
    for (const file of ['gone', 'short']) {
      expect(await upload({ ...request, file }).outcome).toMatchObject({
        result: 'refused',
        error: { code: 'attachment.unreadable' },
      })
    }
  })

  it('goes the way the system names, which learns host and port and no more', async () => {
    const origin = await serve(answer(200, { url: 'https://files.example/1' }))
    const asked: string[] = []
    const upload = createUpload({
      ...straight,
      resolveProxy: (address) => {
        asked.push(address)
        // Nobody is at the first, so the second is taken.
        return Promise.resolve('PROXY 127.0.0.1:1; DIRECT')
      },
      pathOf: () => bigFile(10).path,
      now: () => 0,
    })
    const { outcome } = upload({
      url: `${origin}/up?secret=1`,
      field: 'file',
      responsePath: 'url',
      token: 'a.b.c',
      file: 'x',
      name: 'n',
      mime: 'text/plain',
      size: 10,
      onProgress: () => undefined,
    })
    expect(await outcome).toMatchObject({ result: 'done' })
    expect(asked).toEqual([`${origin}/`])
  })
})

describe('what an answer means', () => {
  const retryAfterMs = 7000
  it.each([
    [200, null],
    [201, null],
    [301, ['refused', 'attachment.refused']],
    [307, ['refused', 'attachment.refused']],
    [400, ['refused', 'attachment.refused']],
    [401, ['unauthorized', 'attachment.unauthorized']],
    [403, ['unauthorized', 'attachment.unauthorized']],
    [404, ['refused', 'attachment.refused']],
    [407, ['retry', 'link.httpServerError']],
    [408, ['retry', 'link.httpServerError']],
    [413, ['refused', 'attachment.tooBig']],
    [415, ['refused', 'attachment.refused']],
    [422, ['refused', 'attachment.refused']],
    [425, ['retry', 'link.httpServerError']],
    [429, ['retry', 'link.httpTooMany']],
    [500, ['retry', 'link.httpServerError']],
    [502, ['retry', 'link.httpServerError']],
    [503, ['retry', 'link.httpServerError']],
    [507, ['retry', 'link.httpServerError']],
  ])('status %i', (status, meaning) => {
    const outcome = outcomeOfStatus(status, 99, retryAfterMs)
    expect(outcome === null ? null : [outcome.result, 'error' in outcome ? outcome.error.code : '']).toEqual(meaning)
    if (outcome?.result === 'retry') expect(outcome.retryAfterMs).toBe(retryAfterMs)
  })

  const endpoint = 'https://chat.example/api/upload'
  it.each([
    ['{"url":"https://files.example/1"}', 'url', 'https://files.example/1'],
    ['{"url":"/files/1"}', 'url', 'https://chat.example/files/1'],
    ['{"url":"1.png"}', 'url', 'https://chat.example/api/1.png'],
    ['{"data":{"items":{"href":"//cdn.example/1"}}}', 'data.items.href', 'https://cdn.example/1'],
    ['{"url":"http://127.0.0.1:80/1"}', 'url', 'http://127.0.0.1/1'],
  ])('%s at %s is %s', (body, path, url) => {
    expect(outcomeOfBody(Buffer.from(body), path, endpoint)).toEqual({ result: 'done', url })
  })

  it.each([
    ['{"url":"http://files.example/1"}', 'url'],
    ['{"url":"file:///etc/passwd"}', 'url'],
    ['{"url":"javascript:alert(1)"}', 'url'],
    ['{"url":"https://user:pass@files.example/"}', 'url'],
    ['{"url":""}', 'url'],
    ['{"url":7}', 'url'],
    ['{"url":{"x":1}}', 'url'],
    ['{}', '__proto__.url'],
    ['{}', 'constructor'],
    ['<html>sign in to this network</html>', 'url'],
    ['', 'url'],
  ])('%s names no address', (body, path) => {
    expect(outcomeOfBody(Buffer.from(body), path, endpoint)).toMatchObject({
      result: 'refused',
      error: { code: 'attachment.noAddress' },
    })
  })

  it('an address without end is none', () => {
    const body = Buffer.from(JSON.stringify({ url: `https://files.example/${'x'.repeat(5000)}` }))
    expect(outcomeOfBody(body, 'url', endpoint)).toMatchObject({ error: { code: 'attachment.noAddress' } })
  })

  it('an answer without end is not read to its end', async () => {
    const origin = await serve((request, response) => {
      request.resume()
      const pour = (): void => {
        while (response.write('x'.repeat(65_536)));
      }
      response.on('drain', pour)
      request.once('end', pour)
    })
    expect(await start({ url: origin }).outcome).toMatchObject({
      result: 'refused',
      error: { code: 'attachment.noAddress' },
    })
  })

  it('an answer that is no HTTP may pass', async () => {
    const origin = await serve((request) => void request.socket.end('hello\r\n\r\n'))
    expect(await start({ url: origin }).outcome).toMatchObject({ result: 'retry' })
  })
})
