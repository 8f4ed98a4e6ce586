/**
 * One account at work: its store, its connection, what comes in and what goes out. It owns the order of things after a
 * connect — subscriptions, then sync, then the queue — and publishes every change once. It must never ask which server
 * it talks to; what differs is in the dialect and its capabilities.
 */
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import { type AppError, appError } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Profile } from '#common/domain/account.ts'
import type { SearchAnswer } from '#common/domain/search/answer.ts'
import type { Capabilities } from '#common/domain/capabilities.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { Command } from '#common/domain/commands.ts'
import type { ConnectionStatus, SessionStatus } from '#common/domain/connection.ts'
import type { Hole } from '#common/domain/message.ts'
import { type ServerEvent, type SessionEvent, isSessionEvent } from '#common/domain/events.ts'
import { CatchUp } from './catchUp.ts'
import { Connection, type LinkLoss } from './connection.ts'
import type { Echo } from './doctor/ports.ts'
import { GroupSubscriptions } from './groupSubscriptions.ts'
import { Inbox } from './inbox.ts'
import { MissedQuestion } from './missedQuestion.ts'
import { Outbox } from './outbox.ts'
import type { Dialect } from './ports/dialect.ts'
import type { Clock, Log, Random } from './ports/platform.ts'
import type { Changed, IngestOutcome, SearchRequest, Store } from './ports/store.ts'
import type { Frame, Link, Transport } from './ports/transport.ts'
import { Renewal } from './renewal.ts'
import { Indexing } from './search/indexing.ts'
import { SessionFacts } from './sessionFacts.ts'
import { askedFact } from './store/askedHoles.ts'

/** How often what is derived is counted anew. */
export const verifyPeriodMs = 24 * 3_600_000

/** A database that refuses may not keep the program from ending. */
export const closeWithinMs = 3_000

/** For the answer to an echo that somebody asked for. */
export const echoWithinMs = 5_000

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
  /** New tokens come by themselves: nobody has to be asked before the old one ends. */
  readonly feedsItself?: () => boolean
}

export class Session implements Disposable {
  readonly store: Store
  readonly #options: SessionOptions
  readonly #connection: Connection
  readonly #outbox: Outbox
  readonly #inbox: Inbox
  readonly #changes = new Emitter<ChangeSet>()
  readonly onChanges = this.#changes.event
  readonly #pulses = new Emitter<Extract<SessionEvent, { type: 'session.pulse' }>>()
  readonly #facts: SessionFacts
  readonly #renewal: Renewal
  readonly #indexing: Indexing
  readonly #groups: GroupSubscriptions
  #link: Link | null = null
  #linkScope = new DisposableStack()
  #syncedLink: Link | null = null
  readonly #catchUp: CatchUp
  readonly #missed: MissedQuestion
  #syncTimer: Disposable | null = null
  #verifyTimer: Disposable | null = null

