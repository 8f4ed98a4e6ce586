/**
 * The supervisor of one account's connection. It owns the attempts: each uses a link of its own that is thrown away at
 * its end, full-jitter back-off between them, never giving up. It promises that the state it reports is proved: a link
 * that has shown no life for two intervals is dropped. It ends only when the server refuses the user or sends him away.
 * It must never decide what frames mean.
 */
import { backoffDelay, reconnectBackoff } from '#common/base/backoff.ts'
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import type { ConnectionState, ConnectionStatus } from '#common/domain/connection.ts'
import type { Clock, Log, Random } from './ports/platform.ts'
import type { Frame, Link, LinkEnd, LinkOptions, Transport } from './ports/transport.ts'

export const connectTimeoutMs = 20_000
/** A link that lived this long counts as stable: the back-off starts over. */
export const stableAfterMs = 60_000
/** Between signs of life where the server promised no heart-beats. */
export const pingPeriodMs = 15_000

/** Problems no further attempt can mend: the user has to act. */
const endings: ReadonlySet<ErrorCode> = new Set(['session.unauthorized', 'session.tokenExpired', 'session.kicked'])

export interface ConnectionOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Asked for each attempt anew, because tokens change. */
  readonly target: () => Pick<LinkOptions, 'url' | 'connectHeaders' | 'heartbeat'>
  readonly readError: (serverError: NonNullable<LinkEnd['serverError']>) => AppError
  readonly handler: ConnectionHandler
}

/** Calls that concern the link that is up; they come in the order of things happening on it. */
export interface ConnectionHandler {
  /** CONNECTED has come. Subscribe, then ask for what was missed; answer when the account is up to date. */
  onConnected(link: Link): void
  onFrame(frame: Frame): void
  onReceipt(receiptId: string): void
  onAlive(): void
  /** The link handed over by `onConnected` is gone; `byError`: the server ended it with an ERROR frame. */
  onLost(byError: boolean): void
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
  #lastAlive = 0
  #pinged = false
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
    this.#wanted = true
    if (this.#link === null) this.#attempt()
  }

  /** Whether the server or an administrator has ended the session. */
  get ended(): boolean {
    return this.#status.state === 'rejected' || this.#status.state === 'kicked'
  }

  /** The user's click, a resume, a network that came back: no waiting any more. Ends stay ends. */
  tryNow(): void {
    if (this.#wanted && this.#link === null) this.#attempt()
  }

  /** After sleep, or when the network changed, the old link is not worth asking. */
  renew(): void {
    if (!this.#wanted) return
    if (this.#link === null) this.#attempt()
    else this.#link.drop(appError('link.offline', 'network or power state changed'))
    this.tryNow()
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
    if (this.#status.state === 'syncing') this.#report('online', { problem: null, words: null, endedBy: null })
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
          this.#alive()
          this.#watch(scope, heartbeat.incomingMs > 0 ? heartbeat.incomingMs : pingPeriodMs)
          scope.add(clock.after(stableAfterMs, () => this.#settleDown()))
          this.#report('syncing', {})
          this.#handedOver = true
          this.#options.handler.onConnected(this.#link)
        },
        onFrame: (frame) => {
          if (!current()) return
          this.#alive()
          this.#options.handler.onFrame(frame)
        },
        onReceipt: (id) => {
          if (!current()) return
          this.#alive()
          this.#options.handler.onReceipt(id)
        },
        onAlive: () => {
          if (current()) this.#alive()
        },
        onEnd: (end) => {
          if (current()) this.#ended(end)
        },
      },
    )
  }

  #alive(): void {
    this.#lastAlive = this.#options.clock.monotonic()
    this.#pinged = false
    if (this.#handedOver) this.#options.handler.onAlive()
  }

  /** Silence of one interval is asked about by a ping, silence of two ends the link. */
  #watch(scope: DisposableStack, periodMs: number): void {
    const { clock } = this.#options
    scope.add(
      clock.every(periodMs / 2, () => {
        const silentMs = clock.monotonic() - this.#lastAlive
        if (silentMs >= 2 * periodMs && this.#pinged) this.#link?.drop(appError('link.silent'))
        else if (silentMs >= periodMs && !this.#pinged) {
          this.#pinged = true
          this.#link?.ping()
        }
      }),
    )
  }

  #settleDown(): void {
    this.#downSince = this.#options.clock.monotonic()
    if (this.#status.failures > 0) this.#report(this.#status.state, { failures: 0 })
  }

  #ended(end: LinkEnd): void {
    const problem = end.serverError === null ? end.problem : this.#options.readError(end.serverError)
    this.#options.log.info('link ended', { code: problem.code, detail: problem.detail })
    const stood = this.#handedOver
    this.#release(end.serverError !== null)
    if (!this.#wanted) return
    if (endings.has(problem.code)) {
      this.end(problem.code === 'session.kicked' ? 'kicked' : 'rejected', problem, end.serverError?.message ?? null)
      return
    }
    const { clock, random } = this.#options
    const now = clock.monotonic()
    if (stood && this.#status.failures === 0) this.#downSince = now
    const failures = this.#status.failures + 1
    const delay = Math.max(
      backoffDelay({ ...reconnectBackoff, random: () => random.next() }, failures - 1, now - this.#downSince),
      end.retryAfterMs ?? 0,
    )
    this.#retryTimer = clock.after(delay, () => this.#attempt())
    this.#report('offline', {
      failures,
      nextTryAt: clock.now() + delay,
      problem: { code: problem.code, detail: problem.detail ?? null },
      words: null,
      endedBy: null,
    })
  }

  /** Lets go of the current link; whatever it still says is not heard. */
  #release(byError = false): void {
    const stood = this.#handedOver
    this.#linkScope.dispose()
    this.#linkScope = new DisposableStack()
    this.#link = null
    this.#handedOver = false
    this.#pinged = false
    if (stood) this.#options.handler.onLost(byError)
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
