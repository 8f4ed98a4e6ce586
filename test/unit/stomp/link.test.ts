import { afterEach, describe, expect, it, vi } from 'vitest'
import { appError } from '#common/base/errors.ts'
import { closeWithinMs, frameRestWithinMs } from '#electron/adapters/stomp/link.ts'
import { type Client, ManualClock, RawServer, type RawServerOptions, Recorder, messageFrame } from './rawServer.ts'

const cleanup: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo()
})

async function startServer(options?: RawServerOptions): Promise<RawServer> {
  const server = await RawServer.start(options)
  cleanup.push(() => server.stop())
  return server
}

function open(
  url: string,
  options: Partial<ConstructorParameters<typeof Recorder>[0]> = {},
  clock?: ManualClock,
): Recorder {
  const recorder = new Recorder({ url, ...options }, clock)
  cleanup.push(() => recorder.link.drop(appError('link.closed')))
  return recorder
}

/** A link that stands, and the server's side of it. */
async function connect(
  options: Partial<ConstructorParameters<typeof Recorder>[0]> = {},
  connectedHeaders?: string,
  clock?: ManualClock,
): Promise<{ recorder: Recorder; client: Client; server: RawServer }> {
  const server = await startServer()
  const recorder = open(server.url, options, clock)
  const client = await server.client()
  await client.accept(connectedHeaders)
  await recorder.connected()
  return { recorder, client, server }
}

