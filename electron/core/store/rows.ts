/**
 * The rows behind the store's rules, as a synchronous port. The rules in this folder decide; an implementation only
 * reads and writes what it is told, inside the transaction it is told to open.
 *
 * Rows are plain mutable objects owned by the rules: an implementation never keeps one. Sequences are decimal int64 in
 * their shortest form and never become JavaScript numbers where they could round.
 */
import type { Content } from '#common/domain/content/content.ts'
import type { Conversation, Member, Preferences } from '#common/domain/conversation.ts'
import type { DeliveryProof, DeliveryState } from '#common/domain/delivery.ts'
import type { Notice, PolicyValues } from '#common/domain/notice.ts'
import type { LedgerEntry } from '#common/domain/notification/ledger.ts'
import type { Phrase } from '#common/domain/search/matching.ts'
import type { MediaKind } from '#common/contract/media.ts'
import type { TraceStep } from '#common/domain/trace.ts'
import type { AttachedFile, DecisionsRequest, StoredMessage, UndecodedFrame } from '../ports/store.ts'

/** `full`: on stable storage before it returns; `normal`: may be lost in a power cut, never torn. */
export type Durability = 'normal' | 'full'

export interface MetaRow {
  /** Of the last change set. */
  changeNumber: number
  /** Of the last entry ever queued; never goes back, so that a number is used once. */
  outboxNumber: number
}

export interface ConversationRow {
  /** The row's own number. */
  key: number
  /** The name everybody else uses: `direct:…` or `group:…`. */
  readonly id: string
  readonly kind: Conversation['kind']
  readonly targetId: string
  /** The server's own id of a direct chat. */
  remoteId: string | null
  title: string | null
  membership: Conversation['membership']
  /** Server time of the fact that decided `membership`; null before any. */
  membershipAt: number | null
  readonly createdAt: number
  activeAt: number
  unread: number
  mentions: number
  draft: string
  /** Replaced as a whole, and written by `preferences.put`. */
  preferences: Preferences
  last: Conversation['last']
  lastId: number | null
  lastSequence: string
  lastTime: number
  lastTie: string
  /** Whether any message here has a sequence. */
  numbered: boolean
  /** Highest server time of the messages without one; null where there are none. */
  unnumberedUntil: number | null
  revision: number
}

export interface MemberRow {
  readonly userId: string
  role: string
  /** False for one who left: kept, so that an older fact that comes late does not bring them back. */
  present: boolean
  /** Server time of the fact that decided; null where only a list named them. */
  changedAt: number | null
}

export interface EditFact {
  readonly at: number | null
  readonly reason: string | null
  readonly sequence: string | null
  /** The words it brought where the content does not show them. */
  readonly text?: string
  /** Only ours so far: anything the server says of an edit outranks it. */
  readonly unconfirmed?: true
}

export interface RecallFact {
  readonly at: number | null
  readonly by: string | null
  readonly reason: string | null
}

export interface Problem {
  readonly code: string
  readonly detail: string | null
}

export interface MessageRow {
  id: number
  conversation: number
  serverId: string | null
  clientId: string | null
  senderId: string
  content: Content
  sequence: string | null
  serverTime: number | null
  localTime: number
  orderSequence: string
  orderTime: number
  state: DeliveryState
  proof: DeliveryProof | null
  edited: EditFact | null
  recalled: RecallFact | null
  problem: Problem | null
  /** How often it was written before it failed; 0 while it is queued (the queue counts) and for everything else. */
  attempts: number
  deleted: boolean
  pinned: boolean
  unread: boolean
  /** Names the user, or everyone. */
  mentioned: boolean
  revision: number
}

/** A place in a timeline; the row itself needs not exist. */
export interface Place {
  readonly sequence: string
  readonly time: number
  readonly tie: string
}

export type OutboxKind = 'send' | 'edit' | 'recall' | 'delete' | 'pin'

export interface OutboxRow {
  readonly id: number
  readonly conversation: number
  readonly message: number
  readonly kind: OutboxKind
  /** New words of an edit, the scope of a pin; empty for the others. */
  text: string
  /** What an edit replaced, to go back to when it is refused. */
  undo: { readonly text: string; readonly edited: EditFact | null } | null
  held: boolean
  readonly composedAt: number
  attempts: number
  firstWrittenAt: number | null
  /** Ms it has waited on living links for its proof. */
  triedMs: number
}

/** A step with its place among the message's steps. */
export interface TraceRow extends TraceStep {
  readonly position: number
}

export interface AttachmentRow extends AttachedFile {
  readonly message: number
  uploaded: boolean
  firstTriedAt: number | null
}

/** An operation whose message is not here yet. Empty texts where an id was not given. */
export interface PendingRow {
  readonly serverId: string
  readonly clientId: string
  readonly type: string
  /** JSON text of the event. */
  readonly event: string
}

export interface PersonRow {
  readonly userId: string
  nickname: string | null
  avatar: string | null
  online: boolean | null
  presenceAt: number | null
  revision: number
}

