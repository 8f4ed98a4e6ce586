/**
 * The account's store as the rest of the core sees it. Every operation is one transaction; what it changed comes back
 * as one change set (null when nothing changed). The implementation is synchronous and lives next to the database, in
 * a worker; callers see the asynchronous form, answered strictly in the order of asking.
 */
import type { AppError } from '#common/base/errors.ts'
import type { Result } from '#common/base/result.ts'
import type { Snapshot, TimelineDays, TimelinePage, Waiting } from '#common/contract/calls.ts'
import type { Decision, DecisionsWanted } from '#common/contract/ledger.ts'
import type { MediaKind, MediaPage } from '#common/contract/media.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { PinScope, QueuedCommand } from '#common/domain/commands.ts'
import type { Content } from '#common/domain/content/content.ts'
import type { Conversation, ConversationRef, Preferences } from '#common/domain/conversation.ts'
import type { DeliveryProof } from '#common/domain/delivery.ts'
import type { Inbound } from '#common/domain/events.ts'
import type { Message, Position } from '#common/domain/message.ts'
import type { Policy, PolicyChange } from '#common/domain/notice.ts'
import type { LedgerEntry } from '#common/domain/notification/ledger.ts'
import type { SearchAnswer, SearchOrder } from '#common/domain/search/answer.ts'
import type { TraceStep, WriteCause } from '#common/domain/trace.ts'
import type { ArchivedConversation, ArchivedMessage, ArchivedPerson, KnownRange } from '../archive/format.ts'

export interface Changed<T> {
  readonly value: T
  readonly changes: ChangeSet | null
}

/** A frame that could not be understood, as kept for diagnostics: bounded in number and size. */
export interface UndecodedFrame {
  readonly destination: string
  readonly contentType: string | null
  readonly reason: string
  /** At most 16 KiB are kept. */
  readonly body: Uint8Array
}

/** A queued command with its place in the queue. `id` grows with time and is never used again. */
export interface OutboxEntry {
  readonly id: number
  /** Commands of one lane go out one after the other; a lane is a conversation. */
  readonly lane: string
  readonly command: QueuedCommand
  /** How often it was written to a socket. */
  readonly attempts: number
  /** When it was first written while connected, local clock ms, or null. */
  readonly firstWrittenAt: number | null
  /** Ms it has waited on living links for its proof, as far as that was told. */
  readonly triedMs: number
}

/** Which heads of the queue are wanted, and in what order. */
export interface HeadsWanted {
  /** Lanes that were served lately, the longest ago first: they come after all others, in this order. */
  readonly served?: readonly string[]
  /** What is done to a message waits until the server's own id of it is known, even when it has arrived. */
  readonly onlyNamed?: boolean
}

/** What is known of the writings before this one. */
export interface Trying {
  /** Null when the sender does not know: the command was written before the program started. */
  readonly cause: Extract<WriteCause, 'linkLost' | 'noProof'> | null
  /** How the link ended, or null. */
  readonly code: string | null
  /** Ms of waiting for a proof on a living link that were not told yet. */
  readonly triedMs: number
}

export interface IngestOutcome {
  /** Outbox entries that the batch proved to have arrived, or that the server refused. */
  readonly settled: readonly number[]
  /** Those of them that it proved the way this server proves things, and not by chance. */
  readonly proved: readonly number[]
  /** Which kinds of proof the batch showed, for learning what this server gives. */
  readonly proofs: readonly DeliveryProof[]
  /** Groups to be subscribed now, all of them (server ids), when the set changed; else null. */
  readonly groups: readonly string[] | null
}

export interface SendRequest {
  readonly conversationId: string
  readonly content: Content
  /** UUID. */
  readonly clientId: string
  /** Local clock, ms. */
  readonly at: number
  /** The message waits in the queue until this file has been uploaded, and holds up no other meanwhile. */
  readonly attachment?: AttachedFile
}

/** The copy of a file that goes out with a message. */
export interface AttachedFile {
  /** UUID: the copy's name among the account's files. */
  readonly file: string
  /** What the user calls it. */
  readonly name: string
  /** By its first bytes. */
  readonly mime: string
  /** Bytes. */
  readonly size: number
}

export interface Attachment extends AttachedFile {
  readonly messageId: number
  readonly conversationId: string
  /** Number of its message in the queue; null when the message is not queued (any more). */
  readonly entryId: number | null
  /** Policy holds the message back. */
  readonly held: boolean
  readonly uploaded: boolean
  /** Local clock ms, or null before the first try. */
  readonly firstTriedAt: number | null
  /** What has become of the message. `failed` ones can be tried again, the last two never need the copy again. */
  readonly fate: 'queued' | 'failed' | 'sent' | 'gone'
}

export interface SearchRequest {
  /** Only there; null: everywhere. */
  readonly conversationId: string | null
  /** As typed. */
  readonly query: string
  readonly order: SearchOrder
  /** Where the answer before stopped. */
  readonly cursor: number | null
  /** Local clock, for words like `today`. */
  readonly at: number
}