describe('connecting', () => {
  it('offers v12.stomp without Origin or compression, writes CONNECT as asked, and tells in order', async () => {
    const server = await startServer()
    const recorder = open(`${server.url}?token=a.b.c`, { heartbeat: { outgoingMs: 10_000, incomingMs: 10_000 } })
    expect(recorder.calls).toEqual([])
    const client = await server.client()
    await client.accept('heart-beat:20000,5000\nserver:spring\n')
    await recorder.connected()

    const { headers, url } = client.request
    expect(url).toBe('/ws?token=a.b.c')
    expect(headers['sec-websocket-protocol']).toBe('v12.stomp')
    expect(headers.origin).toBeUndefined()
    expect(headers['sec-websocket-extensions']).toBeUndefined()
    expect(client.messages).toHaveLength(1)
    expect(client.messages[0]?.isBinary).toBe(false)
    expect(client.received.split('\n').sort()).toEqual(
      [
        'CONNECT',
        'Authorization:Bearer a.b.c',
        'accept-version:1.2',
        'heart-beat:10000,10000',
        'host:127.0.0.1',
        '',
        '\0',
      ].sort(),
    )
    expect(recorder.calls).toEqual(['open', 'connected'])
    expect(recorder.heartbeat).toEqual({ outgoingMs: 10_000, incomingMs: 20_000 })
  })

  it.each([
    ['0,0', { outgoingMs: 0, incomingMs: 0 }],
    ['5000,0', { outgoingMs: 0, incomingMs: 10_000 }],
    ['nonsense,-3', { outgoingMs: 0, incomingMs: 0 }],
    ['99999999999,99999999999', { outgoingMs: 0, incomingMs: 0 }],
    ['', { outgoingMs: 0, incomingMs: 0 }],
  ])('agrees on heart-beats with a server that says %j', async (said, agreed) => {
    const { recorder, client } = await connect(
      { heartbeat: { outgoingMs: 10_000, incomingMs: 10_000 } },
      said === '' ? '' : `heart-beat:${said}\n`,
    )
    expect(recorder.heartbeat).toEqual(agreed)
    expect(client.messages).toHaveLength(1)
  })

  it('sends the heart-beats that were agreed, and hears those of the server', async () => {
    const { recorder, client } = await connect({ heartbeat: { outgoingMs: 20, incomingMs: 20 } }, 'heart-beat:20,20\n')
    await client.until(() => client.messages.filter(({ bytes }) => bytes.toString() === '\n').length >= 2)
    const before = recorder.alive
    client.socket.send('\n')
    await recorder.until(() => recorder.alive > before)
    expect(recorder.frames).toEqual([])
  })

  it('tells answers to its own pings from pongs that nobody asked for, and which address it uses', async () => {
    const { recorder, client } = await connect()
    client.socket.pong('0')
    client.socket.pong('unasked')
    client.socket.send(messageFrame('{}'))
    await recorder.until(() => recorder.frames.length === 1)
    expect(recorder.pongs).toEqual([])
    recorder.link.ping()
    recorder.link.ping()
    await recorder.until(() => recorder.pongs.length > 0)
    client.socket.send(messageFrame('{}'))
    await recorder.until(() => recorder.frames.length === 2)
    expect(recorder.pongs).toHaveLength(1)
    expect(recorder.pongs[0]).toBeGreaterThanOrEqual(0)
    expect(recorder.link.localAddress).toBe('127.0.0.1')
  })

  it('shows life long before a big message is whole', async () => {
    const { recorder, client } = await connect()
    const message = messageFrame('x'.repeat(200_000), { type: 'application/octet-stream' })
    const before = recorder.bytes
    client.socket.send(message.subarray(0, 150_000), { fin: false })
    await recorder.until(() => recorder.bytes - before >= 150_000)
    expect(recorder.frames).toEqual([])
    client.socket.send(message.subarray(150_000), { fin: true })
    await recorder.until(() => recorder.frames.length === 1)
  })

  it('a jump of the wall clock ends nothing, and an ended link leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    cleanup.push(() => vi.useRealTimers())
    const heartbeat = { outgoingMs: 10_000, incomingMs: 10_000 }
    const { recorder, client } = await connect({ heartbeat }, 'heart-beat:10000,10000\n')
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(10_000)
    expect(recorder.end).toBeNull()
    await client.until(() => client.messages.at(-1)?.bytes.toString() === '\n')
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    recorder.link.drop(appError('link.offline'))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with link.noAnswer when CONNECT is never answered', async () => {
    const clock = new ManualClock()
    const server = await startServer()
    const recorder = open(server.url, { connectTimeoutMs: 10_000 }, clock)
    const client = await server.client()
    await client.untilReceived('CONNECT\n')
    clock.advance(10_000)
    expect((await recorder.ended()).problem.code).toBe('link.noAnswer')
    await client.until(() => client.closeCode !== null)
  })

  it('ends with link.timedOut when the WebSocket never opens', async () => {
    const clock = new ManualClock()
    const asked = Promise.withResolvers<undefined>()
    const server = await startServer({
      onUpgrade: () => {
        asked.resolve(undefined)
        return true
      },
    })
    const recorder = open(server.url, { connectTimeoutMs: 10_000 }, clock)
    await asked.promise
    clock.advance(10_000)
    expect((await recorder.ended()).problem.code).toBe('link.timedOut')
    expect(clock.pending).toBe(0)
  })

  it('refuses another STOMP version, and CONNECTED that nobody asked for twice costs nothing', async () => {
    const server = await startServer()
    const other = open(server.url)
    const client = await server.client()
    await client.untilReceived('CONNECT\n')
    client.socket.send('CONNECTED\nversion:1.1\n\n\0')
    expect((await other.ended()).problem).toEqual(appError('link.protocol', 'STOMP version'))

    const { recorder, client: second } = await connect()
    second.socket.send('CONNECTED\nversion:1.2\n\n\0')
    second.socket.send(messageFrame('{"after":1}'))
    await recorder.until(() => recorder.frames.length === 1)
    expect(recorder.calls.filter((call) => call === 'connected')).toHaveLength(1)
  })

  it('never writes a header value that breaks the line', async () => {
    const server = await startServer()
    const recorder = open(server.url, { connectHeaders: { Authorization: 'Bearer x\nadmin:true' } })
    expect((await recorder.ended()).problem.code).toBe('link.invalid')
  })

  it.each(['not an address', 'http//x', 'ws://', 'ws://127.0.0.1:99999/ws'])(
    'answers the address %j with link.invalid, after open has returned',
    async (url) => {
      const recorder = open(url)
      expect(recorder.end).toBeNull()
      expect((await recorder.ended()).problem.code).toBe('link.invalid')
    },
  )
})

