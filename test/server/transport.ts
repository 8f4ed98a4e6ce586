/**
 * The listening socket: which request or handshake goes where. Plain WebSocket and SockJS share each endpoint's path,
 * as `registry.addEndpoint("/ws")` with and without `.withSockJS()` does.
 *
 * Owns the HTTP server and every TCP socket of it; `stop()` leaves nothing behind, `start()` takes the same port again.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import sockjs from 'sockjs'
import type { Handler } from 'sockjs'
import { WebSocketServer } from 'ws'
import { createSockJsLink, createWebSocketLink } from './link.ts'
import type { Link } from './link.ts'
import { sendJson } from './http.ts'
import type { Refusal } from './faults.ts'
import type { DialectName } from './types.ts'

export interface Endpoint {
  readonly dialect: DialectName
  readonly path: string
  /** Spring's default is same origin only; `setAllowedOriginPatterns("*")` lifts it. */
  readonly anyOrigin: boolean
  accept(link: Link): void
}

export type SockJsTransport = 'websocket' | 'xhr_streaming' | 'xhr'

export interface TransportOptions {
  readonly host: string
  readonly port: number
  readonly endpoints: readonly Endpoint[]
  /** false: only SockJS answers, as where an endpoint was registered with `withSockJS()` behind a narrow gateway. */
  readonly plainWebSocket: boolean
  readonly sockJsTransports: readonly SockJsTransport[]
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse, path: string) => boolean
  readonly takeRefusal: () => Refusal | null
  readonly onForbiddenOrigin: (dialect: DialectName) => void
}

export interface Transport {
  readonly port: number
  readonly listening: boolean
  start(): Promise<void>
  /** Stops listening and destroys every socket that is left after a moment. */
  stop(): Promise<void>
}

const sockJsTransports: readonly SockJsTransport[] = ['websocket', 'xhr_streaming', 'xhr']

/** In Spring's order of preference; the first of the client's that is known wins. */
const subProtocols: ReadonlySet<string> = new Set(['v10.stomp', 'v11.stomp', 'v12.stomp'])

export function createTransport(options: TransportOptions): Transport {
  // The longest path first: "/ws" is the beginning of "/ws/im".
  const endpoints = options.endpoints.toSorted((a, b) => b.path.length - a.path.length)
  const sockets = new Set<Socket>()
  const handlers = new Map<string, Handler>()
  let server: Server | null = null
  let port = options.port

  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 8 * 1024 * 1024,
    handleProtocols: (offered) => [...offered].find((protocol) => subProtocols.has(protocol)) ?? false,
  })

  const closed = sockJsTransports.filter((name) => !options.sockJsTransports.includes(name))
  for (const endpoint of endpoints) {
    const service = sockjs.createServer({
      prefix: endpoint.path,
      websocket: options.sockJsTransports.includes('websocket'),
      log: () => undefined,
    })
    service.on('connection', (connection) => endpoint.accept(createSockJsLink(connection)))
    handlers.set(endpoint.path, service.middleware())
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const path = pathOf(request)
    const control = path.startsWith('/control/')
    const refusal = control ? null : options.takeRefusal()
    if (refusal !== null) {
      if (refusal.retryAfterSeconds !== undefined) response.setHeader('retry-after', refusal.retryAfterSeconds)
      return sendJson(response, refusal.status, { error: 'refused' })
    }
    if (options.handleRequest(request, response, path)) return
    if (closed.some((name) => path.endsWith(`/${name}`))) return sendJson(response, 404, { error: 'not found' })
    for (const { path: prefix } of endpoints) {
      if (path.startsWith(`${prefix}/`) || path === prefix) {
        if (handlers.get(prefix)?.(request, response) === true) return
      }
    }
    sendJson(response, 404, { error: 'not found' })
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = pathOf(request)
    const refusal = options.takeRefusal()
    if (refusal !== null) return refuseUpgrade(socket, refusal.status, refusal.retryAfterSeconds)
    const plain = endpoints.find((known) => path === known.path || path === `${known.path}/websocket`)
    const endpoint = plain ?? endpoints.find((known) => path.startsWith(`${known.path}/`))
    if (endpoint === undefined) return refuseUpgrade(socket, 404)
    const { origin, host } = request.headers
    if (!endpoint.anyOrigin && origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
      options.onForbiddenOrigin(endpoint.dialect)
      return refuseUpgrade(socket, 403)
    }
    if (plain !== undefined && !options.plainWebSocket) {
      // Spring's SockJS service answers the endpoint itself with a greeting, whatever was asked.
      return path === plain.path ? greet(socket) : refuseUpgrade(socket, 404)
    }
    if (plain === undefined) {
      if (!options.sockJsTransports.includes('websocket')) return refuseUpgrade(socket, 404)
      handlers.get(endpoint.path)?.upgrade(request, socket, head)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      endpoint.accept(createWebSocketLink(webSocket, request.url ?? '')),
    )
  }

  return {
    get port() {
      return port
    },
    get listening() {
      return server !== null
    },
    start() {
      if (server !== null) return Promise.resolve()
      const next = createServer(onRequest)
      next.on('upgrade', onUpgrade)
      next.on('connection', (socket) => {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
      })
      return new Promise((resolve, reject) => {
        next.once('error', reject)
        next.listen(port, options.host, () => {
          port = (next.address() as AddressInfo).port
          server = next
          resolve()
        })
      })
    },
    async stop() {
      const stopping = server
      server = null
      if (stopping === null) return
      const closed = new Promise((resolve) => stopping.close(resolve))
      // Time for the closing frames to leave, not for clients to be polite.
      const deadline = Date.now() + 250
      while (sockets.size > 0 && Date.now() < deadline) {
        stopping.closeIdleConnections()
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}

function greet(socket: Duplex): void {
  const welcome = 'Welcome to SockJS!\n'
  socket.end(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: ${welcome.length}\r\n\r\n${welcome}`,
  )
}

function refuseUpgrade(socket: Duplex, status: number, retryAfterSeconds?: number): void {
  const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`
  socket.end(`HTTP/1.1 ${status} Refused\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`)
}
