/**
 * The unit of work: what one transaction has read, changed and has yet to write. It owns the caches that make a batch
 * cheap, the counters of conversations, and the numbering of change sets.
 *
 * Promises: one transaction is one change set, numbered one higher than the last, or none when nothing anybody can see
 * has changed. Counters follow from flags of rows by their transitions, never from events. After a failure every
 * cache is dropped, so that memory never says more than the database. Must never keep a row across a failure.
 */
import type { ChangeSet } from '#common/domain/changes.ts'
import {
  type Conversation,
  type ConversationRef,
  type Preferences,
  conversationIdOf,
  noPreferences,
} from '#common/domain/conversation.ts'
import { type Notice, type Policy, defaultMaxMessageLength } from '#common/domain/notice.ts'
import { pendingSequence } from '#common/domain/message.ts'
import type { Content } from '#common/domain/content/content.ts'
import type { Changed } from '../ports/store.ts'
import { SearchIndex } from '../search/searchIndex.ts'
import { foundContent } from '../search/searchText.ts'
import { holesOf } from './askedHoles.ts'
import { awakened, samePreferences } from './preferenceRules.ts'
import { ConversationCache } from './conversationCache.ts'
import { comparePlaces, isPending, lastOf, mentions, placeOf, tieOf, timeOfRow, toMessage } from './messageRules.ts'
import { KnownSequences } from './knownSequences.ts'
import type {
  ConversationRow,
  Durability,
  MemberRow,
  MessageRow,
  MetaRow,
  PersonRow,
  Place,
  SequenceRange,
  StoreRows,
} from './rows.ts'
import { memberOf } from './rows.ts'

/** What a message row counted for before it changed. */
export interface Standing {
  readonly unread: boolean
  readonly mentioned: boolean
  readonly place: Place
  /** What a search could find of it. */
  readonly found: Content | null
}

export function standingOf(row: MessageRow): Standing {
  return { unread: row.unread, mentioned: row.mentioned, place: placeOf(row), found: foundContent(row) }
}

export class UnitOfWork {
  readonly rows: StoreRows
  readonly selfId: string
  /** Number the change set of this transaction will carry. */
  number = 0
  /** Local clock of this transaction, ms, for the trace. */
  at = 0

  readonly searchIndex: SearchIndex
  readonly #sequences: KnownSequences
  #meta: MetaRow | null = null
  #conversations: ConversationCache | null = null
  #members = new Map<number, MemberRow[]>()
  #policy: Policy | null = null
  #waitedFor: Set<string> | null = null

  #messages = new Map<number, MessageRow>()
  #inserted: number[] = []
  #dirty = new Set<ConversationRow>()
  /** Conversations to be written whose visible row is as it was. */
  #quietlyDirty = new Set<ConversationRow>()
  #lastRows = new Map<ConversationRow, MessageRow>()
  #lastLost = new Set<ConversationRow>()
  #people = new Map<string, PersonRow>()
  #notices = new Map<string, Notice>()
  #policyChanged = false
  #metaChanged = false
  #groupsChanged = false

  constructor(rows: StoreRows, selfId: string) {
    this.rows = rows
    this.selfId = selfId
    this.#sequences = new KnownSequences(rows.ranges)
    this.searchIndex = new SearchIndex(rows)
  }

  /** As `write`, where something can happen to a message of ours, whose trace tells when. */
  writeAt<T>(at: number, durability: Durability, run: () => T): Changed<T> {
    this.at = at
    return this.write(durability, run)
  }

