/**
 * The way out of this network: straight, or through the HTTP proxy that the system's settings name, by CONNECT. What
 * the proxy sees is host and port, never path or query.
 *
 * Promises: a proxy that refuses, or is not there, ends the attempt with a `ProxyError`; `dispose` ends every connection
 * that still stands or is being made. SOCKS is not spoken.
 */
import { Agent, type ClientRequestArgs, type IncomingMessage, request as overHttp } from 'node:http'
import { Agent as SecureAgent, request as overHttps } from 'node:https'
import { Socket, connect, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type TLSSocket, connect as connectSecurely } from 'node:tls'
import type { Disposable } from '#common/base/disposable.ts'
import { type AppError, appError } from '#common/base/errors.ts'

/** Answers in the words of a PAC file (`PROXY host:port; DIRECT`) for an address without path or query. */
export type ResolveProxy = (origin: string) => Promise<string>

export interface Route extends Disposable {
  readonly agent: Agent
}

/** What is seen of connections while they are made; for whoever examines them. Must change nothing about them. */
export interface RouteWatch {
  /** A socket on its way to the hop, which is `host`: events of its making are still to come. */
  onSocket(socket: Socket, hop: Hop, host: string): void
  /** The proxy lets the connection through. */
  onTunnel(): void
  /** TLS begins inside the proxy's connection. */
  onSecuring(socket: TLSSocket): void
}

/** The proxy's doing, not the server's. */
export class ProxyError extends Error {
  readonly problem: AppError

  constructor(problem: AppError) {
    super(problem.code)
    this.problem = problem
  }
}

export type Hop = { readonly kind: 'direct' } | ProxyHop

interface ProxyHop {
  readonly kind: 'proxy'
  readonly secure: boolean
  readonly host: string
  readonly port: number
}

/** Idle connections are closed before a server that closes them too can cross a new request. */
const idleMs = 4_000
const entry = /^(PROXY|HTTP|HTTPS)\s+(?:\[([\da-f:.]+)\]|([^\s:]+)):(\d{1,5})$/i

/** What to try, in order; throws a ProxyError where everything named is of a kind that is not spoken here. */
export function hopsOf(pac: string): readonly Hop[] {
  const entries = pac.split(';').map((text) => text.trim()).filter((text) => text !== '') // prettier-ignore
  const hops = entries.flatMap((text): Hop[] => {
    if (/^DIRECT$/i.test(text)) return [{ kind: 'direct' }]
    const [, kind, six, name, port] = entry.exec(text) ?? []
    const host = six ?? name
    if (kind === undefined || host === undefined) return []
    return [{ kind: 'proxy', secure: kind.toUpperCase() === 'HTTPS', host, port: Number(port) }]
  })
  if (entries.length === 0) return [{ kind: 'direct' }]
  if (hops.length === 0) throw new ProxyError(appError('link.proxyUnsupported', entries[0]?.split(/\s/, 1)[0]))
  return hops
}

/** An agent for one link to one server. */
export function createRoute(url: URL, hops: readonly Hop[], watch?: RouteWatch): Route {
  const secure = url.protocol === 'wss:' || url.protocol === 'https:'
  const options = { keepAlive: true, timeout: idleMs }
  const agent = secure ? new SecureAgent(options) : new Agent(options)
  const ending = new AbortController()
  if (hops[0]?.kind !== 'direct') {
    agent.createConnection = (target: ClientRequestArgs, made?: (error: Error | null, stream: Duplex) => void) => {
      const host = target.host ?? url.hostname
      const port = Number(target.port ?? (secure ? 443 : 80))
      viaFirst(hops, host, port, ending.signal, watch).then(
        (socket) => made?.(null, secure ? secured(socket, host, watch) : socket),
        (error: unknown) => refuse(made, error instanceof Error ? error : new Error('proxy')),
      )
      return undefined
    }
  } else if (watch !== undefined) {
    const make = agent.createConnection.bind(agent)
    agent.createConnection = (...given) => {
      const made = make(...given)
      if (made instanceof Socket) watch.onSocket(made, { kind: 'direct' }, url.hostname)
      return made
    }
  }
  return {
    agent,
    dispose: () => {
      ending.abort()
      agent.destroy()
    },
  }
}

/** With an error there is no stream; the types of Node's callback want one all the same. */
function refuse(made: ((error: Error, stream: never) => void) | undefined, error: Error): void {
  const tell: ((error: Error) => void) | undefined = made as ((error: Error) => void) | undefined
  tell?.(error)
}

function secured(socket: Socket, host: string, watch: RouteWatch | undefined): Duplex {
  const made = connectSecurely({ socket, host, servername: isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] })
  watch?.onSecuring(made)
  return made
}

/** A hop that is not there makes room for the next; one that refuses does not. */
async function viaFirst(
  hops: readonly Hop[],
  host: string,
  port: number,
  signal: AbortSignal,
  watch: RouteWatch | undefined,
): Promise<Socket> {
  const [hop, ...others] = hops
  try {
    const socket = await (hop === undefined || hop.kind === 'direct'
      ? straight(host, port, signal, watch)
      : through(hop, host, port, signal, watch))
    if (signal.aborted) socket.destroy()
    return socket
  } catch (error) {
    if (others.length === 0 || signal.aborted || (error instanceof ProxyError && error.problem.data !== undefined))
      throw error
    return viaFirst(others, host, port, signal, watch)
  }
}

function straight(host: string, port: number, signal: AbortSignal, watch: RouteWatch | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal })
    watch?.onSocket(socket, { kind: 'direct' }, host)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function through(
  hop: ProxyHop,
  host: string,
  port: number,
  signal: AbortSignal,
  watch: RouteWatch | undefined,
): Promise<Socket> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new Promise((resolve, reject) => {
    const request = (hop.secure ? overHttps : overHttp)({
      host: hop.host,
      port: hop.port,
      method: 'CONNECT',
      path: target,
      headers: { host: target },
      agent: false,
      signal,
    })
    if (watch !== undefined) request.once('socket', (socket) => watch.onSocket(socket, hop, hop.host))
    request.once('connect', (answer: IncomingMessage, socket: Socket, head: Buffer) => {
      const status = answer.statusCode ?? 0
      if (status >= 200 && status < 300) {
        watch?.onTunnel()
        if (head.length > 0) socket.unshift(head)
        resolve(socket)
        return
      }
      socket.destroy()
      reject(new ProxyError(appError('link.proxy', `HTTP ${status}`, { status })))
    })
    request.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ProxyError(appError('link.proxy', error.code ?? 'no answer'))),
    )
    request.end()
  })
}
