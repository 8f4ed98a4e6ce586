/**
 * A WebSocket server that does what a test tells it, byte by byte, and a listener that writes down what a link said.
 * It knows no STOMP beyond finding the frames a client sent.
 */
import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { type StompFault } from '#electron/adapters/stomp/link.ts'
import type { ResolveProxy } from '#electron/adapters/stomp/proxy.ts'
import { createStompTransport } from '#electron/adapters/stomp/transport.ts'
import type { Clock } from '#electron/core/ports/platform.ts'
import type { Frame, Link, LinkEnd, LinkOptions, Transport } from '#electron/core/ports/transport.ts'

export interface ClientMessage {
  readonly bytes: Buffer
  readonly isBinary: boolean
}

/** One client as the server sees it. */
export class Client {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  readonly messages: ClientMessage[] = []
  closeCode: number | null = null
  #waiters: (() => void)[] = []

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.socket = socket
    this.request = request
    socket.on('message', (data, isBinary) => {
      this.messages.push({ bytes: data as Buffer, isBinary })
      this.#wake()
    })
    socket.on('close', (code) => {
      this.closeCode = code
      this.#wake()
    })
    socket.on('error', () => undefined)
  }

  /** Everything received so far, as text. */
  get received(): string {
    return Buffer.concat(this.messages.map(({ bytes }) => bytes)).toString('utf8')
  }

  /** Resolves once the condition holds; asked again whenever something came. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.push(resolve))
  }

  async untilReceived(text: string): Promise<void> {
    await this.until(() => this.received.includes(text))
  }

  /** Waits for CONNECT and answers it. */
  async accept(headers = 'heart-beat:0,0\n'): Promise<void> {
    await this.untilReceived('CONNECT\n')
    this.socket.send(`CONNECTED\nversion:1.2\n${headers}\n\0`)
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve()
  }
}

export interface RawServerOptions {
  /** Answers requests that are no upgrades, and upgrades where `upgrade` is not given and `refuse` is. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex) => boolean
  readonly onRequest?: (request: IncomingMessage, response: ServerResponse) => void
  readonly protocol?: string | false
}

export class RawServer {
  readonly #http: Server
  readonly #sockets = new Set<Duplex>()
  readonly #arrived: Client[] = []
  #waiting: ((client: Client) => void)[] = []

  private constructor(http: Server) {
    this.#http = http
  }

  static async start(options: RawServerOptions = {}): Promise<RawServer> {
    const http = createServer(options.onRequest ?? ((_, response) => response.writeHead(404).end()))
    const webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: 64 * 1024 * 1024,
      ...(options.protocol === undefined ? {} : { handleProtocols: () => options.protocol as string | false }),
    })
    const server = new RawServer(http)
    http.on('connection', (socket) => {
      server.#sockets.add(socket)
      socket.on('close', () => server.#sockets.delete(socket))
    })
    http.on('upgrade', (request, socket, head) => {
      if (options.onUpgrade?.(request, socket) === true) return
      webSockets.handleUpgrade(request, socket, head, (webSocket) => server.#arrive(new Client(webSocket, request)))
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return server
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/ws`
  }

  client(): Promise<Client> {
    const client = this.#arrived.shift()
    return client === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(client)
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#http.close()
    await once(this.#http, 'close')
  }

  #arrive(client: Client): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#arrived.push(client)
    else waiting(client)
  }
}

/** A clock whose timers run when the test says so. */
export class ManualClock implements Pick<Clock, 'now' | 'after'> {
  #time = 0
  #timers: { at: number; run: () => void }[] = []

  now(): number {
    return 1_700_000_000_000 + this.#time
  }

  after(delayMs: number, run: () => void): { dispose: () => void } {
    const timer = { at: this.#time + delayMs, run }
    this.#timers.push(timer)
    return { dispose: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) }
  }

  get pending(): number {
    return this.#timers.length
  }

