/**
 * The supervisor of one account's connection. It owns the attempts: each uses a link of its own that is thrown away at
 * its end, full-jitter back-off between them, never giving up; the clients of a server that has left everybody
 * come back spread over some seconds. It promises that the state it reports is proved: a link
 * whose life cannot be proved for two intervals is dropped (watchdog.ts). It ends only when the server refuses the user
 * or sends him away. What happens to the machine (a wake-up, another network) ends the waiting, but never sooner than
 * the server asked for; the user's own wish does. It must never decide what frames mean.
 */
import { backoffDelay, farewellDelay, reconnectBackoff } from '#common/base/backoff.ts'
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import type { ConnectionState, ConnectionStatus } from '#common/domain/connection.ts'
import type { Clock, Log, Random } from './ports/platform.ts'
import type { Frame, Link, LinkEnd, LinkOptions, ServerError, Transport } from './ports/transport.ts'
import { Watchdog } from './watchdog.ts'

export const connectTimeoutMs = 20_000
/** A link that lived this long counts as stable: the back-off starts over. */
export const stableAfterMs = 60_000
/** How often a wait for the next try looks whether the clocks still agree. */
const waitStepMs = 5_000
/** The moment shown may be so far from the moment meant. */
const shownWithinMs = 1_000
/** A wall clock this far ahead of the other: the machine has probably slept. */
const sleptMs = 30_000

/** Problems no further attempt can mend: the user has to act. */
const endings: ReadonlySet<ErrorCode> = new Set([
  'session.unauthorized',
  'session.tokenMissing',
  'session.tokenExpired',
  'session.kicked',
])

export interface ConnectionOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Asked for each attempt anew, because tokens change. */
  readonly target: () => Pick<LinkOptions, 'url' | 'connectHeaders' | 'heartbeat'>
  readonly readError: (serverError: ServerError) => AppError
  readonly handler: ConnectionHandler
}

export interface LinkLoss {
  readonly problem: AppError
  /** The ERROR frame that the server ended it with. */
  readonly serverError: ServerError | null
}

/** Calls that concern the link that is up; they come in the order of things happening on it. */
export interface ConnectionHandler {
  /** CONNECTED has come. Subscribe, then ask for what was missed; answer when the account is up to date. */
  onConnected(link: Link): void
  onFrame(frame: Frame): void
  onReceipt(receiptId: string): void
  onAlive(): void
  /** The server has answered a ping: what was written before that ping has reached it. */
  onAnswered?(roundTripMs: number): void
  /** The link handed over by `onConnected` is gone; null: by our own wish. */
  onLost(why: LinkLoss | null): void
}

export class Connection implements Disposable {
  readonly #options: ConnectionOptions
  readonly #changed = new Emitter<ConnectionStatus>()
  readonly onChanged = this.#changed.event

