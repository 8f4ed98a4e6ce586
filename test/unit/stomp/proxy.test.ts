import { once } from 'node:events'
import { type IncomingMessage, createServer } from 'node:http'
import { type AddressInfo, type Socket, connect as connectTo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { appError } from '#common/base/errors.ts'
import { hopsOf } from '#electron/adapters/stomp/proxy.ts'
import type { Way } from '#electron/core/ports/transport.ts'
import { ManualClock, RawServer, Recorder } from './rawServer.ts'
import { HandMadeSockJs } from './handMadeSockJs.ts'

const cleanup: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo()
})

interface Proxy {
  readonly port: number
  readonly requests: IncomingMessage[]
  readonly open: Set<Socket>
}

/** A CONNECT proxy; `answer` says something else than yes, or nothing where it is null. */
async function startProxy(answer?: string | null): Promise<Proxy> {
  const requests: IncomingMessage[] = []
  const open = new Set<Socket>()
  const server = createServer((_, response) => response.writeHead(400).end())
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
  })
  server.on('connect', (request, socket) => {
    requests.push(request)
    if (answer === null) {
      // Unread, it would not notice that the client has gone; an HTTP server keeps the other half open.
      socket.resume().on('end', () => socket.destroy())
      return
    }
    if (answer !== undefined) {
      socket.end(`HTTP/1.1 ${answer}\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>`)
      return
    }
    const [host, port] = (request.url ?? '').split(':')
    const onward = connectTo(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup.push(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, requests, open }
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function startServer(): Promise<RawServer> {
  const server = await RawServer.start()
  cleanup.push(() => server.stop())
  return server
}

function open(
  url: string,
  pac: string | (() => Promise<string>),
  way: Way = 'webSocket',
  clock?: ManualClock,
): Recorder {
  const resolveProxy = typeof pac === 'string' ? () => Promise.resolve(pac) : pac
  const recorder = new Recorder({ url, way }, clock, { resolveProxy })
  cleanup.push(() => recorder.link.drop(appError('link.closed')))
  return recorder
}

describe('the words of a proxy setting', () => {
  it.each([
    ['', [{ kind: 'direct' }]],
    ['DIRECT', [{ kind: 'direct' }]],
    ['PROXY proxy.example:8080', [{ kind: 'proxy', secure: false, host: 'proxy.example', port: 8080 }]],
    ['HTTPS [2001:db8::1]:443', [{ kind: 'proxy', secure: true, host: '2001:db8::1', port: 443 }]],
    ['SOCKS5 s:1080; PROXY a:1;direct', [{ kind: 'proxy', secure: false, host: 'a', port: 1 }, { kind: 'direct' }]],
    ['PROXY no-port; DIRECT', [{ kind: 'direct' }]],
  ])('%j', (pac, hops) => {
    expect(hopsOf(pac)).toEqual(hops)
  })

  it.each(['SOCKS5 proxy.example:1080', 'SOCKS a:1; SOCKS4 b:2', 'QUIC a:1', '!!'])(
    'that name nothing spoken here are an error of their own: %j',
    async (pac) => {
      const { problem } = await open('ws://127.0.0.1:9/ws', pac).ended()
      expect(problem.code).toBe('link.proxyUnsupported')
      expect(problem.detail).toBe(pac.split(' ')[0])
    },
  )
})

describe('through a proxy', () => {
  it('a WebSocket stands, and the proxy learns host and port alone', async () => {
    const server = await startServer()
    const proxy = await startProxy()
    const asked: string[] = []
    const recorder = open(`${server.url}?token=secret`, (...args: unknown[]) => {
      asked.push(String(args[0]))
      return Promise.resolve(`PROXY 127.0.0.1:${proxy.port}; DIRECT`)
    })
    const client = await server.client()
    await client.accept()
    await recorder.connected()
    const { host } = new URL(server.url)
    expect(asked).toEqual([`ws://${host}/`])
    expect(proxy.requests.map(({ url }) => url)).toEqual([host])
    expect(JSON.stringify(proxy.requests.map(({ headers }) => headers))).not.toContain('secret')
    expect(client.request.url).toBe('/ws?token=secret')
    recorder.link.drop(appError('link.offline'))
    await client.until(() => client.closeCode !== null)
    await expect.poll(() => proxy.open.size).toBe(0)
  })

  it.each<Way>(['sockJsStreaming', 'sockJsPolling'])('every request of %s goes', async (way) => {
    const server = await HandMadeSockJs.start()
    cleanup.push(() => server.stop())
    const proxy = await startProxy()
    const recorder = open(server.url, `PROXY 127.0.0.1:${proxy.port}`, way)
    await server.accept()
    await recorder.connected()
    expect(recorder.end).toBeNull()
    expect(proxy.requests.length).toBeGreaterThanOrEqual(2)
    recorder.link.drop(appError('link.offline'))
    await expect.poll(() => proxy.open.size).toBe(0)
  })

  it.each([
    ['407 Proxy Authentication Required', 407],
    ['403 Forbidden', 403],
    ['502 Bad Gateway', 502],
    ['503 Service Unavailable', 503],
  ])('that answers %s is the answer: nothing goes round it, no other way is tried', async (answer, status) => {
    const server = await startServer()
    const proxy = await startProxy(answer)
    for (const way of ['webSocket', 'sockJsPolling'] as const) {
      const end = await open(server.url, `PROXY 127.0.0.1:${proxy.port}; DIRECT`, way).ended()
      expect(end.problem).toEqual(appError('link.proxy', `HTTP ${status}`, { status }))
      expect(end.notOffered).toBeUndefined()
    }
  })

  it('that is not there the next one is taken, and at last its absence told', async () => {
    const server = await startServer()
    const proxy = await startProxy()
    const dead = await closedPort()
    const recorder = open(server.url, `PROXY 127.0.0.1:${dead}; PROXY 127.0.0.1:${proxy.port}`)
    await (await server.client()).accept()
    await recorder.connected()
    expect(proxy.requests).toHaveLength(1)
    const { problem } = await open(server.url, `PROXY 127.0.0.1:${dead}`).ended()
    expect(problem).toEqual(appError('link.proxy', 'ECONNREFUSED'))
  })

  it('that is not there, where the settings say so, the connection is straight', async () => {
    const server = await startServer()
    const recorder = open(server.url, `PROXY 127.0.0.1:${await closedPort()}; DIRECT`)
    await (await server.client()).accept()
    await recorder.connected()
    expect(recorder.end).toBeNull()
  })

  it('a server that is not there is refused as without one, where the way ends in DIRECT', async () => {
    const dead = await closedPort()
    const { problem } = await open(`ws://127.0.0.1:${dead}/ws`, `PROXY 127.0.0.1:${await closedPort()}; DIRECT`).ended()
    expect(problem).toEqual(appError('link.refused', 'ECONNREFUSED'))
  })

  it('that never answers, the time-out ends the wait and leaves no socket', async () => {
    const clock = new ManualClock()
    const proxy = await startProxy(null)
    const recorder = open('ws://127.0.0.1:9/ws', `PROXY 127.0.0.1:${proxy.port}`, 'webSocket', clock)
    await expect.poll(() => proxy.requests.length).toBe(1)
    clock.advance(10_000)
    const end = await recorder.ended()
    expect(end.problem.code).toBe('link.timedOut')
    expect(end.notOffered).toBeUndefined()
    await expect.poll(() => proxy.open.size).toBe(0)
  })

  it('settings that cannot be read are told of, and the connection is straight', async () => {
    const server = await startServer()
    const recorder = open(server.url, () => Promise.reject(new Error('no settings')))
    await (await server.client()).accept()
    await recorder.connected()
    expect(recorder.faults).toEqual([{ fault: 'proxyUnknown', error: new Error('no settings') }])
  })

  it('407 from the server’s own address is a proxy’s too', async () => {
    const server = await RawServer.start({
      onUpgrade: (_, socket) => {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nConnection: close\r\n\r\n')
        return true
      },
    })
    cleanup.push(() => server.stop())
    expect((await open(server.url, 'DIRECT').ended()).problem.code).toBe('link.proxy')
  })
})