describe('ends', () => {
  it('is refused where nobody listens', async () => {
    const server = await RawServer.start()
    const { url } = server
    await server.stop()
    expect((await open(url).ended()).problem).toEqual(appError('link.refused', 'ECONNREFUSED'))
  })

  it.each([
    [401, '', 'session.unauthorized', null],
    [403, '', 'link.httpForbidden', null],
    [404, '', 'link.httpNotFound', null],
    [429, 'Retry-After: 7\r\n', 'link.httpTooMany', 7_000],
    [
      503,
      'Date: Fri, 20 Nov 2026 10:00:00 GMT\r\nRetry-After: Fri, 20 Nov 2026 10:00:30 GMT\r\n',
      'link.httpServerError',
      30_000,
    ],
    [502, 'Retry-After: soon\r\n', 'link.httpServerError', null],
    [200, 'Content-Type: text/html\r\n', 'link.httpUnexpected', null],
    [302, 'Location: https://elsewhere.invalid/login\r\n', 'link.httpUnexpected', null],
  ])('names an HTTP %i in place of the upgrade', async (status, headers, code, retryAfterMs) => {
    const server = await startServer({
      onUpgrade: (_, socket) => {
        socket.end(`HTTP/1.1 ${status} Whatever\r\n${headers}Content-Length: 2\r\nConnection: close\r\n\r\nno`)
        return true
      },
    })
    const end = await open(`${server.url}?token=secret`).ended()
    expect(end.problem.code).toBe(code)
    expect(end.problem.data).toEqual({ status })
    expect(end.retryAfterMs).toBe(retryAfterMs)
    expect(JSON.stringify(end)).not.toMatch(/secret|elsewhere/)
  })

  it('names a server that is no HTTP server', async () => {
    const server = await startServer({
      onUpgrade: (_, socket) => {
        socket.end('SSH-2.0-OpenSSH_9.2\r\n')
        return true
      },
    })
    expect((await open(server.url).ended()).problem.code).toBe('link.protocol')
  })

  it.each([['v10.stomp'], [false as const]])('refuses the sub-protocol %j', async (protocol) => {
    const server = await startServer({ protocol })
    expect((await open(server.url).ended()).problem).toEqual(appError('link.protocol', 'sub-protocol'))
  })

  it('names a server without TLS where TLS was asked for', async () => {
    const server = await startServer()
    expect((await open(server.url.replace('ws:', 'wss:')).ended()).problem.code).toBe('link.tls')
  })

  it.each([
    [1000, 'link.closed'],
    [1001, 'link.serverStopping'],
    [1002, 'link.protocol'],
    [1003, 'link.protocol'],
    [1007, 'link.protocol'],
    [1008, 'link.httpForbidden'],
    [1009, 'link.tooBig'],
    [1011, 'link.httpServerError'],
    [1012, 'link.serverStopping'],
    [4500, 'link.tooSlow'],
  ])('names close code %i', async (closeCode, code) => {
    const { recorder, client } = await connect()
    client.socket.close(closeCode, 'words of the server')
    const { problem } = await recorder.ended()
    expect(problem).toEqual(appError(code as 'link.closed', `close ${closeCode}`, { closeCode }))
  })

  it('takes a connection that is just gone as closed', async () => {
    const { recorder, client } = await connect()
    client.socket.terminate()
    expect((await recorder.ended()).problem.code).toBe('link.closed')
  })

  it('hands over an ERROR frame unescaped and closes a socket that the server leaves open', async () => {
    const { recorder, client } = await connect()
    client.socket.send(`ERROR\nmessage:Session\\cclosed\\nnow\ncontent-length:5000\n\n${'x'.repeat(5000)}\0`)
    client.socket.send(messageFrame('{}'))
    const end = await recorder.ended()
    expect(end.serverError).toEqual({ message: 'Session:closed\nnow', body: 'x'.repeat(2048) })
    expect(end.problem).toEqual(appError('link.protocol', 'ERROR frame'))
    await client.until(() => client.closeCode !== null)
    expect(recorder.frames).toEqual([])
    expect(recorder.calls.at(-1)).toBe('end')
  })

  it('hands over what an ERROR says it is about', async () => {
    const { recorder, client } = await connect()
    client.socket.send('ERROR\nmessage:no\nreceipt-id:sub-a\\cb\ndestination:/topic/a\n\n\0')
    const end = await recorder.ended()
    expect(end.serverError).toEqual({ message: 'no', body: '', receiptId: 'sub-a:b', destination: '/topic/a' })
  })

  it('hands over an ERROR that comes in place of CONNECTED', async () => {
    const server = await startServer()
    const recorder = open(server.url)
    const client = await server.client()
    await client.untilReceived('CONNECT\n')
    client.socket.send('ERROR\nmessage:Unauthorized\n\nUnauthorized\n\0')
    expect((await recorder.ended()).serverError).toEqual({ message: 'Unauthorized', body: 'Unauthorized\n' })
    expect(recorder.calls).toEqual(['open', 'end'])
  })

  it('says DISCONNECT, waits for its receipt, and ends once', async () => {
    const { recorder, client } = await connect()
    recorder.link.close()
    recorder.link.close()
    expect(recorder.end).toBeNull()
    expect(recorder.link.send({ destination: '/app/x', headers: {}, body: 'x' }, null)).toBe(false)
    await client.untilReceived('DISCONNECT\n')
    const receipt = /receipt:(.*)/.exec(client.received)?.[1] ?? ''
    client.socket.send(`RECEIPT\nreceipt-id:${receipt}\n\n\0`)
    await client.until(() => client.closeCode !== null)
    expect(client.closeCode).toBe(1000)
    expect((await recorder.ended()).problem.code).toBe('link.closed')
    expect(recorder.calls.filter((call) => call === 'end')).toHaveLength(1)
    expect(recorder.receipts).toEqual([])
  })

  it('does not wait for ever for the answer to DISCONNECT, nor while it is paused', async () => {
    const clock = new ManualClock()
    const { recorder, client } = await connect({}, undefined, clock)
    recorder.link.pause()
    recorder.link.close()
    await client.untilReceived('DISCONNECT\n')
    clock.advance(closeWithinMs)
    expect((await recorder.ended()).problem).toEqual(appError('link.closed', 'closed here'))
    expect(clock.pending).toBe(0)
  })

  it('is dropped at once, saying nothing, and is dead afterwards', async () => {
    const { recorder, client } = await connect()
    recorder.link.drop(appError('link.silent'))
    expect(recorder.end?.problem.code).toBe('link.silent')
    recorder.link.subscribe('a', '/b')
    recorder.link.ping()
    recorder.link.pause()
    recorder.link.resume()
    recorder.link.close()
    expect(recorder.link.send({ destination: '/app/x', headers: {}, body: 'x' }, null)).toBe(false)
    await client.until(() => client.closeCode !== null)
    expect(client.received).not.toContain('DISCONNECT')
    expect(recorder.calls.filter((call) => call === 'end')).toHaveLength(1)
  })

  it('can be closed before it stands', async () => {
    const server = await startServer()
    const recorder = open(server.url)
    recorder.link.close()
    expect((await recorder.ended()).problem.code).toBe('link.closed')
    expect(recorder.calls).toEqual(['end'])
  })
})

