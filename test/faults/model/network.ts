/**
 * A network in virtual time between clients and the model server. It keeps what goes one way in its order, loses none
 * unless its link is cut, and hands on what a black hole held once it heals.
 */
import { appError } from '#common/base/errors.ts'
import type { Clock } from '#electron/core/ports/platform.ts'
import type {
  Link,
  LinkEnd,
  LinkListener,
  LinkOptions,
  OutboundFrame,
  Transport,
} from '#electron/core/ports/transport.ts'
import type { Direction } from '../proxy.ts'
import type { ModelServer, NearEnd } from './server.ts'

/** One way. */
const latencyMs = 5
const beatMs = 10_000
/** So many beats missed, and the server gives a client up. */
const beatsMissed = 3

/** One direction of one link. */
class Pipe {
  readonly #clock: Clock
  readonly #hasHole: () => boolean
  #waiting: (() => void)[] = []
  #held = 0
  #isCut = false

  constructor(clock: Clock, hasHole: () => boolean) {
    this.#clock = clock
    this.#hasHole = hasHole
  }

  push(deliver: () => void): void {
    if (this.#isCut) return
    this.#waiting.push(deliver)
    this.#clock.after(latencyMs, () => this.#next())
  }

  heal(): void {
    const held = this.#held
    this.#held = 0
    for (let n = 0; n < held; n++) this.#clock.after(latencyMs, () => this.#next())
  }

  cut(): void {
    this.#isCut = true
    this.#waiting = []
  }

  #next(): void {
    if (this.#hasHole()) this.#held++
    else this.#waiting.shift()?.()
  }
}

/** The network of a process; `die` is what the system does with the sockets of a killed one. */
export interface ProcessNetwork extends Transport {
  die(): void
}

export class ModelNetwork {
  readonly clock: Clock
  readonly server: ModelServer
  readonly #holes = new Set<Direction>()
  readonly #links = new Set<ModelLink>()
  #plugged = true
  #listening = true

  constructor(clock: Clock, server: ModelServer) {
    this.clock = clock
    this.server = server
  }