  constructor(options: SessionOptions) {
    this.#options = options
    this.store = options.store
    const { clock, log, dialect, profile, store } = options
    this.#facts = new SessionFacts({ clock, feedsItself: () => options.feedsItself?.() === true })
    this.#groups = new GroupSubscriptions({
      dialect,
      clock,
      log,
      onRefused: (refused) => this.#facts.refused(refused),
    })
    this.#renewal = new Renewal(clock)
    this.#indexing = new Indexing({ store, clock, log })
    this.#catchUp = new CatchUp(clock)
    this.#missed = new MissedQuestion({
      clock,
      ask: () => this.#askForMissed(),
      quietMs: () => this.#catchUp.quietMs,
      onRest: (until) => this.#facts.missedRests(until),
    })
    const onChanges = (changes: ChangeSet): void => this.#changes.fire(changes)
    this.#outbox = new Outbox({
      store,
      clock,
      log,
      encode: (command) => dialect.encode(command, profile),
      messagesPerSecond: dialect.capabilities.sendRate,
      needsServerId: dialect.capabilities.needsServerId,
      onChanges,
    })
    this.#inbox = new Inbox({
      store,
      clock,
      log,
      onIngested: (result) => this.#ingested(result),
      onPressure: (pressed) => this.#connection.hold(pressed),
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
        onAnswered: (roundTripMs) => {
          this.#groups.answered(roundTripMs)
          this.#outbox.answered(roundTripMs)
        },
        onLost: (why) => this.#lost(why),
      },
    })
    this.#connection.onChanged(({ state, problem }) => {
      if (state === 'offline' && problem !== null) this.#outbox.linkEnded(problem.code)
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

  /** What was learned beside rows. */
  get status(): SessionStatus {
    return this.#facts.status
  }

  get onStatus(): SessionFacts['onChanged'] {
    return this.#facts.onChanged
  }

  /** Loads what is known and connects; without a token it only waits to be signed in. */
  async start(): Promise<void> {
    const { profile, clock, store } = this.#options
    const seeded = await store.seed(profile.groups ?? [], profile.contacts ?? [], clock.now())
    this.#publish(seeded.changes)
    this.#groups.add(await store.groups())
    this.connect()
    this.#verifyTimer = clock.every(verifyPeriodMs, () => void this.#verify())
    void this.#verify()
    this.#indexing.start()
  }

  connect(): void {
    if (this.#options.token() === null) this.#connection.end('rejected', appError('session.tokenMissing'), null)
    else this.#connection.start()
  }

  /** The user's wish to be connected now; after a kick it is his answer to it. */
  tryNow(): void {
    if (this.#connection.status.state === 'kicked') this.connect()
    else this.#connection.tryNow()
  }

  /** After sleep. */
  renew(): void {
    this.#connection.renew()
  }

  /** See `Connection.networkChanged`. */
  networkChanged(addresses: ReadonlySet<string> | null): void {
    this.#connection.networkChanged(addresses)
  }

  /**
   * Gives the new token to the server on the connection that is up. The caller keeps it when that worked. Fails with
   * `link.offline` when nothing is up that could take it, else as `Renewal.ask` does.
   */
  async renewToken(token: string): Promise<Result<null>> {
    const link = this.#link
    const frame = this.#encode({ type: 'session.renew', token, at: this.#options.clock.now() })
    if (link === null || !this.capabilities.renewal || !frame.ok) return fail('link.offline')
    const renewed = await this.#renewal.ask(() => link.send(frame.value, null))
    if (renewed.ok) this.#facts.watchToken(token)
    return renewed
  }

  /** Another token is to be used from now on, by a new connection. */
  reconnect(): void {
    if (this.#connection.ended) this.connect()
    else this.#connection.renew()
  }

  /**
   * Asks the server for what did not come, waits for the answer, and notes what it left open. Answers the holes of the
   * conversation after that. Fails with `link.offline`, and with `message.notSupported` where the server has no call.
   */
  async askAgain(conversationId: string): Promise<Result<readonly Hole[]>> {
    const { clock, store } = this.#options
    const link = this.#link
    if (!this.capabilities.resync) return fail('message.notSupported', 'resync')
    if (link === null || this.#syncedLink !== link) return fail('link.offline')
    this.#catchUp.start()
    this.#askForMissed()
    for (let wait = this.#catchUp.remainingMs(); wait > 0; wait = this.#catchUp.remainingMs()) {
      await this.#after(wait)
      if (this.#link !== link) return fail('link.offline')
    }
    await this.#inbox.drained()
    const before = await store.page(conversationId, { at: 'newest' }, 1)
    if (!before.ok) return before
    const fact = askedFact(conversationId, before.value.holes, clock.now())
    if (fact === null) return ok([])
    await store.writeFact(...fact)
    const after = await store.page(conversationId, { at: 'newest' }, 1)
    return after.ok ? ok(after.value.holes) : after
  }

  /**
   * One pulse there and back over the living connection, by way of the subscriptions. Fails with `link.offline` when
   * nothing is up, `message.notSupported` where the server answers none, `link.silent` when no answer came in time.
   */
  async echo(): Promise<Result<Echo>> {
    const { clock, dialect } = this.#options
    const link = this.#link
    if (dialect.pulseMs === null) return fail('message.notSupported', 'pulse')
    if (link === null) return fail('link.offline')
    const at = clock.now()
    const began = clock.monotonic()
    const scope = new DisposableStack()
    const answer = new Promise<Result<Echo>>((resolve) => {
      scope.add(clock.after(echoWithinMs, () => resolve(fail('link.silent', 'echo'))))
      scope.add(
        this.#pulses.event(({ echoed, serverTime }) => {
          if (echoed !== null && echoed !== at) return
          const roundTripMs = clock.monotonic() - began
          // The server spoke about half-way.
          const clockOffsetMs = serverTime === null ? null : serverTime - (clock.now() - roundTripMs / 2)
          resolve(ok({ roundTripMs, clockOffsetMs }))
        }),
      )
    })
    this.#tell({ type: 'session.pulse', at })
    try {
      return await answer
    } finally {
      scope.dispose()
    }
  }

  /** Messages by their words, and how long it took; see `searchMessages`. */
  async search(request: Omit<SearchRequest, 'at'>): Promise<SearchAnswer> {
    const { clock, store } = this.#options
    const started = clock.monotonic()
    const found = await store.search({ ...request, at: clock.now() })
    return { ...found, tookMs: clock.monotonic() - started }
  }

  /** Follows a group that the user just opened. */
  async refreshGroups(): Promise<void> {
    this.#groups.add(await this.store.groups())
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
    this.#syncTimer?.dispose()
    this.#verifyTimer?.dispose()
    this.#indexing.dispose()
    this.#missed.dispose()
    this.#groups.dispose()
    this.#renewal.linkLost()
    this.#facts.dispose()
    this.#pulses.dispose()
    this.#changes.dispose()
  }

  #connected(link: Link): void {
    const { dialect, clock } = this.#options
    this.#link = link
    this.#linkScope = new DisposableStack()
    for (const { id, destination } of dialect.baseSubscriptions()) link.subscribe(id, destination)
    this.#groups.start(link)
    this.#facts.watchToken(this.#options.token())
    this.#facts.pulse.reset()
    if (dialect.pulseMs !== null) {
      this.#linkScope.add(clock.every(dialect.pulseMs, () => this.#beat()))
      this.#beat()
    }
    this.#catchUp.start()
    if (dialect.afterSubscribing().length > 0) this.#missed.start()
    this.#awaitSync(link)
  }

  #askForMissed(): void {
    for (const question of this.#options.dialect.afterSubscribing()) this.#tell(question)
  }

  #awaitSync(link: Link): void {
    this.#syncTimer?.dispose()
    this.#syncTimer = this.#options.clock.after(Math.max(1, this.#catchUp.remainingMs()), () => {
      if (this.#link !== link) return
      if (this.#catchUp.remainingMs() > 0) this.#awaitSync(link)
      // While the store works through what came, a socket held back is quiet for that reason alone.
      else
        void this.#inbox
          .drained()
          .then(() => (this.#catchUp.remainingMs() > 0 ? this.#awaitSync(link) : this.#synced(link)))
    })
  }

  /** Once per link: what came so far is stored, then the queue goes out. */
  #synced(link: Link): void {
    if (this.#syncedLink === link || this.#link !== link) return
    this.#syncedLink = link
    void this.#inbox.drained().then(async () => {
      if (this.#link !== link) return
      this.#missed.answered()
      this.#connection.synced()
      await this.#outbox.start(link)
    })
  }

  /** Counts anew what is derived from rows; a difference is a defect, repaired and told. */
  async #verify(): Promise<void> {
    const { store, log } = this.#options
    try {
      const { repaired } = this.changed(await store.verify())
      if (repaired > 0) log.warn('derived counts were wrong and have been repaired', { conversations: repaired })
      else log.info('derived counts are right')
    } catch (error) {
      log.error('derived counts not checked', { error: error instanceof Error ? error.message : String(error) })
    }
  }

  #lost(why: LinkLoss | null): void {
    this.#link = null
    this.#syncTimer?.dispose()
    this.#missed.stop(why?.problem.code === 'link.tooSlow')
    // What a command of ours brought about is no group's fault.
    const isCommands = why !== null && this.#outbox.refused(why)
    this.#groups.stop(isCommands ? null : (why?.serverError ?? null), !this.#outbox.isWaiting)
    this.#linkScope.dispose()
    this.#renewal.linkLost()
    this.#outbox.stop()
  }

  #beat(): void {
    // The socket lives, but nothing comes by way of the subscriptions any more (some servers drop them without a word).
    if (this.#facts.pulse.isDeaf) return this.#link?.drop(appError('link.silent', 'pulses unanswered'))
    const at = this.#options.clock.now()
    this.#facts.pulse.asked(at)
    this.#tell({ type: 'session.pulse', at })
  }

  /** A frame that trips a defect in here is kept with those that mean nothing, and costs no other. */
  #frame(frame: Frame): void {
    try {
      this.#take(frame)
    } catch (error) {
      this.#options.log.error('frame quarantined', { error })
      this.#keepUndecoded(frame, 'handling failed')
    }
  }

  #keepUndecoded({ destination, contentType, body }: Frame, reason: string): void {
    this.#inbox.keepUndecoded({ destination, contentType, body, reason })
  }

  #take(frame: Frame): void {
    const { dialect, profile } = this.#options
    const decoded = dialect.decode(frame, { selfId: profile.userId, isGroup: (id) => this.#groups.has(id) })
    this.#catchUp.came(decoded.ok ? decoded.inbound.events : [])
    if (!decoded.ok) {
      this.#keepUndecoded(frame, decoded.reason)
      return
    }
    this.#inbox.push(decoded.inbound, frame.body.byteLength)
    // What is forbidden from now on may not go out while the store is slow, or away.
    if (decoded.inbound.events.some(({ type }) => type === 'policy.changed')) {
      this.#outbox.holdUntil(this.#inbox.drained())
    }
    for (const event of decoded.inbound.events) {
      if (isSessionEvent(event)) this.#sessionEvent(event)
      else this.#learnGroup(event)
    }
  }

  /** A group named by one frame has to be known when the next one is decoded, before the store has answered. */
  #learnGroup(event: ServerEvent): void {
    if (!('conversation' in event) || event.conversation.kind !== 'group') return
    const { groupId } = event.conversation
    this.#groups.learn(groupId)
    const isIn = event.type === 'conversation.membership' && event.change === 'joined'
    if (isIn && event.userId === this.#options.profile.userId) this.#groups.believe(groupId)
  }

  #sessionEvent(event: SessionEvent): void {
    const { dialect } = this.#options
    switch (event.type) {
      case 'session.kicked':
        this.#connection.end('kicked', appError('session.kicked'), event.reason, event.by)
        return
      case 'session.authenticated':
        if (this.#renewal.answered(event.accepted, event.reason) || event.accepted) return
        this.#connection.end('rejected', this.#refusal(event.reason), event.reason)
        return
      case 'session.pulse':
        // An answer by way of the subscriptions proves them; where nothing is to be fetched, that is all to wait for.
        if (this.#link !== null && dialect.afterSubscribing().length === 0) this.#synced(this.#link)
        this.#facts.take(event)
        this.#pulses.fire(event)
        return
      case 'session.greeted':
      case 'session.status':
        this.#facts.take(event)
    }
  }

  /** The server refuses the user, whatever words it has for it. */
  #refusal(reason: string | null): AppError {
    const read = this.#options.dialect.readError({ message: reason ?? '', body: '' })
    return read.code.startsWith('session.') ? read : appError('session.unauthorized')
  }

  #ingested({ value, changes }: Changed<IngestOutcome>): void {
    this.#publish(changes)
    if (changes !== null && changes.inserted.length > 0) this.#missed.news()
    if (value.groups !== null) this.#groups.replace(value.groups)
    this.#outbox.settled(value)
    // What was held back may be allowed now.
    if ((changes !== null && changes.policy !== null) || value.groups !== null) this.#outbox.pump()
  }

  /** Says something that is meant for this link only; what cannot be said is not repeated. */
  #tell(command: Command): void {
    const frame = this.#encode(command)
    if (frame.ok) this.#link?.send(frame.value, null)
  }

  #encode(command: Command): ReturnType<Dialect['encode']> {
    return this.#options.dialect.encode(command, this.#options.profile)
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(ms, resolve))
  }

  /** What is stored is stored: whoever fails at being told finds a number missing, and takes a snapshot. */
  #publish(changes: ChangeSet | null): void {
    if (changes === null) return
    try {
      this.#changes.fire(changes)
    } catch (error) {
      this.#options.log.error('telling of changes threw', { error: String(error) })
    }
  }
}