describe('a way that is not offered', () => {
  const answering = (answer: string): RawServerOptions => ({
    onUpgrade: (_, socket) => {
      socket.end(answer)
      return true
    },
  })

  it.each([400, 404, 405, 406, 410, 415, 426, 501, 200])(
    'is told by HTTP %i in place of the upgrade',
    async (status) => {
      const server = await startServer(answering(`HTTP/1.1 ${status} Whatever\r\nConnection: close\r\n\r\n`))
      for (const way of ['webSocket', 'webSocketPath'] as const) {
        expect((await open(server.url, { way }).ended()).notOffered).toBe('way')
      }
    },
  )

  it.each([301, 302, 401, 403, 407, 429, 500, 502, 503, 511])('is not meant by HTTP %i', async (status) => {
    const server = await startServer(answering(`HTTP/1.1 ${status} Whatever\r\nConnection: close\r\n\r\n`))
    expect((await open(server.url).ended()).notOffered).toBeUndefined()
  })

  it.each<[string, RawServerOptions]>([
    ['a handshake that is cut off', answering('')],
    ['an upgrade to something else', answering('HTTP/1.1 101 Yes\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n')],
    ['a wrong sub-protocol', { protocol: 'v10.stomp' }],
    ['no sub-protocol', { protocol: false }],
  ])('is told by %s', async (_, options) => {
    const server = await startServer(options)
    expect((await open(server.url).ended()).notOffered).toBe('way')
  })

  it('is not meant by a host that cannot be reached, nor by one that speaks no HTTP', async () => {
    const gone = await RawServer.start()
    const { url } = gone
    await gone.stop()
    expect((await open(url).ended()).notOffered).toBeUndefined()
    const other = await startServer(answering('SSH-2.0-OpenSSH_9.2\r\n'))
    expect((await open(other.url).ended()).notOffered).toBeUndefined()
  })

  it('is told for all WebSockets by an upgrade that is swallowed', async () => {
    const clock = new ManualClock()
    const asked = Promise.withResolvers<undefined>()
    const server = await startServer({
      onUpgrade: () => {
        asked.resolve(undefined)
        return true
      },
    })
    const recorder = open(server.url, { connectTimeoutMs: 10_000 }, clock)
    await asked.promise
    clock.advance(10_000)
    expect(await recorder.ended()).toMatchObject({ notOffered: 'webSockets', problem: { code: 'link.timedOut' } })
  })

  it('is not meant once the WebSocket stands', async () => {
    const { recorder, client } = await connect()
    client.socket.terminate()
    expect((await recorder.ended()).notOffered).toBeUndefined()
  })

  it('differs by its path alone: the plain WebSocket beside SockJS keeps the query', async () => {
    const server = await startServer()
    const recorder = open(`${server.url}/?token=a.b.c`, { way: 'webSocketPath' })
    const client = await server.client()
    await client.accept()
    await recorder.connected()
    expect(client.request.url).toBe('/ws/websocket?token=a.b.c')
  })
})