export interface MediaRequest {
  readonly kind: MediaKind
  /** In the name or the words, whatever the case of Latin letters; empty: all. */
  readonly query: string
  /** Null: from the end. */
  readonly from: Position | null
  readonly direction: 'older' | 'newer'
  readonly limit: number
}

export interface DecisionsRequest extends DecisionsWanted {
  /** Older ones are forgotten: local clock, ms since 1970. */
  readonly since: number
}

export type FoundMessages = Omit<SearchAnswer, 'tookMs'>

/** Some messages of a conversation, in the order of its timeline, as an archive keeps them. */
export interface ArchivePart {
  readonly messages: readonly ArchivedMessage[]
  /** Where the next part begins; null when there is none. */
  readonly next: Position | null
  /** The server's numbers that are known there; with the last part only. */
  readonly known: readonly KnownRange[] | null
}

/** What became of some messages of an archive. */
export interface TakenPart {
  /** Those that were not here, by their ids in the archive and here. */
  readonly added: readonly { readonly archived: number; readonly messageId: number }[]
  /** Are here, and were left as they are. */
  readonly known: number
  /** Were here and have been deleted: they stay so. */
  readonly deleted: number
  /** Were never sent: nobody but their archive knows them. */
  readonly unsent: number
}

/** What so many messages take up, by conversation. */
export interface UsePart {
  readonly chats: readonly { readonly conversationId: string; readonly count: number; readonly bytes: number }[]
  /** The last message looked at; null when there are none behind it. */
  readonly last: number | null
}

export interface StoredMessage {
  readonly id: number
  readonly conversationId: string
  readonly kind: string
  /** Ms since 1970. */
  readonly at: number
  /** Deleted here. */
  readonly gone: boolean
  /** It has arrived, and nothing is to be done to it any more. */
  readonly settled: boolean
}

export interface IndexProgress {
  /** Messages that are not in the index yet, about; 0 at the end. */
  readonly left: number
  readonly total: number
}

export interface StoreCounts {
  /** Commands that wait for their proof. */
  readonly queued: number
  /** Frames kept that mean nothing to us. */
  readonly undecoded: number
  /** Frames that a defect of ours tripped over, since ever. */
  readonly quarantined: number
  /** Gaps in what came, of all conversations. */
  readonly holes: number
  readonly conversations: number
  /** Null unless asked for. */
  readonly messages: number | null
}

/** The synchronous store; `at` is always the local clock in ms since 1970, given by the caller. */
export interface AccountStore {
  /** One batch of decoded frames in their order of arrival. */
  ingest(batch: readonly Inbound[], at: number): Changed<IngestOutcome>
  keepUndecoded(frames: readonly UndecodedFrame[], at: number): void

  snapshot(): Omit<Snapshot, 'connection' | 'session' | 'uploads'>
  page(conversationId: string, from: PageStart, limit: number): Result<TimelinePage>
  /** Visible messages of each day `[starts[i], starts[i + 1])`, and when the first of all was said. */
  days(conversationId: string, starts: readonly number[]): Result<TimelineDays>
  /** Visible messages that carry such a thing, the nearest first. */
  media(conversationId: string, request: MediaRequest): Result<MediaPage>
  openConversation(ref: ConversationRef, at: number): Changed<Conversation>
  /** Groups and contacts that a configuration names. */
  seed(
    groups: readonly { id: string; name?: string | undefined }[],
    contacts: readonly { userId: string; nickname: string }[],
    at: number,
  ): Changed<null>
  setDraft(conversationId: string, draft: string): Changed<null>
  markRead(conversationId: string, upTo: number): Changed<null>
  /** Exactly these count as seen. */
  markSeen(messageIds: readonly number[]): Changed<null>
  /** The unread messages of a conversation, or those of them that name the user; in order, oldest first. */
  unread(conversationId: string, only: 'all' | 'mentions', limit: number): readonly Message[]
  /** Conversations with anything unread, in no order; at most `mentionLimit` mentions each. */
  waiting(mentionLimit: number): readonly Waiting[]
  prefer(conversationId: string, preferences: Partial<Preferences>): Result<Changed<null>>
  /** Hides the conversation and keeps nothing of its words; what was never written to a server is taken back. */
  deleteConversation(conversationId: string): Result<Changed<null>>
  acknowledgeNotice(noticeId: string, at: number): Changed<null>
  /** Unknown ones and those that were read before are left alone. */
  markNoticesRead(noticeIds: readonly string[], at: number): Changed<null>
  /** Newest first; bounded. */
  policyHistory(): readonly PolicyChange[]
  /**
   * Writes down what was decided about notifications, once however often it is told; the newest 2,000 of the last
   * 30 days are kept. Never part of a message's transaction, and no change set.
   */
  noteDecisions(entries: readonly Omit<LedgerEntry, 'id'>[]): void
  /** Newest first, with what they were about as it is now. */
  decisions(request: DecisionsRequest): readonly Decision[]

