import { afterEach, describe, expect, it } from 'vitest'
import { type ErrorCode, appError } from '#common/base/errors.ts'
import { maxFrameBytes } from '#electron/adapters/stomp/frameReader.ts'
import { readSockJsFrame } from '#electron/adapters/stomp/sockJsFrames.ts'
import { createEndpoint } from '#electron/core/endpoint.ts'
import type { NotOffered, Way } from '#electron/core/ports/transport.ts'
import { heldWay } from '#electron/core/wayMemory.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { type DemoServer, type DemoServerOptions, createDemoServer } from '#test/server/server.ts'
import { type HandMadeOptions, HandMadeSockJs } from './handMadeSockJs.ts'
import { ManualClock, RawServer, Recorder, type RecorderOptions, messageFrame } from './rawServer.ts'

const cleanup: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo()
})

function open(
  options: ConstructorParameters<typeof Recorder>[0],
  clock?: ManualClock,
  further?: RecorderOptions,
): Recorder {
  const recorder = new Recorder(options, clock, further)
  cleanup.push(() => recorder.link.drop(appError('link.closed')))
  return recorder
}

async function handMade(options?: HandMadeOptions): Promise<HandMadeSockJs> {
  const server = await HandMadeSockJs.start(options)
  cleanup.push(() => server.stop())
  return server
}

async function demo(options: DemoServerOptions): Promise<DemoServer> {
  const server = await createDemoServer(options)
  cleanup.push(() => server.close())
  return server
}

async function connect(way: Way, options?: HandMadeOptions): Promise<{ server: HandMadeSockJs; recorder: Recorder }> {
  const server = await handMade(options)
  const recorder = open({ url: server.url, way })
  await server.accept()
  await recorder.connected()
  return { server, recorder }
}

const profile = { url: '', userId: 'alice', deviceId: 'device-1', appKey: 'ak_demo_chat' }
const http: readonly Way[] = ['sockJsStreaming', 'sockJsPolling']

describe('a SockJS frame', () => {
  it.each([
    ['o', { kind: 'open' }],
    ['h', { kind: 'heartbeat' }],
    ['h'.repeat(2048), { kind: 'heartbeat' }],
    ['a["a","\\u0000"]', { kind: 'messages', messages: ['a', '\0'] }],
    ['a[]', { kind: 'messages', messages: [] }],
    ['c[3000,"Go away!"]', { kind: 'close', code: 3000 }],
    ['', null],
    ['x', null],
    ['a', null],
    ['a{"0":"x"}', null],
    ['a["x",1]', null],
    [`a${'['.repeat(100_000)}`, null],
    ['c', null],
    ['c["1002"]', null],
    ['m"x"', null],
    ['<html>', null],
  ])('%.40s', (text, expected) => {
    expect(readSockJsFrame(text)).toEqual(expected)
  })
})

describe.each<Way>(['sockJsWebSocket', 'sockJsStreaming', 'sockJsPolling'])('STOMP by %s', (way) => {
  it.each(['im2', 'xuqm'] as const)('carries the %s dialect both ways, long texts included', async (name) => {
    const server = await demo({ dialects: [name] })
    const dialect = dialects[name]
    const alice = { ...profile, dialect: name, url: server.url(name) }
    const recorder = open({ ...dialect.link(alice, server.issueToken('alice')), way })
    await recorder.connected()
    for (const { id, destination } of dialect.baseSubscriptions()) recorder.link.subscribe(id, destination)
    const text = '"这是一条很长的消息"\\\n'.repeat(400).slice(0, 1_900)
    const command = dialect.encode(
      {
        type: 'message.send',
        conversation: { kind: 'direct', peerId: 'bob' },
        clientId: 'c0ffee00-0000-4000-8000-000000000001',
        content: { kind: 'text', text },
        composedAt: 1_700_000_000_000,
      },
      alice,
    )
    if (!command.ok) throw new Error(command.error.code)
    recorder.link.send(command.value, null)
    const context = { selfId: 'alice', isGroup: () => false }
    await recorder.until(() =>
      recorder.frames.some((frame) => {
        const decoded = dialect.decode(frame, context)
        return (
          decoded.ok &&
          decoded.inbound.events.some((event) => JSON.stringify(event).includes(JSON.stringify(text).slice(1, 200)))
        )
      }),
    )
    expect(server.messages(name)).toHaveLength(1)
    expect(server.violations()).toEqual([])
    expect(server.control.sessions()).toMatchObject([{ transport: 'sockjs', userId: 'alice' }])
    recorder.link.close()
    expect((await recorder.ended()).problem.code).toBe('link.closed')
  })
})