  advance(ms: number): void {
    this.#time += ms
    for (const timer of this.#timers.filter(({ at }) => at <= this.#time)) {
      this.#timers = this.#timers.filter((other) => other !== timer)
      timer.run()
    }
  }
}

export interface RecorderOptions {
  readonly resolveProxy?: ResolveProxy
  readonly trustSystem?: () => void
  /** What stands between the recorder and the transport. */
  readonly through?: (transport: Transport) => Transport
}

/** A link and all it said. */
export class Recorder {
  readonly calls: string[] = []
  readonly frames: Frame[] = []
  readonly receipts: string[] = []
  readonly faults: StompFault[] = []
  readonly link: Link
  heartbeat: LinkOptions['heartbeat'] | null = null
  end: LinkEnd | null = null
  alive = 0
  /** Bytes counted as life. */
  bytes = 0
  /** Round trips. */
  readonly pongs: number[] = []
  onFrame: (frame: Frame) => void = () => undefined
  #waiters: (() => void)[] = []

  constructor(
    options: Partial<LinkOptions> & { url: string },
    clock?: Pick<Clock, 'now' | 'after'>,
    { resolveProxy, trustSystem, through = (transport) => transport }: RecorderOptions = {},
  ) {
    const said = (call: string): void => {
      this.calls.push(call)
      for (const resolve of this.#waiters.splice(0)) resolve()
    }
    const transport = createStompTransport({
      onFault: (fault) => {
        this.faults.push(fault)
        said('fault')
      },
      ...(clock === undefined ? {} : { clock }),
      ...(resolveProxy === undefined ? {} : { resolveProxy }),
      ...(trustSystem === undefined ? {} : { trustSystem }),
    })
    this.link = through(transport).open(
      {
        connectHeaders: { host: '127.0.0.1', Authorization: 'Bearer a.b.c' },
        heartbeat: { outgoingMs: 0, incomingMs: 0 },
        connectTimeoutMs: 10_000,
        ...options,
      },
      {
        onOpen: () => said('open'),
        onConnected: ({ heartbeat }) => {
          this.heartbeat = heartbeat
          said('connected')
        },
        onFrame: (frame) => {
          this.frames.push(frame)
          said('frame')
          this.onFrame(frame)
        },
        onReceipt: (id) => {
          this.receipts.push(id)
          said('receipt')
        },
        onPong: (roundTripMs = -1) => {
          this.pongs.push(roundTripMs)
          for (const resolve of this.#waiters.splice(0)) resolve()
        },
        onAlive: (bytes = 0) => {
          this.alive++
          this.bytes += bytes
          for (const resolve of this.#waiters.splice(0)) resolve()
        },
        onEnd: (end) => {
          this.end = end
          said('end')
        },
      },
    )
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.push(resolve))
  }

  async connected(): Promise<void> {
    await this.until(() => this.calls.includes('connected') || this.end !== null)
  }

  async ended(): Promise<LinkEnd> {
    await this.until(() => this.end !== null)
    if (this.end === null) throw new Error('not ended')
    return this.end
  }

  get texts(): string[] {
    return this.frames.map(({ body }) => Buffer.from(body).toString('utf8'))
  }
}

/** A MESSAGE frame; a body given as text is declared as JSON unless `type` says otherwise. */
export function messageFrame(
  body: string | Uint8Array,
  options: { type?: string | null; length?: number | null; destination?: string } = {},
): Buffer {
  const bytes = Buffer.from(body)
  const type = options.type === undefined ? 'application/json' : options.type
  const length = options.length === undefined ? bytes.length : options.length
  const head = [
    'MESSAGE',
    `destination:${options.destination ?? '/user/queue/messages'}`,
    'subscription:messages',
    'message-id:s-1',
    ...(type === null ? [] : [`content-type:${type}`]),
    ...(length === null ? [] : [`content-length:${length}`]),
  ]
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n\n`), bytes, Buffer.from([0])])
}