  /** Message row and outbox row, committed with `synchronous=FULL` before this returns. */
  send(request: SendRequest): Result<Changed<{ messageId: number }>>
  /** Queues the edit; the row shows the new words at once. */
  edit(messageId: number, text: string, at: number): Result<Changed<null>>
  recall(messageId: number, at: number): Result<Changed<null>>
  /** `tellServer` queues the command as well; the row disappears here either way. */
  deleteForMe(messageId: number, tellServer: boolean, at: number): Result<Changed<null>>
  /**
   * Queues the pin; the row shows it once the server has it. `none` takes a pin away here and from the queue, and tells
   * nobody: no server has words for it.
   */
  pin(messageId: number, pin: PinScope | 'none', at: number): Result<Changed<null>>
  /** The failed message is queued again in its old place with its old id. */
  retry(messageId: number, at: number): Result<Changed<null>>
  /** Only while never written. */
  cancel(messageId: number): Result<Changed<null>>

  /**
   * Next sendable entry of every lane not in `busyLanes`, oldest first unless `wanted` says otherwise. Entries that
   * wait for their target or for their file, or that policy holds back, are not sendable and do not block their lane.
   */
  outboxHeads(busyLanes: readonly string[], limit: number, wanted?: HeadsWanted): readonly OutboxEntry[]
  outboxSize(): number
  /**
   * Recorded before the bytes go out. Answers the entry as it is to go out now: it may have been edited since it was
   * read; null when it was taken back meanwhile, and then nothing may go out.
   */
  outboxWritten(entryId: number, at: number, trying?: Trying): OutboxEntry | null
  /** Proved by other means than an inbound event. */
  outboxSettle(entryId: number, proof: DeliveryProof, at: number): Changed<null>
  /** A definite refusal, or the end of trying. */
  outboxFail(entryId: number, error: AppError, at: number): Changed<null>

  /** Those whose copies are still kept for sending, in the order of the queue. */
  attachments(): readonly Attachment[]
  attachmentTried(messageId: number, at: number): void
  /** The message goes out with this address; false when it was taken back meanwhile. */
  attachmentUploaded(messageId: number, url: string, at: number): Changed<boolean>
  /** Its copy is no longer kept. */
  attachmentForgotten(messageId: number): void
  /** What administrators allow now. */
  policy(): Policy
  /** Deleted ones as well; null for one that never was. */
  message(messageId: number): Message | null
  /** What happened to a message written here, oldest first and bounded; empty for all others. */
  trace(messageId: number): readonly TraceStep[]

  /** Any text is a query; see `searchMessages`. */
  search(request: SearchRequest): FoundMessages
  /** Takes messages from before there was an index into it, so many at most; answers what is left. */
  indexForSearch(limit: number): IndexProgress

  /** Visible messages behind `after`, so many at most, and the bytes of what they say. */
  storageUse(after: number, limit: number): UsePart
  /** Those of them that there are, in no order. */
  storedMessages(ids: readonly number[]): readonly StoredMessage[]
  /** The file's pages, and those of them that hold nothing; bytes. */
  storagePages(): { bytes: number; free: number }
  /**
   * Erases what was said in a conversation on this computer, and answers how much; what waits to be sent or to be tried
   * again, what is to be done to a message, and the draft stay.
   */
  eraseMessages(conversationId: string): Result<Changed<number>>
  /** Visible messages from a place on, or from the first. */
  archivePart(conversationId: string, from: Position | null, limit: number): Result<ArchivePart>
  /**
   * Adds what is not here; of what is here nothing changes. Its change set is told to nobody: whoever imports has all
   * windows load anew when it is done.
   */
  takeArchived(
    conversation: ArchivedConversation,
    people: readonly ArchivedPerson[],
    messages: readonly ArchivedMessage[],
    at: number,
  ): TakenPart
  /** Makes the file as small as what is in it. Takes its time, in which nothing else is answered. */
  compact(): void

  /** Small facts of the session, JSON text by key: learned proofs, clock offset. */
  readFact(key: string): string | null
  writeFact(key: string, value: string): void
  groups(): readonly string[]
  /** How much there is; all messages are counted only for a `whole` count, which takes its time. */
  counts(whole: boolean): StoreCounts
  /** Recounts what is derived and repairs it; answers how many rows were wrong. */
  verify(): Changed<{ repaired: number }>
}

export type PageStart =
  | { readonly at: 'newest' }
  | { readonly at: 'before'; readonly position: Position }
  | { readonly at: 'after'; readonly position: Position }
  | { readonly at: 'around'; readonly serverId: string }
  | { readonly at: 'message'; readonly messageId: number }
  | { readonly at: 'time'; readonly time: number }
  | { readonly at: 'unread' }

/** The same store, reached over a thread boundary. A broken store rejects with an Error whose message is an ErrorCode. */
export type Store = {
  [K in keyof AccountStore]: (...args: Parameters<AccountStore[K]>) => Promise<ReturnType<AccountStore[K]>>
} & { close(): Promise<void> }