  #status: ConnectionStatus = {
    state: 'offline',
    failures: 0,
    nextTryAt: null,
    problem: null,
    words: null,
    endedBy: null,
  }
  #link: Link | null = null
  #linkScope = new DisposableStack()
  #handedOver = false
  #retryTimer: Disposable | null = null
  #wanted = false
  #watchdog: Watchdog | null = null
  #held = false
  /** A link stood since the beginning. */
  #wasUp = false
  /** Attempts since the server left everybody; null when it did not, or was back since. */
  #farewells: number | null = null
  /** The server's Retry-After, on the monotonic clock. */
  #notBefore = 0
  #downSince: number

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#downSince = options.clock.monotonic()
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  /** Begins, or begins again after an end; without effect while a link stands or is being made. */
  start(): void {
    if (!this.#wanted) {
      this.#downSince = this.#options.clock.monotonic()
      this.#status = { ...this.#status, failures: 0 }
      this.#wasUp = false
      this.#farewells = null
    }
    this.#wanted = true
    if (this.#link === null) this.#attempt()
  }

  /** Whether the server or an administrator has ended the session. */
  get ended(): boolean {
    return this.#status.state === 'rejected' || this.#status.state === 'kicked'
  }

  /** The user's own wish: no waiting any more, whatever the server asked for. Ends stay ends. */
  tryNow(): void {
    if (this.#wanted && this.#link === null) this.#attempt()
  }

  /** After sleep the old link is not worth asking. */
  renew(): void {
    if (!this.#wanted) return
    if (this.#link !== null) this.#abandon(appError('link.offline', 'renewed'))
    this.#tryUnasked()
  }

  /**
   * The machine's network is another one; `addresses` are those it has now, null when only that is known. A link whose
   * address is gone is dead; any other is asked, because a new network need not take the old one away.
   */
  networkChanged(addresses: ReadonlySet<string> | null): void {
    if (!this.#wanted) return
    const own = this.#link?.localAddress ?? null
    if (own !== null && addresses !== null && !addresses.has(own)) this.renew()
    else if (this.#watchdog !== null) this.#watchdog.ask()
    else if (this.#link === null) this.#tryUnasked()
  }

  /** Stops reading from the socket, this one and later ones, or reads again. */
  hold(held: boolean): void {
    this.#held = held
    this.#watchdog?.hold(held)
  }

  /** Says good-bye and stays offline until `start`. */
  stop(): void {
    this.#wanted = false
    this.#cancelRetry()
    this.#link?.close()
    this.#release()
    this.#report('offline', { nextTryAt: null, problem: null, words: null, endedBy: null })
  }

  /** The account is up to date; queued messages may go. */
  synced(): void {
    if (this.#status.state !== 'syncing') return
    this.#watchdog?.demandAnswers()
    this.#report('online', { problem: null, words: null, endedBy: null })
  }

  /** The server or an administrator ended the session: no attempt until the user asks. */
  end(state: 'rejected' | 'kicked', problem: AppError, words: string | null, endedBy: string | null = null): void {
    this.#wanted = false
    this.#cancelRetry()
    this.#link?.close()
    this.#release()
    const { code, detail = null } = problem
    this.#report(state, { nextTryAt: null, problem: { code, detail }, words, endedBy })
  }

  dispose(): void {
    this.#wanted = false
    this.#cancelRetry()
    this.#link?.close()
    this.#release()
    this.#changed.dispose()
  }

  #attempt(): void {
    this.#cancelRetry()
    this.#report('connecting', { nextTryAt: null })
    const { clock, transport, target } = this.#options
    const scope = (this.#linkScope = new DisposableStack())
    // A link that outlived its place may still speak; only the current one is heard.
    const current = (): boolean => this.#linkScope === scope
    this.#link = transport.open(
      { ...target(), connectTimeoutMs },
      {
        onOpen: () => {
          if (current()) this.#report('authenticating', {})
        },
        onConnected: ({ heartbeat }) => {
          if (!current() || this.#link === null) return
          this.#watch(scope, this.#link, heartbeat.incomingMs)
          scope.add(clock.after(stableAfterMs, () => this.#settleDown()))
          this.#farewells = null
          this.#wasUp = true
          this.#report('syncing', {})
          this.#handedOver = true
          this.#options.handler.onConnected(this.#link)
        },
        onFrame: (frame) => {
          if (!current()) return
          this.#alive(0)
          this.#options.handler.onFrame(frame)
        },
        onReceipt: (id) => {
          if (!current()) return
          this.#alive(0)
          this.#options.handler.onReceipt(id)
        },
        onAlive: (bytes = 0) => {
          if (current()) this.#alive(bytes)
        },
        onPong: (roundTripMs = 0) => {
          if (!current()) return
          this.#watchdog?.answered()
          if (this.#handedOver) this.#options.handler.onAnswered?.(roundTripMs)
        },
        onEnd: (end) => {
          if (current()) this.#ended(end)
        },
      },
    )
  }

  #alive(bytes: number): void {
    this.#watchdog?.heard(bytes)
    if (this.#handedOver) this.#options.handler.onAlive()
  }

  #watch(scope: DisposableStack, link: Link, heartbeatMs: number): void {
    const { clock } = this.#options
    this.#watchdog = scope.add(
      new Watchdog({ clock, link, heartbeatMs, onDead: (why) => link.drop(appError('link.silent', why)) }),
    )
    this.#watchdog.hold(this.#held)
  }

  #settleDown(): void {
    this.#downSince = this.#options.clock.monotonic()
    if (this.#status.failures > 0) this.#report(this.#status.state, { failures: 0 })
  }

  #ended(end: LinkEnd): void {
    const problem = end.serverError === null ? end.problem : this.#options.readError(end.serverError)
    this.#options.log.info('link ended', { code: problem.code, detail: problem.detail })
    const stood = this.#handedOver
    this.#release({ problem, serverError: end.serverError })
    if (!this.#wanted) return
    if (endings.has(problem.code)) {
      this.end(problem.code === 'session.kicked' ? 'kicked' : 'rejected', problem, end.serverError?.message ?? null)
      return
    }
    const { clock, random } = this.#options
    const now = clock.monotonic()
    if (stood && this.#status.failures === 0) this.#downSince = now
    const failures = this.#status.failures + 1
    const downForMs = now - this.#downSince
    // Nobody listens where a server was: it left everybody, if without a word.
    const isRefused = problem.code === 'link.refused' && this.#wasUp
    if (problem.code === 'link.serverStopping' || isRefused) this.#farewells ??= 0
    const backoffMs =
      this.#farewells !== null && downForMs < reconnectBackoff.longAfterMs
        ? farewellDelay(() => random.next(), this.#farewells++)
        : backoffDelay({ ...reconnectBackoff, random: () => random.next() }, failures - 1, downForMs)
    this.#notBefore = now + (end.retryAfterMs ?? 0)
    const delay = Math.max(backoffMs, end.retryAfterMs ?? 0)
    this.#await(now + delay)
    this.#report('offline', {
      failures,
      nextTryAt: clock.now() + delay,
      problem: { code: problem.code, detail: problem.detail ?? null },
      words: null,
      endedBy: null,
    })
  }

  /** Waits in steps: when the wall clock is set or the machine sleeps meanwhile, what is shown stays true. */
  #await(due: number): void {
    const { clock } = this.#options
    this.#cancelRetry()
    const from = clock.monotonic()
    const fromWall = clock.now()
    const step = Math.min(waitStepMs, due - from)
    this.#retryTimer = clock.after(step, () => {
      const now = clock.monotonic()
      const slept = clock.now() - fromWall - (now - from) > sleptMs
      if (now >= due - 1 || (slept && now >= this.#notBefore)) {
        this.#attempt()
        return
      }
      this.#await(due)
      const nextTryAt = clock.now() + due - now
      if (Math.abs(nextTryAt - (this.#status.nextTryAt ?? 0)) > shownWithinMs) this.#report('offline', { nextTryAt })
    })
  }

  /** At once, but not before the server wants it. */
  #tryUnasked(): void {
    const { clock } = this.#options
    if (this.#link !== null) return
    if (clock.monotonic() >= this.#notBefore) {
      this.#attempt()
      return
    }
    this.#await(this.#notBefore)
    this.#report('offline', { nextTryAt: clock.now() + this.#notBefore - clock.monotonic() })
  }

  /** Ends the current link by our own wish: that is no failure of the server's. */
  #abandon(problem: AppError): void {
    const link = this.#link
    this.#options.log.info('link given up', { detail: problem.detail })
    this.#release()
    link?.drop(problem)
  }

  /** Lets go of the current link; whatever it still says is not heard. */
  #release(why: LinkLoss | null = null): void {
    const stood = this.#handedOver
    this.#linkScope.dispose()
    this.#linkScope = new DisposableStack()
    this.#link = null
    this.#handedOver = false
    this.#watchdog = null
    if (stood) this.#options.handler.onLost(why)
  }

  #cancelRetry(): void {
    this.#retryTimer?.dispose()
    this.#retryTimer = null
  }

  #report(state: ConnectionState, change: Partial<ConnectionStatus>): void {
    this.#status = { ...this.#status, ...change, state }
    this.#changed.fire(this.#status)
  }
}
