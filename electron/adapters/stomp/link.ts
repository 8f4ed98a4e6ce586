/**
 * One link: a socket, the frames it brings and the STOMP session on it, from the first packet to the end.
 *
 * Promises what the port promises: the listener is called in the order of things happening, never before `open` has
 * returned, `onEnd` exactly once and last. `drop`, and `close` before CONNECTED, call `onEnd` before they return. A
 * listener that throws is reported to `onFault` and costs only its own call. Must never reconnect.
 */
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import { type AppError, appError } from '#common/base/errors.ts'
import type { Clock } from '#electron/core/ports/platform.ts'
import type { Link, LinkEnd, LinkListener, LinkOptions, OutboundFrame } from '#electron/core/ports/transport.ts'
import { FrameReader, type ServerFrame } from './frameReader.ts'
import { isAllowed } from './address.ts'
import { openSocket } from './openSocket.ts'
import { problemOfError } from './problems.ts'
import { type ResolveProxy, type Route, type RouteWatch, createRoute, hopsOf } from './proxy.ts'
import { StompSession } from './session.ts'
import type { Socket } from './socket.ts'

/** For the server's answer to DISCONNECT and to the close of the WebSocket. */
export const closeWithinMs = 2_000
/** For the rest of a frame after its last bytes came: longer, and it is not coming. */
export const frameRestWithinMs = 10_000
/** Of the server's words in an ERROR frame. */
const maxErrorWords = 2048

/** What went wrong without ending anything. */
export type StompFault =
  | { readonly fault: 'listenerThrew'; readonly error: unknown }
  /** Bytes that are no frame, or a frame that has no place here: counted, not kept. */
  | { readonly fault: 'bytesSkipped'; readonly bytes: number }
  /** The system's proxy settings could not be read: the connection is straight. */
  | { readonly fault: 'proxyUnknown'; readonly error: unknown }
  /** The system's certificates could not be read: those of the program are trusted alone. */
  | { readonly fault: 'systemTrustUnknown'; readonly error: unknown }

export interface StompLinkOptions extends LinkOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly onFault: (fault: StompFault) => void
  readonly resolveProxy: ResolveProxy
  /** Called before a connection that will be encrypted. */
  readonly beforeTls: () => void
  readonly watch?: RouteWatch
}

export class StompLink implements Link {
  readonly #options: StompLinkOptions
  readonly #listener: LinkListener
  readonly #timers = new DisposableStack()
  readonly #reader: FrameReader
  readonly #session: StompSession
  #socket: Socket | null = null
  #route: Route | null = null
  #opened = false
  #connected = false
  #closing = false
  #ended = false
  #paused = false
  #unfinished = false
  #restTimer: Disposable | null = null

