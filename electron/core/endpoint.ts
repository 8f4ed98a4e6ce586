/**
 * Which way leads to a server: the ways are tried in order within one attempt, each on a link of its own, and the one
 * that led to CONNECTED is remembered and tried first the next time. It promises that only an end that says "not offered
 * here" moves on to another way: a refusal, a wrong certificate or an unknown host is the answer, whichever way it came.
 * It must never retry a way within one attempt.
 */
import type { Profile } from '#common/domain/account.ts'
import {
  type Link,
  type LinkEnd,
  type LinkListener,
  type LinkOptions,
  type NotOffered,
  type Transport,
  type Way,
  ways,
} from './ports/transport.ts'

/** The way that led to the server last time; one per account. */
export interface WayMemory {
  recall(): Way | null
  /** null: the way remembered leads there no more. */
  remember(way: Way | null): void
}

export interface EndpointOptions {
  readonly transport: Transport
  /** What the profile allows; both are tried where it names none. */
  readonly fixed?: Profile['transport']
  readonly memory: WayMemory
}

const concerned: Readonly<Record<NotOffered, (way: Way) => boolean>> = {
  way: () => false,
  webSockets: (way) => way !== 'sockJsStreaming' && way !== 'sockJsPolling',
  sockJs: isSockJs,
}

/** A transport whose every `open` finds its way; the `way` of the options given is not heeded. */
export function createEndpoint(options: EndpointOptions): Transport {
  return { open: (linkOptions, listener) => new SearchingLink(options, linkOptions, listener) }
}

/** A way as it was written down; null for anything else. */
export function wayFrom(value: unknown): Way | null {
  return ways.find((way) => way === value) ?? null
}

function isSockJs(way: Way): boolean {
  return way.startsWith('sockJs')
}

function allowedWays(fixed: Profile['transport']): readonly Way[] {
  return fixed === undefined ? ways : ways.filter((way) => isSockJs(way) === (fixed === 'sockjs'))
}

class SearchingLink implements Link {
  readonly #options: EndpointOptions
  readonly #linkOptions: LinkOptions
  readonly #listener: LinkListener
  readonly #remembered: Way | null
  #left: Way[]
  #link: Link
  #firstEnd: LinkEnd | null = null

  constructor(options: EndpointOptions, linkOptions: LinkOptions, listener: LinkListener) {
    this.#options = options
    this.#linkOptions = linkOptions
    this.#listener = listener
    const allowed = allowedWays(options.fixed)
    const remembered = options.memory.recall()
    this.#remembered = remembered !== null && allowed.includes(remembered) ? remembered : null
    const [first = 'webSocket', ...left] =
      this.#remembered === null ? allowed : [this.#remembered, ...allowed.filter((way) => way !== this.#remembered)]
    this.#left = left
    this.#link = this.#try(first)
  }

  #try(way: Way): Link {
    return this.#options.transport.open(
      { ...this.#linkOptions, way },
      {
        onOpen: () => this.#listener.onOpen(),
        onFrame: (frame) => this.#listener.onFrame(frame),
        onReceipt: (id) => this.#listener.onReceipt(id),
        onAlive: (bytes) => this.#listener.onAlive(bytes),
        onPong: (roundTripMs) => this.#listener.onPong?.(roundTripMs),
        onConnected: (info) => {
          this.#listener.onConnected(info)
          if (way !== this.#remembered) this.#options.memory.remember(way)
        },
        onEnd: (end) => this.#ended(way, end),
      },
    )
  }

  #ended(way: Way, end: LinkEnd): void {
    const { notOffered } = end
    if (notOffered === undefined) {
      this.#listener.onEnd(end)
      return
    }
    if (way === this.#remembered) this.#options.memory.remember(null)
    // What the best way said is the most telling: the others are asked only because of it.
    this.#firstEnd ??= end
    this.#left = this.#left.filter((other) => !concerned[notOffered](other))
    const next = this.#left.shift()
    if (next === undefined) this.#listener.onEnd(this.#firstEnd)
    else this.#link = this.#try(next)
  }

  get localAddress(): string | null {
    return this.#link.localAddress
  }

  subscribe(id: string, destination: string): void {
    this.#link.subscribe(id, destination)
  }

  unsubscribe(id: string): void {
    this.#link.unsubscribe(id)
  }

  send(...[frame, receiptId]: Parameters<Link['send']>): boolean {
    return this.#link.send(frame, receiptId)
  }

  ping(): void {
    this.#link.ping()
  }

  pause(): void {
    this.#link.pause()
  }

  resume(): void {
    this.#link.resume()
  }

  close(): void {
    this.#link.close()
  }

  drop(problem: LinkEnd['problem']): void {
    this.#link.drop(problem)
  }
}