describe('what comes in', () => {
  it('delivers a frame as it came', async () => {
    const { recorder, client } = await connect()
    client.socket.send(
      'MESSAGE\ndestination:/topic/a\\cb\nmessage-id:1-2\ncontent-type:application/json;charset=UTF-8\ncontent-length:9\ndestination:/second\n\n{"a":"é"}\0\n',
    )
    await recorder.until(() => recorder.frames.length === 1)
    const [frame] = recorder.frames
    expect(frame?.destination).toBe('/topic/a:b')
    expect(frame?.contentType).toBe('application/json;charset=UTF-8')
    expect(frame?.headers['message-id']).toBe('1-2')
    expect(recorder.texts).toEqual(['{"a":"é"}'])
  })

  it('delivers 100 frames of one WebSocket message in order', async () => {
    const { recorder, client } = await connect()
    const bodies = Array.from({ length: 100 }, (_, index) => `{"n":${index}}`)
    client.socket.send(Buffer.concat(bodies.map((body) => messageFrame(body))))
    await recorder.until(() => recorder.frames.length === 100)
    expect(recorder.texts).toEqual(bodies)
  })

  it('delivers a frame that comes byte by byte, each byte its own WebSocket message', async () => {
    const { recorder, client } = await connect()
    const binary = Buffer.from([0, 10, 0, 77, 0, 13, 10, 0])
    for (const frame of [messageFrame('{"t":"日本"}'), messageFrame(binary, { type: 'application/octet-stream' })]) {
      for (const byte of frame) client.socket.send(Buffer.from([byte]))
    }
    await recorder.until(() => recorder.frames.length === 2)
    expect(recorder.texts[0]).toBe('{"t":"日本"}')
    expect(Buffer.from(recorder.frames[1]?.body ?? [])).toEqual(binary)
  })

  it('delivers a frame split over WebSocket messages, text and binary mixed', async () => {
    const { recorder, client } = await connect()
    const frame = messageFrame('{"t":"split in the middle"}')
    client.socket.send(frame.subarray(0, 5).toString())
    client.socket.send(frame.subarray(5, 70))
    client.socket.send(Buffer.concat([frame.subarray(70), messageFrame('{"next":1}')]))
    await recorder.until(() => recorder.frames.length === 2)
    expect(recorder.texts).toEqual(['{"t":"split in the middle"}', '{"next":1}'])
  })

  it('delivers binary bodies with NULs and with bytes that look like frames', async () => {
    const { recorder, client } = await connect()
    const forged = Buffer.concat([Buffer.from([0]), messageFrame('{"forged":true}')])
    client.socket.send(messageFrame(forged, { type: 'application/octet-stream' }))
    await recorder.until(() => recorder.frames.length === 1)
    expect(Buffer.from(recorder.frames[0]?.body ?? [])).toEqual(forged)
  })

  it.each([
    ['too short', 3],
    ['too long', 40],
    ['far too long', 3_000_000],
    ['longer than any frame', 99_999_999_999],
    ['no number', Number.NaN],
  ])('delivers a JSON frame whose content-length is %s, and the next one', async (_, length) => {
    const { recorder, client } = await connect()
    client.socket.send(messageFrame('{"bad":"length"}', { length }))
    await recorder.until(() => recorder.frames.length === 1)
    client.socket.send(messageFrame('{"next":1}'))
    await recorder.until(() => recorder.frames.length === 2)
    expect(recorder.texts).toEqual(['{"bad":"length"}', '{"next":1}'])
    expect(recorder.frames[0]?.headers['content-length']).toBe(String(length))
  })

  it.each([
    ['text/plain', 3],
    ['text/plain', 40],
    [null, 3],
    [null, 4_000],
    ['application/octet-stream', 3],
    ['application/octet-stream', 99_999_999],
  ])('a %j frame with a wrong content-length of %i does not eat the next one', async (type, length) => {
    const { recorder, client } = await connect()
    client.socket.send(messageFrame('bad length', { type, length }))
    client.socket.send(messageFrame('{"next":1}'))
    await recorder.until(() => recorder.frames.length === 2)
    expect(recorder.texts).toEqual(['bad length', '{"next":1}'])
  })

  it('a binary frame whose content-length is too long is closed by the frame that shows it', async () => {
    const { recorder, client } = await connect()
    client.socket.send(messageFrame('0123456789', { type: 'application/octet-stream', length: 30 }))
    client.socket.send('\n')
    client.socket.send(messageFrame('{"next":1}'))
    client.socket.send(messageFrame('{"next":2}'))
    await recorder.until(() => recorder.frames.length === 3)
    expect(recorder.texts).toEqual(['0123456789', '{"next":1}', '{"next":2}'])
  })

  it('a frame that claims more than ever comes is closed after a while', async () => {
    const clock = new ManualClock()
    const { recorder, client } = await connect({}, undefined, clock)
    const before = recorder.alive
    client.socket.send(messageFrame('0123456789', { type: 'application/octet-stream', length: 1000 }))
    await recorder.until(() => recorder.alive > before)
    recorder.link.pause()
    clock.advance(frameRestWithinMs)
    expect(recorder.frames).toEqual([])
    recorder.link.resume()
    clock.advance(frameRestWithinMs)
    expect(recorder.texts).toEqual(['0123456789'])
    expect(recorder.end).toBeNull()
  })

  it('a frame that never ends ends the link, so that a new one begins clean', async () => {
    const clock = new ManualClock()
    const { recorder, client } = await connect({}, undefined, clock)
    const before = recorder.alive
    client.socket.send('MESSAGE\ndestination:/topic/a\n\nno NUL')
    await recorder.until(() => recorder.alive > before)
    clock.advance(frameRestWithinMs)
    expect((await recorder.ended()).problem).toEqual(appError('link.protocol', 'unfinished frame'))
  })

  it('bytes that are no frame are counted, and the next frame arrives', async () => {
    const { recorder, client } = await connect()
    client.socket.send('<html>\0MESSAGE\ndestination:/forged\n\n{}\0')
    client.socket.send(Buffer.from([0xff, 0xfe, 0xfd]))
    client.socket.send('MESSAGES\n\n\0')
    client.socket.send(messageFrame('{"next":1}'))
    await recorder.until(() => recorder.frames.length === 1)
    expect(recorder.texts).toEqual(['{"next":1}'])
    expect(recorder.faults.map(({ fault }) => fault)).toEqual(['bytesSkipped', 'bytesSkipped', 'bytesSkipped'])
  })

  it('5 MiB in one message, or in many, are too big', async () => {
    const whole = await connect()
    whole.client.socket.send(messageFrame('x'.repeat(5 * 1024 * 1024)))
    expect((await whole.recorder.ended()).problem.code).toBe('link.tooBig')

    const pieces = await connect()
    pieces.client.socket.send('MESSAGE\n\n')
    for (let index = 0; index < 5; index++) pieces.client.socket.send('x'.repeat(1024 * 1024))
    expect((await pieces.recorder.ended()).problem.code).toBe('link.tooBig')
  })

  it('text that is no UTF-8 ends the link with link.protocol', async () => {
    const { recorder, client } = await connect()
    client.socket.send(Buffer.from([0xc3, 0x28]), { binary: false })
    expect((await recorder.ended()).problem).toEqual(appError('link.protocol', 'WS_ERR_INVALID_UTF8'))
  })

  it('a listener that throws is told of, and hears the next frame', async () => {
    const { recorder, client } = await connect()
    const bug = new Error('bug')
    recorder.onFrame = () => {
      throw bug
    }
    client.socket.send(messageFrame('{"n":1}'))
    client.socket.send(messageFrame('{"n":2}'))
    await recorder.until(() => recorder.faults.length === 2)
    expect(recorder.texts).toEqual(['{"n":1}', '{"n":2}'])
    expect(recorder.faults[0]).toEqual({ fault: 'listenerThrew', error: bug })
  })

  it('a listener that drops the link hears nothing more, not even of the same WebSocket message', async () => {
    const { recorder, client } = await connect()
    recorder.onFrame = () => recorder.link.drop(appError('link.silent'))
    client.socket.send(Buffer.concat([messageFrame('{"n":1}'), messageFrame('{"n":2}')]))
    await recorder.ended()
    expect(recorder.texts).toEqual(['{"n":1}'])
    expect(recorder.calls.at(-1)).toBe('end')
  })

  it('answers a ping of ours with a sign of life', async () => {
    const { recorder, client } = await connect()
    const before = recorder.alive
    recorder.link.ping()
    await recorder.until(() => recorder.alive > before)
    client.socket.ping()
    await recorder.until(() => recorder.alive > before + 1)
  })

  it('reads nothing while paused, and everything afterwards', async () => {
    const { recorder, client } = await connect()
    recorder.link.pause()
    // More than the buffers between here and there hold: the server feels it.
    const body = JSON.stringify({ filler: 'x'.repeat(60_000) })
    let written = 0
    for (let index = 0; index < 400; index++) client.socket.send(messageFrame(body), () => written++)
    // The same on a link that reads: by then the paused one would have had its time, too.
    const other = await connect()
    for (let index = 0; index < 400; index++) other.client.socket.send(messageFrame(body))
    await other.recorder.until(() => other.recorder.frames.length === 400)
    expect(recorder.frames.length).toBeLessThan(100)
    expect(written).toBeLessThan(400)
    recorder.link.resume()
    await recorder.until(() => recorder.frames.length === 400)
    expect(recorder.texts.every((text) => text === body)).toBe(true)
  })
})