export interface PolicyFact {
  readonly eventId: string
  readonly at: number
  readonly maxMessageLength: number | null
  readonly fileUploadLimit: number | null
  readonly readOnly: boolean | null
  /** As the server said it; null where it did not. */
  readonly before: PolicyValues | null
  readonly changedBy: string | null
  readonly reason: string | null
}

/** First and last of an unbroken run of known sequences. */
export interface SequenceRange {
  readonly first: bigint
  readonly last: bigint
}

/** As `UndecodedFrame`; a text body is kept as UTF-8. */
export type UndecodedRow = Omit<UndecodedFrame, 'body'> & { readonly body: Uint8Array | string }

/** Which of the candidates are wanted; null: any. Times as `timeOfRow`, ms. */
export interface SearchFilter {
  readonly conversations: readonly number[] | null
  readonly senders: readonly string[] | null
  readonly kinds: readonly string[] | null
  readonly after: number | null
  readonly before: number | null
}

export interface MediaWanted {
  readonly kind: MediaKind
  readonly words: string
  readonly place: Place | null
  readonly direction: 'older' | 'newer'
  readonly limit: number
}

/** As `StoredMessage`. */
export type StoredRow = Omit<StoredMessage, 'conversationId'> & { readonly conversation: number }

export interface StoreRows {
  /**
   * Runs in one transaction, undone as a whole when `run` throws. Never nested. What the database refuses is thrown as
   * a `StorageError`; what `run` throws of its own goes through as it is.
   */
  transaction<T>(durability: Durability, run: () => T): T

  readonly meta: { read(): MetaRow; write(meta: MetaRow): void }

  readonly conversations: {
    all(): ConversationRow[]
    /** Answers the new row's key. */
    insert(row: ConversationRow): number
    update(row: ConversationRow): void
    /** Counted from the messages themselves. */
    recount(): Map<number, { unread: number; mentions: number }>
  }

  /** Of a conversation that has none nothing is kept. */
  readonly preferences: { put(conversation: number, preferences: Preferences): void }

  readonly members: {
    of(conversation: number): MemberRow[]
    all(): Map<number, MemberRow[]>
    put(conversation: number, row: MemberRow): void
  }

  readonly messages: {
    /** The new row's id, or null when a message with the same server id, or sender and client id, is there. */
    insert(row: MessageRow): number | null
    update(row: MessageRow): void
    byId(id: number): MessageRow | undefined
    byServerId(serverId: string): MessageRow | undefined
    byClientId(senderId: string, clientId: string): MessageRow | undefined
    /** Visible, next to a place or from the end, nearest first. */
    newest(conversation: number, limit: number): MessageRow[]
    before(conversation: number, place: Place, limit: number): MessageRow[]
    after(conversation: number, place: Place, limit: number): MessageRow[]
    /** The first visible one. */
    oldest(conversation: number): MessageRow | undefined
    /** The first visible one in the order of the timeline whose server time is not before `time`. */
    notBefore(conversation: number, time: number): MessageRow | undefined
    /** Visible ones by the server's time: each day ends where the next begins. */
    countByDay(conversation: number, starts: readonly number[]): number[]
    /** The last place in the timeline that the server has confirmed. */
    lastConfirmed(conversation: number): Place | undefined
    newestConfirmed(conversation: number): MessageRow | undefined
    /** Highest sequence among numbered messages whose server time is not later. */
    anchor(conversation: number, serverTime: number): string | undefined
    /** Visible pinned ones, last place first. */
    pinned(conversation: number, limit: number): MessageRow[]
    /** Unnumbered ones not earlier than `serverTime` that stand before `sequence`. */
    unnumberedBefore(conversation: number, sequence: string, serverTime: number): MessageRow[]
    unreadUpTo(conversation: number, place: Place): MessageRow[]
    /** In order, oldest first. */
    unread(conversation: number, only: 'all' | 'mentions', limit: number): MessageRow[]
    /** Visible ones that came with a file, or were sent with one. */
    withFiles(conversation: number): MessageRow[]
    /**
     * Hides all that are not on their way, and keeps nothing of what they said; their ids stay, so that none comes back
     * when a server repeats it. Their traces go too.
     */
    eraseAll(conversation: number, revision: number): void
  }

  /** The index of the search, by ids of messages; those with ids from `below` on are in it. */
  readonly search: {
    /** `words` as `indexText` gives them; without any the message is not in the index. */
    put(id: number, words: string, isNew: boolean): void
    progress(): { below: number; total: number }
    advance(below: number, total: number): void
    /** Nothing at all is in it. */
    isLost(): boolean
    /** As `progress` says it when nothing is in the index yet. */
    size(): { below: number; total: number }
    /** Those that are not in, deleted ones too, newest first. */
    unindexed(below: number, limit: number): MessageRow[]
    /** Ids of those that have all phrases, newest first; without phrases of all. May name ones that are gone. */
    newest(phrases: readonly Phrase[], below: number, limit: number): number[]
    /** The same from an id on, the most telling first. */
    best(phrases: readonly Phrase[], from: number, limit: number): number[]
    /** Those of them that are not deleted and pass, in the order given. */
    choose(ids: readonly number[], filter: SearchFilter): MessageRow[]
  }