  ofProcess(): ProcessNetwork {
    const own = new Set<ModelLink>()
    return {
      open: (options, listener) => {
        const link = new ModelLink(this, options, listener, () => this.#links.delete(link))
        this.#links.add(link)
        own.add(link)
        return link
      },
      die: () => {
        for (const link of own) link.die()
      },
    }
  }

  /** Why nobody can be reached, or null. */
  get refusal(): 'link.unreachable' | 'link.refused' | null {
    if (!this.#plugged) return 'link.unreachable'
    return this.#listening ? null : 'link.refused'
  }

  hasHole(direction: Direction): boolean {
    return this.#holes.has(direction)
  }

  reset(): void {
    for (const link of [...this.#links]) link.reset()
  }

  plug(on: boolean): void {
    this.#plugged = on
  }

  /** The server says good-bye to everybody, and is not there until it listens again. */
  listen(on: boolean): void {
    this.#listening = on
    if (!on) for (const link of [...this.#links]) link.serverCloses()
  }

  blackHole(directions: readonly Direction[]): void {
    for (const direction of directions) this.#holes.add(direction)
  }

  heal(): void {
    this.#holes.clear()
    for (const link of this.#links) link.heal()
  }
}

class ModelLink implements Link {
  readonly localAddress = null
  readonly #network: ModelNetwork
  readonly #listener: LinkListener
  readonly #forget: () => void
  /** Towards the server. */
  readonly #out: Pipe
  /** Towards the client. */
  readonly #in: Pipe
  readonly #timers: { dispose(): void }[] = []
  #near: NearEnd | null = null
  #beatsMissed = 0
  #ended = false
  #paused = false
  #unread: (() => void)[] = []

  constructor(network: ModelNetwork, options: LinkOptions, listener: LinkListener, forget: () => void) {
    this.#network = network
    this.#listener = listener
    this.#forget = forget
    const { clock } = network
    this.#out = new Pipe(clock, () => network.hasHole('out'))
    this.#in = new Pipe(clock, () => network.hasHole('in'))
    const tooLate = clock.after(options.connectTimeoutMs, () => this.drop(appError('link.timedOut')))
    this.#timers.push(tooLate)
    this.#out.push(() => {
      const { refusal } = network
      this.#in.push(() => {
        if (refusal !== null) return this.drop(appError(refusal))
        listener.onOpen()
        this.#out.push(() => this.#accept(options, tooLate))
      })
    })
  }

  subscribe(id: string, destination: string): void {
    this.#toServer((near) => near.subscribe(id, destination))
  }

  unsubscribe(id: string): void {
    this.#toServer((near) => near.unsubscribe(id))
  }

  send(frame: OutboundFrame, receiptId: string | null): boolean {
    if (this.#ended) return false
    this.#toServer((near) => near.send(frame, receiptId))
    return true
  }

  ping(): void {
    this.#toServer(() => this.#toClient(() => this.#listener.onPong?.()))
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    for (const hear of this.#unread.splice(0)) hear()
  }

  close(): void {
    this.#toServer((near) => near.lost())
    this.#end({ problem: appError('link.closed', 'closed here'), serverError: null, retryAfterMs: null })
  }

  drop(problem: LinkEnd['problem']): void {
    this.#out.push(() => this.#serverLost())
    this.#end({ problem, serverError: null, retryAfterMs: null })
  }

  /** The process was killed: nobody hears anything any more, and the system resets the connection. */
  die(): void {
    if (this.#ended) return
    this.#ended = true
    for (const timer of this.#timers) timer.dispose()
    this.#out.push(() => this.#serverLost())
  }

  /** Cut on both sides; what was on its way is gone. */
  reset(): void {
    this.#out.cut()
    this.#in.cut()
    this.#serverLost()
    this.#end({ problem: appError('link.closed', 'ECONNRESET'), serverError: null, retryAfterMs: null })
  }

  serverCloses(): void {
    this.#near?.close(1001)
  }

  heal(): void {
    this.#out.heal()
    this.#in.heal()
  }

  #accept({ heartbeat }: LinkOptions, tooLate: { dispose(): void }): void {
    const { server, clock, refusal } = this.#network
    if (this.#ended || refusal !== null) {
      this.#in.push(() => this.drop(appError('link.closed')))
      return
    }
    this.#in.push(() => {
      if (this.#ended) return
      tooLate.dispose()
      this.#listener.onConnected({ heartbeat, server: null })
    })
    this.#near = server.connect({
      frame: (frame) => this.#toClient(() => this.#listener.onFrame(frame)),
      receipt: (id) => this.#toClient(() => this.#listener.onReceipt(id)),
      end: (end) => {
        this.#in.push(() => this.#end(end))
        this.#serverLost()
      },
    })
    if (heartbeat.incomingMs === 0) return
    this.#timers.push(
      clock.every(beatMs, () => this.#toClient(() => undefined)),
      clock.every(beatMs, () => this.#toServer(() => undefined)),
      clock.every(beatMs, () => {
        if (++this.#beatsMissed > beatsMissed) this.#near?.close(1002)
      }),
    )
  }

  #toServer(act: (near: NearEnd) => void): void {
    if (this.#ended) return
    this.#out.push(() => {
      const near = this.#near
      if (near === null) return
      this.#beatsMissed = 0
      act(near)
    })
  }

  #toClient(tell: () => void): void {
    const writtenAt = this.#network.server.now()
    this.#in.push(() => {
      const hear = (): void => {
        if (this.#ended) return
        this.#out.push(() => this.#near?.hasHad(writtenAt))
        this.#listener.onAlive()
        if (!this.#ended) tell()
      }
      if (this.#paused) this.#unread.push(hear)
      else hear()
    })
  }

  #serverLost(): void {
    const near = this.#near
    this.#near = null
    near?.lost()
    this.#forgetWhenOver()
  }

  #end(end: LinkEnd): void {
    if (this.#ended) return
    this.#ended = true
    for (const timer of this.#timers) timer.dispose()
    this.#forgetWhenOver()
    this.#listener.onEnd(end)
  }

  /** A link whose end is known on one side only may still be healed. */
  #forgetWhenOver(): void {
    if (this.#ended && this.#near === null) this.#forget()
  }
}