describe('what goes out', () => {
  it('subscribes each id once and unsubscribes it once', async () => {
    const { recorder, client } = await connect()
    recorder.link.subscribe('group-a:b', '/topic/conversation/a:b\n')
    recorder.link.subscribe('group-a:b', '/topic/conversation/a:b\n')
    recorder.link.unsubscribe('group-a:b')
    recorder.link.unsubscribe('group-a:b')
    recorder.link.send({ destination: '/app/last', headers: {}, body: '{}' }, null)
    await client.untilReceived('/app/last')
    const frames = client.received.split('\0')
    expect(frames.slice(1, 4)).toEqual([
      'SUBSCRIBE\nid:group-a\\cb\nreceipt:sub-group-a\\cb\ndestination:/topic/conversation/a\\cb\\n\n\n',
      'UNSUBSCRIBE\nid:group-a\\cb\n\n',
      expect.stringMatching(/^SEND\n/),
    ])
  })

  it('asks for a receipt and hands it over', async () => {
    const { recorder, client } = await connect()
    const headers = { 'content-type': 'application/json' }
    expect(recorder.link.send({ destination: '/app/chat', headers, body: '{"t":"é"}' }, 'r:1')).toBe(true)
    await client.untilReceived('{"t":"é"}')
    expect(client.received).toContain(
      'SEND\ndestination:/app/chat\ncontent-type:application/json\nreceipt:r\\c1\ncontent-length:10\n\n{"t":"é"}\0',
    )
    client.socket.send('RECEIPT\nreceipt-id:r\\c1\n\n\0')
    await recorder.until(() => recorder.receipts.length === 1)
    expect(recorder.receipts).toEqual(['r:1'])
  })

  it('takes nothing before CONNECTED', async () => {
    const server = await startServer()
    const recorder = open(server.url)
    const client = await server.client()
    await client.untilReceived('CONNECT\n')
    expect(recorder.link.send({ destination: '/app/chat', headers: {}, body: '{}' }, null)).toBe(false)
    recorder.link.subscribe('a', '/b')
    await client.accept()
    await recorder.connected()
    expect(recorder.link.send({ destination: '/app/chat', headers: {}, body: '{}' }, null)).toBe(true)
    await client.untilReceived('/app/chat')
    expect(client.received).not.toContain('SUBSCRIBE')
  })

  it('cuts a big binary body into binary messages of at most 8,192 bytes', async () => {
    const { recorder, client } = await connect()
    const body = new Uint8Array(50_000).map((_, index) => index % 256)
    recorder.link.send({ destination: '/app/bytes', headers: {}, body }, null)
    await client.until(() => client.messages.reduce((sum, { bytes }) => sum + bytes.length, 0) > 50_000)
    const sent = client.messages.slice(1)
    expect(sent.every(({ isBinary, bytes }) => isBinary && bytes.length <= 8_192)).toBe(true)
    const whole = Buffer.concat(sent.map(({ bytes }) => bytes))
    expect(whole.subarray(whole.indexOf('\n\n') + 2, -1)).toEqual(Buffer.from(body))
  })

  it('cuts a big text into text messages the server takes, never inside a character', async () => {
    const { recorder, client } = await connect()
    const body = JSON.stringify({ content: `x${'😀汉'.repeat(6_000)}` })
    recorder.link.send({ destination: '/app/chat', headers: {}, body }, null)
    await client.until(() => client.received.endsWith('\0') && client.messages.length > 1)
    const sent = client.messages.slice(1)
    expect(sent.length).toBeGreaterThan(3)
    for (const { isBinary, bytes } of sent) {
      expect(isBinary).toBe(false)
      expect(bytes.length).toBeLessThanOrEqual(16_640)
      expect(bytes.toString('utf8')).not.toContain('\ufffd')
    }
    expect(client.received).toContain(body)
  })
})