describe('a SockJS session over HTTP', () => {
  it.each(http)('takes the query of the address, and cookies, to every request (%s)', async (way) => {
    const server = await handMade({
      info: (response) => {
        response.setHeader('set-cookie', ['JSESSIONID=node7; Path=/; HttpOnly', 'other=1'])
        response.end('{"websocket":true,"cookie_needed":true}')
      },
    })
    const recorder = open({ url: `${server.url}?token=a.b%2Fc`, way })
    await server.accept()
    await recorder.connected()
    recorder.link.ping()
    await server.until(() => server.requests.filter(({ path }) => path.endsWith('xhr_send')).length === 2)
    const [info, ...others] = server.requests
    expect(info).toMatchObject({ method: 'GET', path: '/ws/info', cookie: undefined })
    expect(new Set(server.requests.map(({ query }) => query))).toEqual(new Set(['token=a.b%2Fc']))
    expect(new Set(others.map(({ cookie }) => cookie))).toEqual(new Set(['JSESSIONID=node7; other=1']))
    const session = /^\/ws\/\d{3}\/[0-9a-f]{32}\//
    expect(new Set(others.map(({ path }) => session.exec(path)?.[0])).size).toBe(1)
  })

  it.each(http)('shows life by heart-beats of the server and by the answer to a ping (%s)', async (way) => {
    const { server, recorder } = await connect(way)
    const before = recorder.alive
    server.say('h')
    await recorder.until(() => recorder.alive > before)
    const posts = (): string[] =>
      server.requests.filter(({ path }) => path.endsWith('xhr_send')).map(({ body }) => body)
    await recorder.until(() => posts().length > 0)
    const after = recorder.alive
    recorder.link.ping()
    await recorder.until(() => recorder.alive > after)
    expect(posts().at(-1)).toBe('[]')
  })

  it.each(http)('posts one message list at a time, so that nothing is overtaken (%s)', async (way) => {
    const held: (() => void)[] = []
    const server = await handMade({ onSend: (response) => held.push(() => response.writeHead(204).end()) })
    const recorder = open({ url: server.url, way })
    await server.until(() => held.length === 1)
    server.tell('CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0')
    await recorder.connected()
    for (let number = 0; number < 30; number++) {
      recorder.link.send({ destination: `/app/${number}`, headers: {}, body: 'x' }, null)
    }
    for (let answered = 0; !server.posted.includes('/app/29'); answered++) {
      await server.until(() => held.length > answered)
      expect(held).toHaveLength(answered + 1)
      held[answered]?.()
    }
    const numbers = [...server.posted.matchAll(/\/app\/(\d+)/g)].map(([, number]) => Number(number))
    expect(numbers).toEqual([...Array(30).keys()])
  })

  it.each(http)('delivers many frames of one line, and one frame of many lines (%s)', async (way) => {
    const { server, recorder } = await connect(way)
    const whole = messageFrame('{"parts":"你好"}').toString()
    server.tell(messageFrame('{"n":1}').toString(), messageFrame('{"n":2}').toString())
    for (const part of [whole.slice(0, 20), whole.slice(20, -3), whole.slice(-3)]) server.tell(part)
    await recorder.until(() => recorder.frames.length === 3)
    expect(recorder.texts).toEqual(['{"n":1}', '{"n":2}', '{"parts":"你好"}'])
  })

  it('asks no more while it is paused, and goes on afterwards', async () => {
    const { server, recorder } = await connect('sockJsPolling')
    await server.until(() => server.receives === 3)
    recorder.link.pause()
    server.tell(messageFrame('{"n":1}').toString())
    server.tell(messageFrame('{"n":2}').toString())
    recorder.link.ping()
    await server.until(() => server.requests.at(-1)?.body === '[]')
    expect(server.receives).toBe(3)
    recorder.link.resume()
    await recorder.until(() => recorder.frames.length === 2)
  })

  it.each<[number, ErrorCode]>([
    [1001, 'link.serverStopping'],
    [1002, 'link.protocol'],
    [1003, 'link.protocol'],
    [1006, 'link.closed'],
    [1007, 'link.protocol'],
    [1008, 'link.httpForbidden'],
    [1009, 'link.tooBig'],
    [3000, 'link.closed'],
    [4500, 'link.tooSlow'],
  ])('ends with the meaning of close code %i', async (closeCode, code) => {
    const { server, recorder } = await connect('sockJsStreaming')
    server.say(`c[${closeCode},"the server’s words"]`)
    expect((await recorder.ended()).problem).toEqual(appError(code, `close ${closeCode}`, { closeCode }))
  })

  it.each(http)('ends as closed when the server knows the session no more (%s)', async (way) => {
    const { recorder } = await connect(way, {
      onSend: (response, body) => response.writeHead(body === '[]' ? 404 : 204).end(),
    })
    recorder.link.ping()
    expect((await recorder.ended()).problem).toEqual(appError('link.closed', 'SockJS session gone'))
  })

  it.each(http)('ends as closed when a restarted server takes it for a new session (%s)', async (way) => {
    const { server, recorder } = await connect(way)
    server.say('o')
    expect((await recorder.ended()).problem).toEqual(appError('link.closed', 'SockJS session lost'))
    expect(recorder.calls.filter((call) => call === 'open')).toHaveLength(1)
  })

  it.each(http)('ends as closed when an answer is cut off, because something may have been in it (%s)', async (way) => {
    const server = await handMade({
      onReceive: (response, count) => {
        if (count === 1) response.write('o\n')
        if (count === 1 && way === 'sockJsPolling') response.end()
        else response.write('a["half', () => setImmediate(() => response.destroy()))
      },
    })
    const end = await open({ url: server.url, way }).ended()
    expect(end.problem.code).toBe('link.closed')
    expect(end.notOffered).toBeUndefined()
  })

  it.each([
    ['a line that is no frame', Buffer.from('<html>\n')],
    ['a list of other things than texts', Buffer.from('a[{"x":1}]\n')],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0x5b, 0x22, 0xff, 0x22, 0x5d, 0x0a])],
    ['an answer with nothing in it', Buffer.alloc(0)],
  ])('ends with link.protocol on %s', async (_, bytes) => {
    const server = await handMade({
      onReceive: (response, count) => (count === 1 ? response.end('o\n') : response.end(bytes)),
    })
    const end = await open({ url: server.url, way: 'sockJsPolling' }).ended()
    expect(end.problem.code).toBe('link.protocol')
    expect(end.notOffered).toBeUndefined()
    expect(server.receives).toBe(2)
  })

  it('ends with link.tooBig on a line that never ends, holding no more of it than the cap', async () => {
    const server = await handMade({
      onReceive: (response) => {
        response.write('o\n')
        const more = (): void => {
          if (!response.destroyed) response.write('x'.repeat(64 * 1024), () => setImmediate(more))
        }
        more()
      },
    })
    const recorder = open({ url: server.url, way: 'sockJsStreaming' })
    expect((await recorder.ended()).problem.code).toBe('link.tooBig')
    expect(recorder.alive).toBeLessThan(maxFrameBytes)
  })
})

