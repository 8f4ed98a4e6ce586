/**
 * What the renderer may ask of main, by name: schema in, schema out. Everything crossing the bridge is parsed against
 * these. A call is added by one entry here and one handler in main; the preload never changes. Errors come back as
 * values (`Result`).
 */
import * as v from 'valibot'
import { accountSchema, dialectNames } from '../domain/account.ts'
import { contentSchemas } from '../domain/content/content.ts'
import { connectionStatusSchema, sessionStatusSchema } from '../domain/connection.ts'
import { chatVerdictSchema, conversationSchema, personSchema, preferencesSchema } from '../domain/conversation.ts'
import { licenceSchema } from '../domain/licence.ts'
import { holeSchema, messageSchema, positionSchema } from '../domain/message.ts'
import { noticeSchema, policyChangeSchema, policySchema } from '../domain/notice.ts'
import { searchAnswerSchema, searchOrders } from '../domain/search/answer.ts'
import { repairReportSchema } from '../domain/storage.ts'
import { traceStepSchema } from '../domain/trace.ts'
import { maxAddedBytes, uploadSchema } from '../domain/upload.ts'
import { ledgerCalls } from './ledger.ts'
import { lockCalls, lockStatusSchema } from './lock.ts'
import { archiveCalls } from './archiveCalls.ts'
import { chatWindowCalls } from './chatWindow.ts'
import { mediaCalls } from './media.ts'
import { storageUseCalls } from './storageUse.ts'
import { diagnosticsCalls } from './diagnosticsCalls.ts'
import { updateSchema } from '../domain/update.ts'
import { settingsSchema } from './settings.ts'
import { unsentCalls } from './unsent.ts'
import { updateCalls } from './updateCalls.ts'

const accountId = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const conversationId = v.pipe(v.string(), v.minLength(1), v.maxLength(600))
const messageId = v.pipe(v.number(), v.integer(), v.minValue(1))
const words = v.pipe(v.string(), v.maxLength(200_000))
const nothing = v.object({})

/** Messages behind one badge that are listed at once. */
export const unreadShown = 200

export const snapshotSchema = v.object({
  /** Number of the last change contained; the next push to apply is this plus one. */
  asOf: v.number(),
  conversations: v.array(conversationSchema),
  people: v.array(personSchema),
  notices: v.array(noticeSchema),
  policy: policySchema,
  connection: connectionStatusSchema,
  session: sessionStatusSchema,
  /** Files on their way to the upload endpoint. */
  uploads: v.array(uploadSchema),
})
export type Snapshot = v.InferOutput<typeof snapshotSchema>

export const timelinePageSchema = v.object({
  /** Oldest first. */
  messages: v.array(messageSchema),
  hasOlder: v.boolean(),
  hasNewer: v.boolean(),
  /** All holes of the conversation. */
  holes: v.array(holeSchema),
  /** The pinned messages of the conversation, newest first, wherever they stand; bounded. */
  pinned: v.array(messageSchema),
  /** The message that was asked for, by whatever name; null for a page that is only next to a place. */
  target: v.nullable(messageId),
})
export type TimelinePage = v.InferOutput<typeof timelinePageSchema>

export const timelineDaysSchema = v.object({
  /** Messages of each day that was asked for. */
  counts: v.array(v.number()),
  /** When the oldest message was said, ms since 1970; null when there is none. */
  first: v.nullable(v.number()),
})
export type TimelineDays = v.InferOutput<typeof timelineDaysSchema>

/** Days asked for at once: a month, with the ends of the weeks at both its ends. */
const mostDays = 45
/** What one forwarding may put into the queue. */
export const mostForwarded = 100
export const mostReceivers = 20

/** What became of files that were to be sent: a message each, or the reason why not. */
export const attachedSchema = v.object({
  messageIds: v.array(messageId),
  refused: v.array(
    v.object({
      name: v.string(),
      code: v.string(),
      /** Of `attachment.tooBig`, in bytes. */
      limit: v.nullable(v.number()),
      size: v.nullable(v.number()),
    }),
  ),
})
export type Attached = v.InferOutput<typeof attachedSchema>