  /** Runs in one transaction and answers what it changed. */
  write<T>(durability: Durability, run: () => T): Changed<T> {
    try {
      return this.rows.transaction(durability, () => {
        this.number = this.meta.changeNumber + 1
        const value = run()
        return { value, changes: this.#flush() }
      })
    } catch (error) {
      this.#forget()
      throw error
    } finally {
      this.#endTransaction()
    }
  }

  get meta(): MetaRow {
    return (this.#meta ??= this.rows.meta.read())
  }

  nextOutboxId(): number {
    this.#metaChanged = true
    return ++this.meta.outboxNumber
  }

  // Conversations

  get #cache(): ConversationCache {
    return (this.#conversations ??= new ConversationCache(this.rows.conversations.all()))
  }

  allConversations(): Iterable<ConversationRow> {
    return this.#cache.all()
  }

  conversation(id: string): ConversationRow | undefined {
    return this.#cache.byId(id)
  }

  conversationByKey(key: number): ConversationRow {
    const row = this.#cache.byKey(key)
    if (row === undefined) throw new Error('a row names a conversation that is not there')
    return row
  }

  /** The conversation a server means, made where there is none. A direct chat's remote id is learned on the way. */
  resolve(ref: ConversationRef, at: number): ConversationRow {
    const row = this.#cache.find(ref) ?? this.#create(ref, at)
    if (ref.kind === 'direct' && ref.remoteId !== undefined && ref.remoteId !== '' && row.remoteId !== ref.remoteId) {
      this.#cache.learnRemoteId(row, ref.remoteId)
      this.#quietlyDirty.add(row)
    }
    return row
  }

  #create(ref: ConversationRef, at: number): ConversationRow {
    const row: ConversationRow = {
      key: 0,
      id: conversationIdOf(ref),
      kind: ref.kind,
      targetId: ref.kind === 'direct' ? ref.peerId : ref.groupId,
      remoteId: null,
      title: null,
      membership: 'member',
      membershipAt: null,
      createdAt: at,
      activeAt: at,
      unread: 0,
      mentions: 0,
      draft: '',
      preferences: noPreferences,
      last: null,
      lastId: null,
      lastSequence: '0',
      lastTime: 0,
      lastTie: '',
      numbered: false,
      unnumberedUntil: null,
      revision: this.number,
    }
    row.key = this.rows.conversations.insert(row)
    this.#cache.add(row)
    this.#dirty.add(row)
    if (row.kind === 'group') this.#groupsChanged = true
    return row
  }

  touchConversation(row: ConversationRow): void {
    this.#dirty.add(row)
  }

  /** To be written without counting as a change that anybody sees. */
  noteQuietly(row: ConversationRow): void {
    this.#quietlyDirty.add(row)
  }

  /** Writes what differs, if anything does. */
  prefer(row: ConversationRow, changed: Partial<Preferences>): void {
    const preferences = { ...row.preferences, ...changed }
    if (samePreferences(preferences, row.preferences)) return
    row.preferences = preferences
    this.rows.preferences.put(row.key, preferences)
    this.#dirty.add(row)
  }

  setMembership(row: ConversationRow, membership: Conversation['membership'], at: number | null): void {
    row.membershipAt = at
    this.#quietlyDirty.add(row)
    if (row.membership === membership) return
    row.membership = membership
    this.#dirty.add(row)
    if (row.kind === 'group') this.#groupsChanged = true
  }

  members(conversation: number): MemberRow[] {
    let known = this.#members.get(conversation)
    if (known === undefined) this.#members.set(conversation, (known = this.rows.members.of(conversation)))
    return known
  }

  /** Before all conversations are shown: one query instead of one each. */
  loadAllMembers(): void {
    const all = this.rows.members.all()
    for (const { key } of this.#cache.all()) if (!this.#members.has(key)) this.#members.set(key, all.get(key) ?? [])
  }

  groupIds(): string[] {
    const ids: string[] = []
    for (const row of this.#cache.all()) {
      if (row.kind === 'group' && row.membership === 'member') ids.push(row.targetId)
    }
    return ids
  }

  /** All groups to be subscribed when this transaction changed which these are, else null. */
  changedGroupIds(): string[] | null {
    return this.#groupsChanged ? this.groupIds() : null
  }

  toConversation(row: ConversationRow): Conversation {
    return {
      id: row.id,
      kind: row.kind,
      targetId: row.targetId,
      remoteId: row.remoteId,
      title: row.title,
      membership: row.membership,
      members:
        row.kind === 'group'
          ? this.members(row.key)
              .filter((member) => member.present)
              .map(memberOf)
          : [],
      last: row.last,
      activeAt: row.activeAt,
      unread: row.unread,
      mentions: row.mentions,
      draft: row.draft,
      preferences: row.preferences,
      revision: row.revision,
    }
  }

  // Messages

  /** Null when the message, or one with the same ids, is there already. */
  insertMessage(row: MessageRow, conversation: ConversationRow): boolean {
    row.revision = this.number
    const id = this.rows.messages.insert(row)
    if (id === null) return false
    row.id = id
    this.#messages.set(id, row)
    this.#inserted.push(id)
    this.searchIndex.added(row)
    if (row.unread) {
      conversation.unread++
      if (row.mentioned) conversation.mentions++
      this.#dirty.add(conversation)
    }
    if (!row.deleted) {
      this.#noteShown(row, conversation)
      this.prefer(conversation, awakened(row, conversation))
    }
    return true
  }

  /** Writes a changed row and carries the change over to its conversation. */
  saveMessage(row: MessageRow, before: Standing): void {
    row.revision = this.number
    row.mentioned = row.unread && mentions(row.content, this.selfId)
    this.rows.messages.update(row)
    if (row.deleted) this.rows.trace.clear(row.id)
    else if (foundContent(row) !== before.found) this.searchIndex.changed(row)
    this.#messages.set(row.id, row)
    const conversation = this.conversationByKey(row.conversation)
    if (row.unread !== before.unread || row.mentioned !== before.mentioned) {
      conversation.unread += Number(row.unread) - Number(before.unread)
      conversation.mentions += Number(row.mentioned) - Number(before.mentioned)
      this.#dirty.add(conversation)
    }
    if (row.id === conversation.lastId) {
      if (row.deleted || comparePlaces(placeOf(row), before.place) < 0) this.loseLast(conversation)
      else this.#setLast(conversation, row)
    } else if (!row.deleted) this.#noteShown(row, conversation)
    else if (conversation.lastSequence === pendingSequence) this.loseLast(conversation)
  }

  #noteShown(row: MessageRow, conversation: ConversationRow): void {
    if (this.#lastLost.has(conversation)) return
    if (conversation.lastId !== null) {
      const last = { sequence: conversation.lastSequence, time: conversation.lastTime, tie: conversation.lastTie }
      if (comparePlaces(placeOf(row), last) <= 0) {
        // Below a message still on its way, which does not keep the conversation from moving up in the list.
        if (conversation.lastSequence === pendingSequence) this.loseLast(conversation)
        return
      }
    }
    this.#setLast(conversation, row)
  }

  #setLast(conversation: ConversationRow, row: MessageRow): void {
    conversation.lastId = row.id
    conversation.lastSequence = row.orderSequence
    conversation.lastTime = row.orderTime
    conversation.lastTie = tieOf(row)
    this.#lastRows.set(conversation, row)
    this.#dirty.add(conversation)
  }

  /** The last message is looked up again when the transaction ends. */
  loseLast(conversation: ConversationRow): void {
    this.#lastLost.add(conversation)
    this.#dirty.add(conversation)
  }

  message(id: number): MessageRow | undefined {
    return this.#messages.get(id) ?? this.rows.messages.byId(id)
  }

  messageByServerId(serverId: string): MessageRow | undefined {
    return this.#same(this.rows.messages.byServerId(serverId))
  }

  messageByClientId(senderId: string, clientId: string): MessageRow | undefined {
    return this.#same(this.rows.messages.byClientId(senderId, clientId))
  }

  /** The object this transaction already holds for the row, so that there is one only. */
  #same(row: MessageRow | undefined): MessageRow | undefined {
    return row === undefined ? undefined : (this.#messages.get(row.id) ?? row)
  }

  // Sequences

  coverSequence(conversation: number, sequence: string): void {
    this.#sequences.cover(conversation, sequence)
  }

  coverRange(conversation: number, range: SequenceRange): void {
    this.#sequences.coverRange(conversation, range)
  }

  // Operations that wait for their message

  get waitedFor(): Set<string> {
    return (this.#waitedFor ??= this.rows.pending.waitedFor())
  }

  forgetWaitedFor(): void {
    this.#waitedFor = null
  }

  // People, notices, policy

  touchPerson(row: PersonRow): void {
    row.revision = this.number
    this.rows.people.put(row)
    this.#people.set(row.userId, row)
  }

  touchNotice(notice: Notice): void {
    this.rows.notices.put(notice)
    this.#notices.set(notice.id, notice)
  }

  get policy(): Policy {
    if (this.#policy !== null) return this.#policy
    const stored = this.rows.policy.current()
    return (this.#policy = {
      ...stored,
      maxMessageLength: stored.maxMessageLength ?? defaultMaxMessageLength,
      readOnly: stored.readOnly ?? false,
    })
  }

  /** Read anew from the facts, and announced. */
  touchPolicy(): void {
    this.rows.policy.stamp(this.number)
    this.#policy = null
    this.#policyChanged = true
  }

  // The end of a transaction

  #flush(): ChangeSet | null {
    const holes = this.#flushRanges()
    this.#flushLast()
    this.searchIndex.flush()
    for (const row of this.#dirty) {
      row.revision = this.number
      this.rows.conversations.update(row)
    }
    for (const row of this.#quietlyDirty) if (!this.#dirty.has(row)) this.rows.conversations.update(row)

    const changed =
      this.#dirty.size > 0 ||
      this.#messages.size > 0 ||
      this.#people.size > 0 ||
      this.#notices.size > 0 ||
      this.#policyChanged ||
      holes.length > 0
    if (changed) this.meta.changeNumber = this.number
    if (changed || this.#metaChanged) this.rows.meta.write(this.meta)
    if (!changed) return null
    return {
      number: this.number,
      conversations: Array.from(this.#dirty, (row) => this.toConversation(row)),
      messages: this.#changedMessages(),
      inserted: this.#inserted,
      people: Array.from(this.#people.values(), toPerson),
      notices: [...this.#notices.values()],
      policy: this.#policyChanged ? this.policy : null,
      holes,
    }
  }

  #changedMessages(): ChangeSet['messages'] {
    const messages: ChangeSet['messages'] = []
    for (const row of this.#messages.values()) {
      messages.push(toMessage(row, this.conversationByKey(row.conversation), this.selfId))
    }
    return messages
  }

  #flushRanges(): ChangeSet['holes'] {
    return this.#sequences.flush().map((key) => {
      const conversation = this.conversationByKey(key)
      return { conversationId: conversation.id, holes: holesOf(this.rows, conversation) }
    })
  }

  #flushLast(): void {
    for (const conversation of this.#lastLost) {
      const [row] = this.rows.messages.newest(conversation.key, 1)
      if (row !== undefined) this.#setLast(conversation, this.#messages.get(row.id) ?? row)
      else {
        conversation.lastId = null
        conversation.last = null
        conversation.activeAt = conversation.createdAt
        this.#lastRows.delete(conversation)
      }
    }
    for (const [conversation, row] of this.#lastRows) {
      conversation.last = lastOf(row, this.selfId)
      conversation.activeAt = this.#activeAt(conversation, row)
    }
  }

  /** A message that hangs at the end, unsent, must not hold the conversation down in the list. */
  #activeAt(conversation: ConversationRow, last: MessageRow): number {
    if (!isPending(last)) return timeOfRow(last)
    const confirmed = this.rows.messages.newestConfirmed(conversation.key)
    return confirmed === undefined ? last.localTime : Math.max(last.localTime, timeOfRow(confirmed))
  }

  #endTransaction(): void {
    this.#messages = new Map()
    this.#inserted = []
    this.#dirty.clear()
    this.#quietlyDirty.clear()
    this.#lastRows.clear()
    this.#lastLost.clear()
    this.#sequences.endTransaction()
    this.searchIndex.endTransaction()
    this.#people.clear()
    this.#notices.clear()
    this.#policyChanged = false
    this.#metaChanged = false
    this.#groupsChanged = false
  }

  #forget(): void {
    this.#meta = null
    this.#conversations = null
    this.#members.clear()
    this.#policy = null
    this.#waitedFor = null
    this.#sequences.forget()
    this.searchIndex.forget()
  }
}

export function toPerson(row: PersonRow): ChangeSet['people'][number] {
  const { userId, nickname, avatar, online, revision } = row
  return { userId, nickname, avatar, online, revision }
}