  constructor(options: StompLinkOptions, listener: LinkListener) {
    this.#options = options
    this.#listener = listener
    this.#reader = new FrameReader({
      onFrame: (frame) => this.#frame(frame),
      onSkipped: (bytes) => options.onFault({ fault: 'bytesSkipped', bytes }),
    })
    this.#session = new StompSession({
      connectHeaders: options.connectHeaders,
      heartbeat: options.heartbeat,
      send: (data) => this.#socket?.send(data),
      isOpen: () => this.#socket?.isOpen === true,
      onDisconnected: () => this.#socket?.close(),
      onReceipt: (id) => this.#tell(() => this.#listener.onReceipt(id)),
    })
    this.#timers.add(options.clock.after(options.connectTimeoutMs, () => this.#tooLate()))
    void this.#open()
  }

  get localAddress(): string | null {
    return this.#socket?.localAddress ?? null
  }

  subscribe(id: string, destination: string): void {
    if (!this.#closing) this.#session.subscribe(id, destination)
  }

  unsubscribe(id: string): void {
    if (!this.#closing) this.#session.unsubscribe(id)
  }

  send(frame: OutboundFrame, receiptId: string | null): boolean {
    if (this.#ended || this.#closing || this.#socket?.isOpen !== true) return false
    return this.#session.publish(frame, receiptId)
  }

  ping(): void {
    if (!this.#ended) this.#socket?.ping()
  }

  pause(): void {
    this.#paused = true
    this.#socket?.pause()
    this.#awaitRest()
  }

  resume(): void {
    this.#paused = false
    this.#socket?.resume()
    this.#awaitRest()
  }

  close(): void {
    if (this.#ended || this.#closing) return
    const closed = appError('link.closed', 'closed here')
    if (!this.#connected) {
      this.drop(closed)
      return
    }
    this.#closing = true
    // A paused socket would not hear the answer.
    this.resume()
    this.#timers.add(this.#options.clock.after(closeWithinMs, () => this.drop(closed)))
    this.#session.disconnect()
  }

  drop(problem: AppError): void {
    this.#end({ problem, serverError: null, retryAfterMs: null })
  }

  async #open(): Promise<void> {
    const { url, connectHeaders, clock, way = 'webSocket' } = this.#options
    const handlers = {
      onOpen: () => void this.#socketOpened(),
      onMessage: (bytes: Buffer) => this.#received(bytes),
      onAlive: (bytes?: number) => this.#tell(() => this.#listener.onAlive(bytes)),
      onPong: (roundTripMs: number) => this.#tell(() => this.#listener.onPong?.(roundTripMs)),
      onEnd: (end: LinkEnd) => this.#end(end),
    }
    // Nothing is told before `open` has returned.
    await Promise.resolve()
    try {
      // CONNECT is not escaped: a line break in a value would begin a header of its own.
      if (Object.values(connectHeaders).some((value) => /[\r\n\0]/.test(value))) throw new TypeError('header')
      const address = new URL(url)
      if (!isAllowed(address)) {
        this.drop(appError('server.insecure'))
        return
      }
      const hops = hopsOf(await this.#proxyFor(address))
      if (this.#ended) return
      if (address.protocol === 'wss:') this.#options.beforeTls()
      const { agent } = (this.#route = createRoute(address, hops, this.#options.watch))
      this.#socket = openSocket({ url, handlers, agent, now: () => clock.now() }, way)
      if (this.#paused) this.#socket.pause()
    } catch (error) {
      const isKnown = error instanceof Error && ('code' in error || 'problem' in error)
      this.drop(isKnown ? problemOfError(error) : appError('link.invalid'))
    }
  }

  /** Asked without path and query: a proxy script may come from the network, and a token may be in the query. */
  async #proxyFor({ protocol, host }: URL): Promise<string> {
    try {
      return await this.#options.resolveProxy(`${protocol}//${host}/`)
    } catch (error) {
      this.#options.onFault({ fault: 'proxyUnknown', error })
      return 'DIRECT'
    }
  }

  async #socketOpened(): Promise<void> {
    this.#opened = true
    await this.#session.open()
    this.#tell(() => this.#listener.onOpen())
  }

  #tooLate(): void {
    if (this.#connected) return
    if (this.#opened) {
      this.drop(appError('link.noAnswer'))
      return
    }
    const notOffered = this.#socket?.silenceMeans ?? null
    this.#end({
      problem: appError('link.timedOut', 'connect'),
      serverError: null,
      retryAfterMs: null,
      ...(notOffered === null ? {} : { notOffered }),
    })
  }

  #received(bytes: Buffer): void {
    this.#tell(() => this.#listener.onAlive())
    const state = this.#reader.read(bytes)
    if (state === 'tooBig') {
      this.drop(appError('link.tooBig', 'frame'))
      return
    }
    this.#unfinished = state === 'pending'
    this.#awaitRest()
  }

  /** Time runs for an unfinished frame only, and only while we are reading. */
  #awaitRest(): void {
    this.#restTimer?.dispose()
    this.#restTimer = null
    if (!this.#unfinished || this.#paused || this.#ended) return
    this.#restTimer = this.#options.clock.after(frameRestWithinMs, () => {
      if (!this.#reader.giveUp()) this.drop(appError('link.protocol', 'unfinished frame'))
    })
  }

  #frame(frame: ServerFrame): void {
    const { command, headers, body } = frame
    if (command === 'MESSAGE' && this.#connected) {
      this.#tell(() =>
        this.#listener.onFrame({
          destination: headers['destination'] ?? '',
          contentType: headers['content-type'] ?? null,
          headers,
          body,
        }),
      )
    } else if (command === 'RECEIPT' && this.#connected) this.#session.receipt(headers['receipt-id'] ?? '')
    else if (command === 'CONNECTED' && !this.#connected) this.#connectedBy(headers)
    else if (command === 'ERROR') this.#refusedBy(headers, body)
    else this.#options.onFault({ fault: 'bytesSkipped', bytes: body.length })
  }

  #connectedBy(headers: ServerFrame['headers']): void {
    const version = headers['version']?.trim()
    if (version !== undefined && version !== '1.2') {
      this.drop(appError('link.protocol', 'STOMP version'))
      return
    }
    const heartbeat = this.#session.connected(headers['heart-beat'])
    if (heartbeat === null) {
      this.drop(appError('link.protocol', 'CONNECTED before CONNECT'))
      return
    }
    this.#connected = true
    this.#tell(() => this.#listener.onConnected({ heartbeat, server: headers['server'] ?? null }))
  }

  #refusedBy(headers: ServerFrame['headers'], body: Uint8Array): void {
    const { 'receipt-id': receiptId, destination } = headers
    const words = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, maxErrorWords)).toString('utf8')
    this.#end({
      problem: appError('link.protocol', 'ERROR frame'),
      serverError: {
        message: (headers['message'] ?? '').slice(0, maxErrorWords),
        body: words,
        ...(receiptId !== undefined && { receiptId }),
        ...(destination !== undefined && { destination }),
      },
      retryAfterMs: null,
    })
  }

  #end(end: LinkEnd): void {
    if (this.#ended) return
    this.#ended = true
    this.#reader.stop()
    this.#timers.dispose()
    this.#restTimer?.dispose()
    this.#session.dispose()
    this.#socket?.destroy()
    this.#route?.dispose()
    this.#guard(() => this.#listener.onEnd(end))
  }

  #tell(call: () => void): void {
    if (!this.#ended) this.#guard(call)
  }

  #guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#options.onFault({ fault: 'listenerThrew', error })
    }
  }
}