/** How the user arranged the window. */
export const layoutSchema = v.object({
  /** Of the column of conversations, in pixels; null: as wide as the window suggests. */
  paneWidth: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000))),
})
export type Layout = v.InferOutput<typeof layoutSchema>

/** What waits in one conversation. */
export const waitingSchema = v.object({
  conversationId: v.string(),
  /** The oldest unread message. */
  first: messageSchema,
  /** Unread ones that name the user, oldest first; bounded. */
  mentions: v.array(messageSchema),
})
export type Waiting = v.InferOutput<typeof waitingSchema>

/** What the words being written are for: an answer to the message, or, in `text`, what it shall say instead. */
export const keptModeSchema = v.object({ kind: v.picklist(['quote', 'edit']), messageId, text: words })
export type KeptMode = v.InferOutput<typeof keptModeSchema>

/** As it was kept, with the message as it is now; null where it can no longer be answered or edited. */
export const recalledModeSchema = v.object({
  kind: v.picklist(['quote', 'edit']),
  message: v.nullable(messageSchema),
  text: words,
})
export type RecalledMode = v.InferOutput<typeof recalledModeSchema>

export const callSchemas = {
  ...chatWindowCalls,
  ...diagnosticsCalls,
  ...lockCalls,
  ...unsentCalls,
  ...updateCalls,
  'app.boot': {
    input: nothing,
    output: v.object({
      version: v.string(),
      platform: v.string(),
      /** The language to show, after the setting and the system's wish: `zh-CN` or `en`. */
      locale: v.picklist(['zh-CN', 'en']),
      settings: settingsSchema,
      lock: lockStatusSchema,
      update: updateSchema,
      /** None while the program is locked. */
      accounts: v.array(accountSchema),
      layout: layoutSchema,
    }),
  },
  /** The packages the program is made of, by name. */
  'app.licences': { input: nothing, output: v.object({ licences: v.array(licenceSchema) }) },
  'settings.set': { input: v.object({ settings: v.partial(settingsSchema) }), output: settingsSchema },
  'layout.set': { input: layoutSchema, output: nothing },
  'account.signIn': {
    input: v.object({
      url: v.pipe(v.string(), v.maxLength(2000)),
      /** Left out: found by trying. */
      dialect: v.optional(v.picklist(dialectNames)),
      userId: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
      token: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)),
      appKey: v.optional(v.pipe(v.string(), v.maxLength(256))),
    }),
    output: accountSchema,
  },
  'account.signOut': { input: v.object({ accountId }), output: nothing },
  'account.snapshot': { input: v.object({ accountId }), output: snapshotSchema },
  /** Opens the stored messages again, and reads the token again. */
  'storage.tryAgain': { input: v.object({ accountId }), output: nothing },
  /** Saves what can be read into a new file and keeps the old one; only while the account is stopped and repairable. */
  'storage.repair': { input: v.object({ accountId }), output: repairReportSchema },
  /** Shows the file in the system's own window for files. */
  'storage.show': { input: v.object({ accountId }), output: nothing },
  'connection.tryNow': { input: v.object({ accountId }), output: nothing },
  /** The page was told that there is a network: every account looks whether its link still lives, or tries to get one. */
  'connection.check': { input: nothing, output: nothing },
  /** Opens the chat with a person or group by the server's id; creates the empty conversation where there is none. */
  'conversation.open': {
    input: v.object({
      accountId,
      kind: v.picklist(['direct', 'group']),
      targetId: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
    }),
    output: conversationSchema,
  },
  'conversation.setDraft': { input: v.object({ accountId, conversationId, draft: words }), output: nothing },
  /** What the words being written are for, kept with the draft; null: they are simply the next message. */
  'conversation.keepMode': {
    input: v.object({ accountId, conversationId, mode: v.nullable(keptModeSchema) }),
    output: nothing,
  },
  'conversation.recallMode': {
    input: v.object({ accountId, conversationId }),
    output: v.object({ mode: v.nullable(recalledModeSchema) }),
  },
  /** Everything from others up to and including `upTo` was seen in a visible, focused window. */
  'conversation.markRead': { input: v.object({ accountId, conversationId, upTo: messageId }), output: nothing },
  /** Exactly these count as seen: the user said so, without having them on the screen. */
  'conversation.markSeen': {
    input: v.object({ accountId, messageIds: v.pipe(v.array(messageId), v.maxLength(unreadShown)) }),
    output: nothing,
  },
  /** The messages behind a badge, oldest first; at most `unreadShown`. */
  'conversation.unread': {
    input: v.object({ accountId, conversationId, only: v.picklist(['all', 'mentions']) }),
    output: v.object({ messages: v.array(messageSchema) }),
  },
  /** What is not named stays as it is. */
  'conversation.prefer': {
    input: v.object({
      accountId,
      conversationId,
      preferences: v.partial(v.omit(preferencesSchema, ['hidden'])),
    }),
    output: nothing,
  },
  /** Its messages go from this computer; it comes back, empty, with the next one. No server is told. */
  'conversation.delete': { input: v.object({ accountId, conversationId }), output: nothing },
  /** All that is unread, conversation by conversation. */
  'account.waiting': { input: v.object({ accountId }), output: v.object({ waiting: v.array(waitingSchema) }) },
  /** Which conversation this window shows; change sets carry message rows for shown conversations only. */
  'view.report': {
    input: v.object({ accountId: v.nullable(accountId), conversationId: v.nullable(conversationId) }),
    output: nothing,
  },
  /** At most `limit` messages: the newest, or those next to a position. */
  'timeline.page': {
    input: v.object({
      accountId,
      conversationId,
      from: v.variant('at', [
        v.object({ at: v.literal('newest') }),
        v.object({ at: v.literal('before'), position: positionSchema }),
        v.object({ at: v.literal('after'), position: positionSchema }),
        /** Half before, half from the message on. */
        v.object({ at: v.literal('around'), serverId: v.string() }),
        v.object({ at: v.literal('message'), messageId }),
        /** Around the first message not before this time, ms since 1970; the newest when there is none. */
        v.object({ at: v.literal('time'), time: v.number() }),
        /** Around the first unread message; the newest when there is none, or when it is among them. */
        v.object({ at: v.literal('unread') }),
      ]),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
    output: timelinePageSchema,
  },
  /** How much was said on some days of a conversation, each from one start to the next. */
  'timeline.days': {
    input: v.object({
      accountId,
      conversationId,
      starts: v.pipe(v.array(v.number()), v.minLength(2), v.maxLength(mostDays)),
    }),
    output: timelineDaysSchema,
  },
  /** Messages by their words and by filters (`domain/search/query.ts`); any text will do. */
  'search.messages': {
    input: v.object({
      accountId,
      /** Null: in all conversations. */
      conversationId: v.nullable(conversationId),
      query: v.pipe(v.string(), v.maxLength(20_000)),
      order: v.picklist(searchOrders),
      /** Of the answer before; null for the first page. */
      cursor: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
    output: searchAnswerSchema,
  },
  /** Asks the server for what is missing, where it can be asked (`capabilities.resync`). Answers the holes that are left. */
  'timeline.askAgain': {
    input: v.object({ accountId, conversationId }),
    output: v.object({ holes: v.array(holeSchema) }),
  },
  /** Whether the conversation is whole, as far as that can be known; takes as long as the server does to answer. */
  'conversation.verify': {
    input: v.object({ accountId, conversationId }),
    output: chatVerdictSchema,
  },
  /** Answers once the message is safe on disk; the bubble comes by the push. */
  'message.send': {
    input: v.object({
      accountId,
      conversationId,
      text: words,
      /** Server id of the message answered to. */
      quotes: v.optional(v.string()),
      /** Whom the words name: user ids, or `*` for everyone in the group. */
      mentions: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(200))),
    }),
    output: v.object({ messageId }),
  },
  /** A place or somebody's card; answers as `message.send` does. */
  'message.share': {
    input: v.object({
      accountId,
      conversationId,
      content: v.variant('kind', [contentSchemas.location, contentSchemas.card]),
    }),
    output: v.object({ messageId }),
  },
  /** Messages of one conversation, one by one and in their order, to other conversations. */
  'message.forward': {
    input: v.object({
      accountId,
      messageIds: v.pipe(v.array(messageId), v.minLength(1), v.maxLength(mostForwarded)),
      conversationIds: v.pipe(v.array(conversationId), v.minLength(1), v.maxLength(mostReceivers)),
    }),
    /** How many were queued, and why the others were not: the codes of `AppError`. */
    output: v.object({ queued: v.number(), refused: v.array(v.string()) }),
  },
  'message.edit': { input: v.object({ accountId, messageId, text: words }), output: nothing },
  'message.recall': { input: v.object({ accountId, messageId }), output: nothing },
  'message.deleteForMe': { input: v.object({ accountId, messageId }), output: nothing },
  /** `none` unpins on this computer: the server has no call for it. */
  'message.pin': {
    input: v.object({ accountId, messageId, pin: v.picklist(['me', 'everyone', 'none']) }),
    output: nothing,
  },
  /** A failed message goes out again under its own id and keeps its place. */
  'message.retry': { input: v.object({ accountId, messageId }), output: nothing },
  /** Takes back a message that was not yet written to the server; refused once it was. */
  'message.cancel': { input: v.object({ accountId, messageId }), output: nothing },
  /** What happened to a message written here, oldest first; empty for all others. */
  'message.trace': {
    input: v.object({ accountId, messageId }),
    output: v.object({ steps: v.array(traceStepSchema) }),
  },
  /** Main asks for files in the system's own dialog and sends them; nothing chosen is an empty answer. */
  'attachment.choose': { input: v.object({ accountId, conversationId }), output: attachedSchema },
  /** A file the page was given, pasted or dropped. Answers once it is safe on disk; the page never names a path. */
  'attachment.add': {
    input: v.object({
      accountId,
      conversationId,
      name: v.pipe(v.string(), v.maxLength(1000)),
      bytes: v.pipe(
        v.instance(Uint8Array),
        v.check((bytes) => bytes.byteLength <= maxAddedBytes, 'too many bytes'),
      ),
      /** Goes with a picture or a video; other kinds have no words of their own. */
      caption: v.optional(words),
      /** How long a recording is. */
      seconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3600))),
    }),
    output: attachedSchema,
  },
  /** May voice messages be recorded? Main asks the user once; `again` when he wishes to be asked another time. */
  'microphone.allow': { input: v.object({ again: v.boolean() }), output: v.object({ allowed: v.boolean() }) },
  ...mediaCalls,
  ...storageUseCalls,
  ...archiveCalls,
  ...ledgerCalls,
  /** What administrators changed, newest first. */
  'policy.history': { input: v.object({ accountId }), output: v.object({ changes: v.array(policyChangeSchema) }) },
  'notice.acknowledge': { input: v.object({ accountId, noticeId: v.string() }), output: nothing },
  'notice.markRead': {
    input: v.object({ accountId, noticeIds: v.pipe(v.array(v.string()), v.maxLength(1000)) }),
    output: nothing,
  },
  /** An unexpected error in the page, for the log. */
  'app.reportError': {
    input: v.object({ message: v.pipe(v.string(), v.maxLength(4000)), stack: v.pipe(v.string(), v.maxLength(16_000)) }),
    output: nothing,
  },
} as const satisfies Record<string, { input: v.GenericSchema; output: v.GenericSchema }>

export type CallName = keyof typeof callSchemas
export type CallInput<K extends CallName> = v.InferOutput<(typeof callSchemas)[K]['input']>
export type CallOutput<K extends CallName> = v.InferOutput<(typeof callSchemas)[K]['output']>