  /** Visible messages that carry more than words; recalled ones too. */
  readonly media: {
    /** Next to a place or from the end, nearest first; `words` in the name or the words, empty: all. */
    list(conversation: number, wanted: MediaWanted): MessageRow[]
  }

  readonly storage: {
    /** Visible ones with ids above `after`, so many rows at most; `last` is null when these are the last. */
    use(
      after: number,
      limit: number,
    ): { last: number | null; amounts: { conversation: number; count: number; bytes: number }[] }
    /** See `StoredMessage`. */
    facts(ids: readonly number[]): StoredRow[]
    /** Ids of the settled ones with files. */
    settledFiles(conversation: number): number[]
    /** Of the settled ones nothing but their ids stays, as `messages.eraseAll` does it. Answers how many. */
    erase(conversation: number, revision: number): number
    /** Bytes. */
    pages(): { bytes: number; free: number }
    /** Not in a transaction. */
    compact(): void
  }

  readonly pending: {
    /** Every id an operation waits for, prefixed `s` (server's) or `c` (client's). */
    waitedFor(): Set<string>
    get(serverId: string, clientId: string, type: string): PendingRow | undefined
    /** Replaces the one of the same target and type. */
    put(row: PendingRow): void
    dropOldest(count: number): void
    /** Removes and answers those for this message, oldest first. */
    take(serverId: string | null, clientId: string | null): readonly PendingRow[]
  }

  readonly ranges: {
    /** Those that overlap or touch `[first, last]`, in order. */
    touching(conversation: number, range: SequenceRange): SequenceRange[]
    all(conversation: number): SequenceRange[]
    /** The highest one. */
    top(conversation: number): SequenceRange | undefined
    /** Whether any range lies beyond these bounds: below and above. */
    beyond(conversation: number, range: SequenceRange): { below: boolean; above: boolean }
    replace(conversation: number, old: readonly SequenceRange[], by: SequenceRange): void
  }

  readonly outbox: {
    insert(row: OutboxRow): void
    update(row: OutboxRow): void
    remove(id: number): void
    byId(id: number): OutboxRow | undefined
    ofMessage(message: number): OutboxRow[]
    /** Sends and edits, of one conversation or of all, oldest first. */
    checked(conversation: number | null): OutboxRow[]
    /**
     * The first sendable entry of every lane, oldest first. A file that is not uploaded makes its message wait; what is
     * done to a message waits until it has arrived, with `onlyNamed` until the server's id of it is known.
     */
    heads(onlyNamed: boolean): OutboxRow[]
    size(): number
  }

  readonly trace: {
    /** Oldest first. */
    of(message: number): TraceRow[]
    /** Replaces the one of the same position. */
    put(message: number, row: TraceRow): void
    remove(message: number, position: number): void
    clear(message: number): void
  }

  readonly attachments: {
    insert(row: AttachmentRow): void
    update(row: AttachmentRow): void
    remove(message: number): void
    of(message: number): AttachmentRow | undefined
    all(): AttachmentRow[]
  }

  readonly people: { all(): PersonRow[]; get(userId: string): PersonRow | undefined; put(row: PersonRow): void }

  readonly notices: {
    /** Newest first; and beyond the limit those that ask to be acknowledged and were not. */
    latest(limit: number): Notice[]
    get(id: string): Notice | undefined
    put(notice: Notice): void
  }

  readonly policy: {
    /** False when this event is known already. */
    record(fact: PolicyFact): boolean
    /** Each field from the latest fact that names it. */
    current(): {
      maxMessageLength: number | null
      fileUploadLimit: number | null
      readOnly: boolean | null
      changedBy: string | null
      reason: string | null
      readOnlyBy: string | null
      readOnlyBecause: string | null
      revision: number
    }
    /** Newest first. */
    history(limit: number): PolicyFact[]
    stamp(revision: number): void
  }

  readonly ledger: {
    /** One that is there already is left alone. */
    add(entry: Omit<LedgerEntry, 'id'>): void
    /** Newest first. */
    list(wanted: DecisionsRequest): LedgerEntry[]
    /** So many stay at most, and none from before `since`. */
    trim(most: number, since: number): void
    forget(conversationId: string): void
  }

  readonly counts: {
    /** Those that are counted in no time. */
    few(): { readonly undecoded: number; readonly holes: number; readonly conversations: number }
    messages(): number
  }
  /** Keeps the newest only, each cut to a bounded size. */
  readonly undecoded: { keep(frames: readonly UndecodedRow[], at: number): void }
  readonly facts: { read(key: string): string | null; write(key: string, value: string): void }
}

export function memberOf(row: MemberRow): Member {
  return { userId: row.userId, role: row.role }
}
