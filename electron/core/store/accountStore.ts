/**
 * The account's store: the port that the rest of the core talks to, put together from the rules in this folder and the
 * rows they are given. Every call is one transaction. A broken database throws a `StorageError`; what the user may not
 * do is a `Result`.
 */
import type { AccountStore } from '../ports/store.ts'
import { searchMessages } from '../search/searchMessages.ts'
import { forgetAttachment, listAttachments, noteTried, noteUploaded, readMessage } from './attachments.ts'
import { readArchivePart, takeArchived } from './archive.ts'
import { readDays } from './calendar.ts'
import { failEntry, noteWritten, queueHeads, settleEntry } from './delivery.ts'
import { readPage, takeSnapshot } from './history.ts'
import { ingestBatch } from './ingest.ts'
import { noteDecisions, readDecisions } from './ledger.ts'
import { readMedia } from './media.ts'
import {
  cancelMessage,
  deleteMessage,
  editMessage,
  pinMessage,
  recallMessage,
  retryMessage,
  sendMessage,
} from './outbox.ts'
import { readCounts } from './counts.ts'
import { deleteConversation, markSeen, prefer, readUnread, readWaiting } from './preferences.ts'
import type { StoreRows } from './rows.ts'
import { UnitOfWork } from './unit.ts'
import { markNoticesRead, readPolicyHistory } from './announcements.ts'
import { eraseMessages, measureUse, readStored } from './storageUse.ts'
import { readTrace } from './trace.ts'
import { acknowledgeNotice, markRead, openConversation, seedAccount, setDraft, verifyCounters } from './upkeep.ts'

export interface AccountStoreOptions {
  readonly rows: StoreRows
  readonly selfId: string
}

export function createAccountStore({ rows, selfId }: AccountStoreOptions): AccountStore {
  const unit = new UnitOfWork(rows, selfId)
  return {
    ingest: (batch, at) => ingestBatch(unit, batch, at),
    keepUndecoded: (frames, at) => void unit.write('normal', () => rows.undecoded.keep(frames, at)),

    snapshot: () => takeSnapshot(unit),
    page: (conversationId, from, limit) => readPage(unit, conversationId, from, limit),
    days: (conversationId, starts) => readDays(unit, conversationId, starts),
    media: (conversationId, request) => readMedia(unit, conversationId, request),
    openConversation: (ref, at) => openConversation(unit, ref, at),
    seed: (groups, contacts, at) => seedAccount(unit, groups, contacts, at),
    setDraft: (conversationId, draft) => setDraft(unit, conversationId, draft),
    markRead: (conversationId, upTo) => markRead(unit, conversationId, upTo),
    markSeen: (messageIds) => markSeen(unit, messageIds),
    unread: (conversationId, only, limit) => readUnread(unit, conversationId, only, limit),
    waiting: (mentionLimit) => readWaiting(unit, mentionLimit),
    prefer: (conversationId, preferences) => prefer(unit, conversationId, preferences),
    deleteConversation: (conversationId) => deleteConversation(unit, conversationId),
    acknowledgeNotice: (noticeId, at) => acknowledgeNotice(unit, noticeId, at),
    markNoticesRead: (noticeIds, at) => markNoticesRead(unit, noticeIds, at),
    policyHistory: () => readPolicyHistory(unit),
    noteDecisions: (entries) => noteDecisions(unit, entries),
    decisions: (request) => readDecisions(unit, request),

    send: (request) => sendMessage(unit, request),
    edit: (messageId, text, at) => editMessage(unit, messageId, text, at),
    recall: (messageId, at) => recallMessage(unit, messageId, at),
    deleteForMe: (messageId, tellServer, at) => deleteMessage(unit, messageId, tellServer, at),
    pin: (messageId, pin, at) => pinMessage(unit, messageId, pin, at),
    retry: (messageId, at) => retryMessage(unit, messageId, at),
    cancel: (messageId) => cancelMessage(unit, messageId),

    outboxHeads: (busyLanes, limit, wanted) => queueHeads(unit, busyLanes, limit, wanted),
    outboxSize: () => rows.outbox.size(),
    outboxWritten: (entryId, at, trying) => noteWritten(unit, entryId, at, trying),
    outboxSettle: (entryId, proof, at) => settleEntry(unit, entryId, proof, at),
    outboxFail: (entryId, error, at) => failEntry(unit, entryId, error, at),

    attachments: () => listAttachments(unit),
    attachmentTried: (messageId, at) => noteTried(unit, messageId, at),
    attachmentUploaded: (messageId, url, at) => noteUploaded(unit, messageId, url, at),
    attachmentForgotten: (messageId) => forgetAttachment(unit, messageId),
    policy: () => unit.policy,
    message: (messageId) => readMessage(unit, messageId),
    trace: (messageId) => readTrace(unit, messageId),

    search: (request) => searchMessages(unit, request),
    indexForSearch: (limit) => unit.write('normal', () => unit.searchIndex.advance(limit)).value,

    storageUse: (after, limit) => measureUse(unit, after, limit),
    storedMessages: (ids) => readStored(unit, ids),
    storagePages: () => rows.storage.pages(),
    eraseMessages: (conversationId) => eraseMessages(unit, conversationId),
    archivePart: (conversationId, from, limit) => readArchivePart(unit, conversationId, from, limit),
    takeArchived: (conversation, people, messages, at) => takeArchived(unit, conversation, people, messages, at),
    compact: () => rows.storage.compact(),

    readFact: (key) => rows.facts.read(key),
    writeFact: (key, value) => void unit.write('normal', () => rows.facts.write(key, value)),
    groups: () => unit.groupIds(),
    counts: (whole) => readCounts(rows, whole),
    verify: () => verifyCounters(unit),
  }
}