describe('a server without SockJS, or with less of it', () => {
  it.each<[number, string, ErrorCode, NotOffered | undefined, number | null]>([
    [404, 'text/plain', 'link.httpNotFound', 'sockJs', null],
    [200, 'text/html', 'link.httpUnexpected', 'sockJs', null],
    [302, 'text/html', 'link.httpUnexpected', undefined, null],
    [401, 'text/plain', 'session.unauthorized', undefined, null],
    [403, 'text/plain', 'link.httpForbidden', undefined, null],
    [429, 'text/plain', 'link.httpTooMany', undefined, 9_000],
    [503, 'text/plain', 'link.httpServerError', undefined, 9_000],
    [511, 'text/html', 'link.httpUnexpected', undefined, 9_000],
  ])('answering /info with HTTP %i', async (status, type, code, notOffered, wait) => {
    const server = await handMade({
      info: (response) => {
        const retry = wait === null ? {} : { 'retry-after': String(wait / 1000) }
        response.writeHead(status, { 'content-type': type, location: '/login', ...retry }).end('<h1>Hello</h1>')
      },
    })
    for (const way of http) {
      const end = await open({ url: `${server.url}?token=secret`, way }).ended()
      expect(end.problem.code).toBe(code)
      expect(end.notOffered).toBe(notOffered)
      expect(end.retryAfterMs).toBe(wait)
      expect(JSON.stringify(end)).not.toContain('secret')
    }
    expect(server.requests.map(({ path }) => path)).toEqual(['/ws/info', '/ws/info'])
  })

  it('saying that it has no WebSocket is not asked for one', async () => {
    const server = await handMade({ info: (response) => response.end('{"websocket":false}') })
    const end = await open({ url: server.url, way: 'sockJsWebSocket' }).ended()
    expect(end).toMatchObject({ notOffered: 'way', problem: { code: 'link.httpUnexpected' } })
    expect(server.requests).toHaveLength(1)
  })

  it.each<[Way, NotOffered, HandMadeOptions]>([
    ['sockJsPolling', 'sockJs', { info: () => undefined }],
    // A proxy that gathers a whole answer before it hands on any of it.
    ['sockJsStreaming', 'way', { onReceive: () => undefined }],
  ])('that never answers %s is left after the time-out, and the next way tried', async (way, notOffered, options) => {
    const clock = new ManualClock()
    const server = await handMade(options)
    const recorder = open({ url: server.url, way, connectTimeoutMs: 5_000 }, clock)
    await server.until(() => server.requests.length === (notOffered === 'way' ? 2 : 1))
    clock.advance(5_000)
    expect(await recorder.ended()).toMatchObject({ notOffered, problem: { code: 'link.timedOut' } })
  })

  it.each<Way>(['webSocket', 'webSocketPath', 'sockJsWebSocket', 'sockJsStreaming', 'sockJsPolling'])(
    'is asked nothing in the clear unless it is on this machine (%s)',
    async (way) => {
      const { problem } = await open({ url: 'ws://192.0.2.1/ws?token=secret', way }).ended()
      expect(problem).toEqual(appError('server.insecure'))
    },
  )
})

