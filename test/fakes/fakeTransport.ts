/** Links in memory, driven by the test. */
import { appError } from '#common/base/errors.ts'
import type { ErrorCode } from '#common/base/errors.ts'
import type {
  Frame,
  Link,
  LinkEnd,
  LinkListener,
  LinkOptions,
  OutboundFrame,
  Transport,
} from '#electron/core/ports/transport.ts'

export class FakeLink implements Link {
  readonly options: LinkOptions
  readonly listener: LinkListener
  readonly subscriptions = new Map<string, string>()
  readonly sent: { frame: OutboundFrame; receiptId: string | null }[] = []
  pings = 0
  paused = false
  ended = false
  writable = true
  localAddress: string | null = null

  constructor(options: LinkOptions, listener: LinkListener) {
    this.options = options
    this.listener = listener
  }

  subscribe(id: string, destination: string): void {
    if (this.subscriptions.has(id)) throw new Error(`subscribed twice: ${id}`)
    this.subscriptions.set(id, destination)
  }

  unsubscribe(id: string): void {
    this.subscriptions.delete(id)
  }

  send(frame: OutboundFrame, receiptId: string | null): boolean {
    if (this.ended || !this.writable) return false
    this.sent.push({ frame, receiptId })
    return true
  }

  ping(): void {
    this.pings++
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  close(): void {
    this.end('link.closed')
  }

  drop(problem: LinkEnd['problem']): void {
    this.end(problem.code)
  }

  /** The server accepts. */
  accept(heartbeat = { outgoingMs: 10_000, incomingMs: 10_000 }): void {
    this.listener.onOpen()
    this.listener.onConnected({ heartbeat, server: null })
  }

  receive(frame: Partial<Frame>): void {
    this.listener.onFrame({ destination: '', contentType: null, headers: {}, body: new Uint8Array(), ...frame })
  }

  /** This way to the server is not offered. */
  endNotOffered(notOffered: NonNullable<LinkEnd['notOffered']>, code: ErrorCode = 'link.httpNotFound'): void {
    this.ended = true
    this.listener.onEnd({ problem: appError(code), serverError: null, retryAfterMs: null, notOffered })
  }

  end(code: ErrorCode, serverError: LinkEnd['serverError'] = null, retryAfterMs: number | null = null): void {
    if (this.ended) return
    this.ended = true
    this.listener.onEnd({ problem: appError(code), serverError, retryAfterMs })
  }
}

export class FakeTransport implements Transport {
  readonly links: FakeLink[] = []

  open(options: LinkOptions, listener: LinkListener): Link {
    const link = new FakeLink(options, listener)
    this.links.push(link)
    return link
  }

  get last(): FakeLink {
    const link = this.links.at(-1)
    if (link === undefined) throw new Error('no link was opened')
    return link
  }
}

/** A link nobody listens to: for what only sends. */
export function idleLink(): FakeLink {
  const nothing = (): void => undefined
  return new FakeLink(
    { url: '', connectHeaders: {}, heartbeat: { outgoingMs: 0, incomingMs: 0 }, connectTimeoutMs: 1 },
    { onOpen: nothing, onConnected: nothing, onFrame: nothing, onReceipt: nothing, onAlive: nothing, onEnd: nothing },
  )
}

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined }
