/**
 * One client in a world of faults, and the model of what it owes its user: what was accepted, what was taken back, what
 * has been read. Time is virtual, the rest is real: session, dialect, store and file.
 *
 * `looks` is asked after every command, `ends` once, after everything has healed.
 */
import { expect } from 'vitest'
import type { Message } from '#common/domain/message.ts'
import { Session } from '#electron/core/session.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'
import { disagreements } from '#test/oracle.ts'
import { createRandom } from '#test/server/faults.ts'
import type { DialectName, MessageRow } from '#test/server/types.ts'
import { Disk, type OpenedDisk } from './disk.ts'
import { ModelNetwork, type ProcessNetwork } from './network.ts'
import { type Manner, type ModelServer, createModelServer, group, peers, self, usualLength } from './server.ts'

export interface WorldOptions {
  readonly dialect: DialectName
  readonly manner: Manner
  readonly seed: number
}

/** A message that the store accepted from the user. */
export interface Composed {
  readonly messageId: number
  readonly clientId: string
  readonly conversationId: string
  /** As the user last saw them accepted. */
  words: string
  /** Taken back before it was written, or while it had failed: the server must never have it. */
  takenBack: boolean
  /** To be taken back once it is known whether it was written: should it be refused, nothing of it is left. */
  unwanted: boolean
  /** Hidden by the user, whatever the server has. */
  hidden: boolean
  /** It was held back or refused once, so others may stand before it. */
  waited: boolean
  /** Another device or a refusal had a word about its words. */
  contested: boolean
}

export interface Process {
  readonly session: Session
  readonly disk: OpenedDisk
  readonly network: ProcessNetwork
}

const conversations = [
  ...peers.map((peerId) => ({ kind: 'direct', peerId }) as const),
  { kind: 'group', groupId: group } as const,
]
/** More than any run has. */
const wholeTimeline = 5_000

export class World {
  readonly clock = new FakeClock()
  readonly server: ModelServer
  readonly network: ModelNetwork
  readonly composed: Composed[] = []
  /** Server ids of what the user has seen, of others. */
  readonly read = new Set<string>()
  /** Server ids of what no device will ever get. */
  readonly lost = new Set<string>()
  readonly #options: WorldOptions
  readonly #disk = new Disk(self)
  readonly #random: () => number
  #uuids = 0
  #process: Process

  private constructor(options: WorldOptions, clock: FakeClock, server: ModelServer) {
    this.#options = options
    this.clock = clock
    this.server = server
    this.network = new ModelNetwork(clock, server)
    this.#random = createRandom(options.seed)
    this.#process = this.#begin()
  }

  static async create(options: WorldOptions): Promise<World> {
    const clock = new FakeClock()
    const startedAt = clock.now()
    const server = await createModelServer({
      dialect: options.dialect,
      manner: options.manner,
      // Nobody sets the server's clock.
      now: () => startedAt + Math.floor(clock.monotonic()),
    })
    const world = new World(options, clock, server)
    await world.#start()
    return world
  }

  get dialect(): DialectName {
    return this.#options.dialect
  }

  get manner(): Manner {
    return this.#options.manner
  }

  get session(): Session {
    return this.#process.session
  }

  get store(): OpenedDisk['inside'] {
    return this.#process.disk.inside
  }

  /** The conversation's local id. */
  chat(index: number): string {
    const ref = conversations[index % conversations.length]
    if (ref === undefined) throw new Error('no conversation')
    return ref.kind === 'group' ? `group:${ref.groupId}` : `direct:${ref.peerId}`
  }

  /** The same as the server addresses it, from the side of one who writes there. */
  target(index: number, from: string): { to: string } | { group: string } {
    const ref = conversations[index % conversations.length]
    if (ref === undefined || ref.kind === 'group') return { group }
    return { to: from === self ? ref.peerId : self }
  }

  /** Who writes there beside the user. */
  peer(index: number): string {
    const ref = conversations[index % conversations.length]
    return ref?.kind === 'direct' ? ref.peerId : (peers[index % peers.length] ?? peers[0])
  }

  uuid(): string {
    this.#uuids++
    return `00000000-0000-4000-8000-${String(this.#uuids).padStart(12, '0')}`
  }

  timeline(conversationId: string): readonly Message[] {
    const page = this.store.page(conversationId, { at: 'newest' }, wholeTimeline)
    return page.ok ? page.value.messages : []
  }

  async pass(ms: number): Promise<void> {
    await this.clock.pass(ms)
  }

  /** Asks the store for something and lets it answer: its thread takes no virtual time. */
  async answer<T>(asked: Promise<T>): Promise<T> {
    await this.clock.pass(0)
    return asked
  }

  /** Closes in good order and starts again on the same file. */
  async restart(): Promise<void> {
    const closing = this.session.close()
    await this.pass(100)
    await closing
    this.#process = this.#begin()
    await this.#start()
  }

  /** Killed within the next seconds, at the n-th call of its store or at their end; and started again. */
  async crash(calls: number, when: 'before' | 'after'): Promise<void> {
    const { network, session } = this.#process
    let died = false
    this.#disk.dieAt(calls, when, () => {
      died = true
      network.die()
      session.dispose()
    })
    await this.clock.pass(3_000)
    if (!died) {
      network.die()
      session.dispose()
      this.#disk.die()
    }
    this.#process = this.#begin()
    await this.#start()
  }

  /** What has to hold at any time. */
  looks(): void {
    const ids = new Set<string>()
    for (let index = 0; index < conversations.length; index++) {
      const chat = this.chat(index)
      const rows = this.timeline(chat)
      for (const { serverId, clientId, senderId } of rows) {
        for (const id of [serverId && `server ${serverId}`, clientId && `client ${clientId} of ${senderId}`]) {
          if (id === null || id === '') continue
          expect(ids, 'an id that stands twice').not.toContain(id)
          ids.add(id)
        }
      }
      const byId = new Map(rows.map((row) => [row.id, row]))
      const own = this.composed.filter(({ conversationId }) => conversationId === chat)
      for (const message of own) {
        const row = byId.get(message.messageId)
        if (row === undefined && message.unwanted && !message.hidden) message.takenBack = true
        if (message.takenBack || message.hidden) {
          expect(row, `${message.clientId} was taken out`).toBeUndefined()
          continue
        }
        expect(row?.clientId, `${message.clientId} was accepted and is not there`).toBe(message.clientId)
        if (row !== undefined && (row.problem !== null || row.state === 'failed')) message.waited = true
        if (row?.problem?.code === 'message.refused') message.contested = true
      }
      const shown = new Set(own.filter(({ waited }) => !waited).map(({ messageId }) => messageId))
      const inOrder = own.map(({ messageId }) => messageId).filter((id) => shown.has(id) && byId.has(id))
      expect(
        rows.map(({ id }) => id).filter((id) => shown.has(id)),
        `own messages of ${chat} in the order of composing`,
      ).toEqual(inOrder)
    }
    const stored = new Set(this.server.messages().map(({ senderId, clientId }) => `${senderId} ${clientId}`))
    for (const { clientId, takenBack } of this.composed) {
      if (takenBack) expect(stored, 'what was taken back was sent').not.toContain(`${self} ${clientId}`)
    }
  }

  /** Ends all faults, waits, and compares the server, the client and the model. */
  async ends(): Promise<void> {
    const { control } = this.server
    control.clearFaults()
    this.network.plug(true)
    this.network.listen(true)
    this.network.heal()
    await this.#settles()
    this.looks()
    this.#nothingWaitsWithoutReason()

    // What was held or refused goes out once it is allowed again.
    control.policy({ maxMessageLength: usualLength })
    control.permission({ userId: self, permission: 'full_access' })
    await this.#settles()
    for (const { messageId } of this.composed) {
      const { session } = this
      const row = this.store.message(messageId)
      if (row?.state !== 'failed' || row.deleted) continue
      const retried = await this.answer(session.store.retry(messageId, this.clock.now()))
      expect(retried.ok, 'a failed message can be tried again').toBe(true)
      if (retried.ok) session.changed(retried.value)
      session.nudge()
    }
    await this.#settles()
    this.looks()
    this.#agrees()

    const before = conversations.map((_, index) => this.timeline(this.chat(index)))
    const closing = this.session.close()
    await this.clock.pass(100)
    await closing
    if (this.manner === 'echo') {
      expect(disagreements(this.#entitled(), this.#disk.file, self)).toEqual([])
    }
    const again = this.#disk.open()
    expect(conversations.map((_, index) => pageOf(again, this.chat(index)))).toEqual(before)
    expect(again.inside.verify().value.repaired, 'counters repaired').toBe(0)
    again.inside.close()
    expect(this.server.violations.filter(({ kind }) => kind === 'protocol')).toEqual([])
  }

  dispose(): void {
    this.#process.network.die()
    this.#process.session.dispose()
    this.#disk.remove()
  }

  #begin(): Process {
    const disk = this.#disk.open()
    const network = this.network.ofProcess()
    const session = new Session({
      profile: {
        dialect: this.dialect,
        url: 'wss://chat.example/ws',
        userId: self,
        deviceId: 'laptop',
        appKey: 'ak',
        groups: [{ id: group, name: 'Team' }],
      },
      dialect: dialects[this.dialect],
      store: disk.store,
      transport: network,
      clock: this.clock,
      random: { next: this.#random, uuid: () => this.uuid() },
      log: silentLog,
      token: () => 'a.b.c',
      onRefused: () => undefined,
    })
    return { session, disk, network }
  }

  async #start(): Promise<void> {
    const { session, disk } = this.#process
    for (const ref of conversations) disk.inside.openConversation(ref, this.clock.now())
    const started = session.start()
    await this.clock.pass(0)
    await started
  }

  /** Two new connections, because a server may know of what it owes only after the first. */
  async #settles(): Promise<void> {
    for (let n = 0; n < 2; n++) {
      this.session.renew()
      await this.clock.pass(60_000)
    }
    for (let n = 0; n < 40 && this.#isBusy(); n++) await this.clock.pass(30_000)
    expect(this.session.connection.state).toBe('online')
  }

  #isBusy(): boolean {
    if (this.session.connection.state !== 'online') return true
    return this.store.outboxHeads([], 1).length > 0
  }

  /** The queue is empty, or holds what it says a reason for. */
  #nothingWaitsWithoutReason(): void {
    for (const { messageId, clientId, takenBack, hidden } of this.composed) {
      const row = this.store.message(messageId)
      if (row === null || takenBack || hidden) continue
      if (row.state === 'sending' || row.state === 'failed') {
        expect(row.problem?.code, `${clientId} is ${row.state} without a reason`).toBeDefined()
      }
    }
    expect(this.store.outboxHeads([], 10), 'left in the queue').toEqual([])
  }

  /** The server's rows that this user is to have. */
  #entitled(): MessageRow[] {
    const hidden = new Set(this.composed.filter((message) => message.hidden).map(({ clientId }) => clientId))
    return this.server.messages().filter(({ serverId, senderId, clientId }) => {
      return !this.lost.has(serverId) && !(senderId === self && hidden.has(clientId))
    })
  }

  #agrees(): void {
    const rows = this.#entitled().filter(({ deletedFor }) => !deletedFor.includes(self))
    const byClient = new Map(rows.map((row) => [`${row.senderId} ${row.clientId}`, row]))
    for (const message of this.composed) {
      if (message.takenBack || message.hidden) continue
      const row = byClient.get(`${self} ${message.clientId}`)
      const here = this.store.message(message.messageId)
      expect(row, `${message.clientId} was accepted and the server has never had it`).toBeDefined()
      if (row === undefined || here === null) continue
      expect(['sent', 'delivered', 'read'], `${message.clientId} is with the server`).toContain(here.state)
      if (here.recalled !== null || row.state === 'recalled' || message.contested || here.problem !== null) continue
      expect(wordsOf(row), `words of ${message.clientId} at the server`).toBe(message.words)
    }
    for (let index = 0; index < conversations.length; index++) {
      const chat = this.chat(index)
      const wanted = rows.filter((row) => chatOf(row) === chat)
      const here = this.timeline(chat).filter(({ content }) => content.kind !== 'event')
      expect(here.map(nameOf).sort(), `messages of ${chat}`).toEqual(wanted.map(nameOf).sort())
      const unread = wanted.filter(
        ({ senderId, serverId, state }) => senderId !== self && state === 'normal' && !this.read.has(serverId),
      )
      const shown = this.store.snapshot().conversations.find(({ id }) => id === chat)
      expect(shown?.unread, `unread in ${chat}`).toBe(unread.length)
    }
  }
}

function pageOf({ inside }: OpenedDisk, conversationId: string): readonly Message[] {
  const page = inside.page(conversationId, { at: 'newest' }, wholeTimeline)
  return page.ok ? page.value.messages : []
}

function chatOf({ conversationKind, conversationId, senderId, receiverId }: MessageRow): string {
  if (conversationKind === 'group') return `group:${conversationId}`
  return `direct:${senderId === self ? (receiverId ?? '') : senderId}`
}

function nameOf({ senderId, clientId, serverId }: Pick<Message, 'senderId' | 'clientId' | 'serverId'>): string {
  return senderId === self ? (clientId ?? serverId ?? '') : (serverId ?? '')
}

/** The words of a text as the server has them by now. */
export function wordsOf({ content, editedContent }: MessageRow): string {
  const text = editedContent ?? content
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'content' in parsed) return String(parsed.content)
  } catch {
    return text
  }
  return text
}
