/**
 * One account at work: its store, its connection, what comes in and what goes out. It owns the order of things after a
 * connect — subscriptions, then sync, then the queue — and publishes every change once. It must never ask which server
 * it talks to; what differs is in the dialect and its capabilities.
 */
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import { appError } from '#common/base/errors.ts'
import type { Profile } from '#common/domain/account.ts'
import type { Capabilities } from '#common/domain/capabilities.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { Command } from '#common/domain/commands.ts'
import type { ConnectionStatus } from '#common/domain/connection.ts'
import { type ServerEvent, type SessionEvent, isSessionEvent } from '#common/domain/events.ts'
import { Connection } from './connection.ts'
import { Inbox } from './inbox.ts'
import { Outbox } from './outbox.ts'
import type { Dialect } from './ports/dialect.ts'
import type { Clock, Log, Random } from './ports/platform.ts'
import type { Changed, IngestOutcome, Store } from './ports/store.ts'
import type { Frame, Link, Transport } from './ports/transport.ts'

/** Sync counts as finished when nothing came for so long after subscribing and asking, */
export const syncQuietMs = 800
/** and is asked a second time, because a question right after subscribing can overtake the subscription. */
export const syncRepeatMs = 1_500

/** A database that refuses may not keep the program from ending. */
export const closeWithinMs = 3_000

export interface SessionOptions {
  readonly profile: Profile
  readonly dialect: Dialect
  readonly store: Store
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** The current token; null when there is none, then the session stays signed out. */
  readonly token: () => string | null
  /** The server refused the token. */
  readonly onRefused: () => void
}

export class Session implements Disposable {
  readonly store: Store
  readonly #options: SessionOptions
  readonly #connection: Connection
  readonly #outbox: Outbox
  readonly #inbox: Inbox
  readonly #changes = new Emitter<ChangeSet>()
  readonly onChanges = this.#changes.event
  readonly #groups = new Set<string>()
  #link: Link | null = null
  #linkScope = new DisposableStack()
  #syncedLink: Link | null = null
  #subscribed = new Set<string>()
  #lastFrameAt = 0