describe('the way to a server of the demo', () => {
  it.each<[string, DemoServerOptions, Way]>([
    ['as it is', {}, 'webSocket'],
    ['with SockJS alone', { plainWebSocket: false }, 'sockJsWebSocket'],
    ['with xhr alone', { plainWebSocket: false, sockJsTransports: ['xhr_streaming', 'xhr'] }, 'sockJsStreaming'],
    ['with xhr polling alone', { plainWebSocket: false, sockJsTransports: ['xhr'] }, 'sockJsPolling'],
  ])('%s is found, and remembered', async (_, options, expected) => {
    const server = await demo({ ...options, dialects: ['xuqm'] })
    const memory = heldWay()
    const alice = { ...profile, dialect: 'xuqm' as const, url: server.url('xuqm') }
    const recorder = open(dialects.xuqm.link(alice, server.issueToken('alice')), undefined, {
      through: (transport) => createEndpoint({ transport, memory }),
    })
    await recorder.connected()
    expect(recorder.end).toBeNull()
    expect(memory.way).toBe(expected)
    expect(server.violations()).toEqual([])
  })

  it('ends with the endpoint’s own answer where nothing speaks STOMP', async () => {
    const server = await RawServer.start({
      onUpgrade: (_, socket) => {
        socket.end(
          'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Welcome to the hotel</h1>',
        )
        return true
      },
    })
    cleanup.push(() => server.stop())
    const recorder = open({ url: server.url }, undefined, {
      through: (transport) => createEndpoint({ transport, memory: heldWay() }),
    })
    expect((await recorder.ended()).problem.code).toBe('link.httpUnexpected')
  })
})
