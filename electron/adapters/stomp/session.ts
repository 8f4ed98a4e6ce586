/**
 * The STOMP library, and the only file that knows it. It writes what we say (CONNECT, SUBSCRIBE, SEND, DISCONNECT, our
 * heart-beats) and pairs the DISCONNECT with its receipt. What a server says is cut and read by FrameReader; only
 * CONNECTED and RECEIPT are handed to the library, rebuilt from what was understood of them.
 *
 * Contained here, of 7.5.0: it swallows exceptions of handlers (nothing of ours runs inside it unguarded), its watchdog
 * follows the wall clock (switched off: the supervisor has a monotonic one), its parser believes any content-length and
 * its `debug` prints tokens (never set), a heart-beat header that is no number becomes a timer of 1 ms.
 */
import { Client, Versions } from '@stomp/stompjs'
import { type OutboundFrame, subscriptionReceipt } from '#electron/core/ports/transport.ts'
import { escapeHeader } from './headers.ts'

export interface StompSessionOptions {
  readonly connectHeaders: Readonly<Record<string, string>>
  readonly heartbeat: Heartbeat
  readonly send: (data: string | ArrayBuffer | Uint8Array) => void
  readonly isOpen: () => boolean
  /** DISCONNECT is answered: the socket may close. */
  readonly onDisconnected: () => void
  readonly onReceipt: (receiptId: string) => void
}

export interface Heartbeat {
  /** Ms; 0 means none. */
  readonly outgoingMs: number
  readonly incomingMs: number
}

type SocketState = 0 | 1 | 2 | 3

/** What the library sees in place of a WebSocket. */
interface LibrarySocket {
  url: string
  onopen: ((event?: unknown) => unknown) | undefined | null
  onmessage: ((event: { data: string }) => unknown) | undefined | null
  onclose: ((event?: unknown) => unknown) | undefined | null
  onerror: ((event: unknown) => unknown) | undefined | null
  binaryType?: string
  readonly readyState: SocketState
  send(data: string | ArrayBuffer): void
  close(): void
  terminate(): void
}

const longestTimerMs = 2_147_483_647

export class StompSession {
  readonly #client: Client
  readonly #socket: LibrarySocket
  readonly #options: StompSessionOptions
  readonly #subscriptions = new Set<string>()
  #closed = false

  constructor(options: StompSessionOptions) {
    this.#options = options
    this.#socket = {
      url: '',
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      get readyState() {
        return options.isOpen() ? 1 : 3
      },
      send: (data) => options.send(data),
      close: () => options.onDisconnected(),
      terminate: () => undefined,
    }
    const { outgoingMs, incomingMs } = options.heartbeat
    this.#client = new Client({
      webSocketFactory: () => this.#socket,
      stompVersions: new Versions([Versions.V1_2]),
      connectHeaders: { ...options.connectHeaders },
      heartbeatOutgoing: outgoingMs,
      heartbeatIncoming: incomingMs,
      heartbeatToleranceMultiplier: Number.POSITIVE_INFINITY,
      reconnectDelay: 0,
      discardWebsocketOnCommFailure: true,
      onUnhandledReceipt: (frame) => options.onReceipt(frame.headers['receipt-id'] ?? ''),
    })
  }

  /** The WebSocket stands: CONNECT is written when the promise resolves. */
  async open(): Promise<void> {
    this.#client.activate()
    // The library attaches itself to the socket one turn of the micro-task queue after being activated.
    await Promise.resolve()
  }

  /** CONNECTED has come. Answers the heart-beats both sides agreed on; null when nobody asked to connect yet. */
  connected(serverHeartbeat: string | undefined): Heartbeat | null {
    const { outgoingMs, incomingMs } = this.#options.heartbeat
    const [serverSends, serverWants] = (serverHeartbeat ?? '').split(',').map(period)
    this.#hand('CONNECTED', { version: '1.2', 'heart-beat': `${serverSends ?? 0},${serverWants ?? 0}` })
    if (!this.#client.connected) return null
    return { outgoingMs: agreed(outgoingMs, serverWants), incomingMs: agreed(incomingMs, serverSends) }
  }

  receipt(receiptId: string): void {
    this.#hand('RECEIPT', { 'receipt-id': escapeHeader(receiptId) })
  }

  subscribe(id: string, destination: string): void {
    if (!this.#client.connected || this.#subscriptions.has(id)) return
    this.#subscriptions.add(id)
    this.#client.subscribe(destination, () => undefined, { id, receipt: subscriptionReceipt(id) })
  }

  unsubscribe(id: string): void {
    if (this.#client.connected && this.#subscriptions.delete(id)) this.#client.unsubscribe(id)
  }

  publish({ destination, headers, body }: OutboundFrame, receiptId: string | null): boolean {
    if (!this.#client.connected) return false
    this.#client.publish({
      destination,
      headers: receiptId === null ? { ...headers } : { ...headers, receipt: receiptId },
      ...(typeof body === 'string' ? { body } : { binaryBody: body }),
    })
    return true
  }

  /** Writes DISCONNECT; `onDisconnected` tells when it was answered. */
  disconnect(): void {
    void this.#client.deactivate()
  }

  /** Stops the heart-beats; nothing is written any more. */
  dispose(): void {
    if (this.#closed) return
    this.#closed = true
    void this.#client.deactivate({ force: true })
    this.#socket.onclose?.({ code: 1006, reason: '', wasClean: false })
  }

  #hand(command: string, headers: Readonly<Record<string, string>>): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
    this.#socket.onmessage?.({ data: `${command}\n${lines.join('')}\n\0` })
  }
}

/** A period as servers write it; nonsense and ages are none. */
function period(text: string): number {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : 0
  return value <= longestTimerMs ? value : 0
}

function agreed(ours: number, theirs: number | undefined): number {
  return ours === 0 || theirs === undefined || theirs === 0 ? 0 : Math.max(ours, theirs)
}