  constructor(options: SessionOptions) {
    this.#options = options
    this.store = options.store
    const { clock, log, dialect, profile, store } = options
    const onChanges = (changes: ChangeSet): void => this.#changes.fire(changes)
    this.#outbox = new Outbox({
      store,
      clock,
      log,
      encode: (command) => dialect.encode(command, profile),
      messagesPerSecond: dialect.capabilities.sendRate,
      onChanges,
    })
    this.#inbox = new Inbox({
      store,
      clock,
      log,
      onIngested: (result) => this.#ingested(result),
      onPressure: (pressed) => (pressed ? this.#link?.pause() : this.#link?.resume()),
    })
    this.#connection = new Connection({
      transport: options.transport,
      clock,
      random: options.random,
      log,
      target: () => dialect.link(profile, options.token() ?? ''),
      readError: (serverError) => dialect.readError(serverError),
      handler: {
        onConnected: (link) => this.#connected(link),
        onFrame: (frame) => this.#frame(frame),
        onReceipt: (id) => this.#outbox.receipt(id),
        onAlive: () => this.#outbox.alive(),
        onLost: () => this.#lost(),
      },
    })
    this.#connection.onChanged(({ state }) => {
      if (state === 'rejected') options.onRefused()
    })
  }

  get capabilities(): Capabilities {
    return this.#options.dialect.capabilities
  }

  get connection(): ConnectionStatus {
    return this.#connection.status
  }

  get onConnection(): Connection['onChanged'] {
    return this.#connection.onChanged
  }

  /** Loads what is known and connects; without a token it only waits to be signed in. */
  async start(): Promise<void> {
    const { profile, clock, store } = this.#options
    const seeded = await store.seed(profile.groups ?? [], profile.contacts ?? [], clock.now())
    this.#publish(seeded.changes)
    for (const group of await store.groups()) this.#groups.add(group)
    this.connect()
  }

  connect(): void {
    if (this.#options.token() === null) this.#connection.end('rejected', appError('session.unauthorized'), null)
    else this.#connection.start()
  }

  /** The user's wish to be connected now; after a kick it is his answer to it. */
  tryNow(): void {
    if (this.#connection.status.state === 'kicked') this.connect()
    else this.#connection.tryNow()
  }

  renew(): void {
    this.#connection.renew()
  }

  /** Follows a group that the user just opened. */
  async refreshGroups(): Promise<void> {
    for (const group of await this.store.groups()) this.#groups.add(group)
    this.#followGroups()
  }

  /** Something was queued. */
  nudge(): void {
    this.#outbox.pump()
  }

  /** Publishes what an operation of the user changed and hands on its answer. */
  changed<T>({ value, changes }: Changed<T>): T {
    this.#publish(changes)
    return value
  }

  /** Stops talking, writes what has come, closes the store. */
  async close(): Promise<void> {
    this.#connection.stop()
    await Promise.race([this.#inbox.drained(), this.#after(closeWithinMs)])
    this.dispose()
    await this.store.close()
  }

  dispose(): void {
    this.#connection.dispose()
    this.#outbox.dispose()
    this.#inbox.dispose()
    this.#linkScope.dispose()
    this.#changes.dispose()
  }

  #connected(link: Link): void {
    const { dialect, clock } = this.#options
    this.#link = link
    this.#linkScope = new DisposableStack()
    this.#subscribed = new Set()
    for (const { id, destination } of dialect.baseSubscriptions()) link.subscribe(id, destination)
    this.#followGroups()
    if (dialect.pulseMs !== null) {
      this.#linkScope.add(clock.every(dialect.pulseMs, () => this.#tell({ type: 'session.pulse', at: clock.now() })))
      this.#tell({ type: 'session.pulse', at: clock.now() })
    }
    this.#lastFrameAt = clock.monotonic()
    const questions = dialect.afterSubscribing()
    for (const question of questions) this.#tell(question)
    if (questions.length > 0) {
      this.#linkScope.add(
        clock.after(syncRepeatMs, () => {
          for (const question of questions) this.#tell(question)
        }),
      )
    }
    this.#awaitQuiet(link)
  }

  #awaitQuiet(link: Link): void {
    const { clock } = this.#options
    const quietFor = clock.monotonic() - this.#lastFrameAt
    this.#linkScope.add(
      clock.after(Math.max(1, syncQuietMs - quietFor), () => {
        if (clock.monotonic() - this.#lastFrameAt < syncQuietMs) this.#awaitQuiet(link)
        else this.#synced(link)
      }),
    )
  }

  /** Once per link: what came so far is stored, then the queue goes out. */
  #synced(link: Link): void {
    if (this.#syncedLink === link) return
    this.#syncedLink = link
    void this.#inbox.drained().then(async () => {
      if (this.#link !== link) return
      this.#connection.synced()
      await this.#outbox.start(link)
    })
  }

  #lost(): void {
    this.#link = null
    this.#linkScope.dispose()
    this.#outbox.stop()
  }

  #frame(frame: Frame): void {
    const { dialect, profile, clock } = this.#options
    this.#lastFrameAt = clock.monotonic()
    const decoded = dialect.decode(frame, { selfId: profile.userId, isGroup: (id) => this.#groups.has(id) })
    if (!decoded.ok) {
      const { destination, contentType, body } = frame
      this.#inbox.keepUndecoded({ destination, contentType, body, reason: decoded.reason })
      return
    }
    for (const event of decoded.inbound.events) {
      if (isSessionEvent(event)) this.#sessionEvent(event)
      else this.#learnGroup(event)
    }
    this.#inbox.push(decoded.inbound)
  }

  /** A group named by one frame has to be known when the next one is decoded, before the store has answered. */
  #learnGroup(event: ServerEvent): void {
    if ('conversation' in event && event.conversation.kind === 'group') this.#groups.add(event.conversation.groupId)
  }

  #sessionEvent(event: SessionEvent): void {
    const { clock, log } = this.#options
    switch (event.type) {
      case 'session.kicked':
        this.#connection.end(
          'kicked',
          appError('session.kicked'),
          [event.by, event.reason].filter((part) => part !== null).join(': ') || null,
        )
        return
      case 'session.authenticated':
        if (!event.accepted) this.#connection.end('rejected', appError('session.unauthorized'), event.reason)
        return
      case 'session.pulse':
        // An answer by way of the subscriptions proves them; where nothing is to be fetched, that is all to wait for.
        if (this.#link !== null && this.#options.dialect.afterSubscribing().length === 0) this.#synced(this.#link)
        if (event.echoed !== null) log.info('pulse answered', { roundTripMs: clock.now() - event.echoed })
        return
      case 'session.greeted':
      case 'session.status':
        log.info('server said', { event: event.type })
    }
  }

  #ingested({ value, changes }: Changed<IngestOutcome>): void {
    this.#publish(changes)
    if (value.groups !== null) {
      this.#groups.clear()
      for (const group of value.groups) this.#groups.add(group)
      this.#followGroups()
    }
    this.#outbox.settled(value.settled, value.proofs)
  }

  /** Subscribes what is new and unsubscribes what is gone. */
  #followGroups(): void {
    const link = this.#link
    if (link === null) return
    const { dialect } = this.#options
    for (const group of this.#groups) {
      if (this.#subscribed.has(group)) continue
      const { id, destination } = dialect.groupSubscription(group)
      link.subscribe(id, destination)
      this.#subscribed.add(group)
    }
    for (const group of this.#subscribed) {
      if (this.#groups.has(group)) continue
      link.unsubscribe(dialect.groupSubscription(group).id)
      this.#subscribed.delete(group)
    }
  }

  /** Says something that is meant for this link only; what cannot be said is not repeated. */
  #tell(command: Command): void {
    const frame = this.#options.dialect.encode(command, this.#options.profile)
    if (frame.ok) this.#link?.send(frame.value, null)
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(ms, resolve))
  }

  #publish(changes: ChangeSet | null): void {
    if (changes !== null) this.#changes.fire(changes)
  }
}
