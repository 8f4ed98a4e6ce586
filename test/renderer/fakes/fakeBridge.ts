/**
 * Main as the page sees it, in memory: rows, pages, and change sets with honest numbers. What it answers goes through
 * structured cloning like everything that crosses IPC, so a proxy or a function that leaks into a call fails here too.
 */
import { type Message, comparePositions, pendingSequence } from '#common/domain/message.ts'
import { type AppError, appError } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Bridge } from '#common/contract/bridge.ts'
import type {
  CallInput,
  CallName,
  CallOutput,
  KeptMode,
  Layout,
  Snapshot,
  TimelinePage,
} from '#common/contract/calls.ts'
import type { Decision } from '#common/contract/ledger.ts'
import type { Update } from '#common/domain/update.ts'
import type { LockStatus } from '#common/contract/lock.ts'
import type { Unsent } from '#common/contract/unsent.ts'
import type { Push } from '#common/contract/pushes.ts'
import { type Settings, settingsFrom } from '#common/contract/settings.ts'
import type { Account } from '#common/domain/account.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { Examination } from '#common/domain/doctor.ts'
import type { DatabaseCheck, MeterReading } from '#common/domain/meter.ts'
import type { Preferences } from '#common/domain/conversation.ts'
import type { Download } from '#common/domain/download.ts'
import type { Licence } from '#common/domain/licence.ts'
import type { Hole } from '#common/domain/message.ts'
import type { PolicyChange } from '#common/domain/notice.ts'
import { plainText } from '#common/domain/content/content.ts'
import { placesOf, snippet } from '#common/domain/search/matching.ts'
import { parseQuery } from '#common/domain/search/query.ts'
import type { SearchAnswer } from '#common/domain/search/answer.ts'
import type { RepairReport } from '#common/domain/storage.ts'
import type { StorageUse } from '#common/domain/storageUse.ts'
import type { TraceStep } from '#common/domain/trace.ts'
import {
  accountId as firstAccountId,
  changeSet,
  message as messageRow,
  meterReading,
  selfId,
  snapshot as snapshotOf,
} from './rows.ts'

export interface FakeWorld {
  locale: 'zh-CN' | 'en'
  settings: Settings
  accounts: Account[]
  snapshots: Map<string, Snapshot>
  /** Of all accounts: conversation ids differ. */
  messages: Message[]
  holes: Map<string, Hole[]>
  policyChanges: PolicyChange[]
  /** Newest first; of all accounts. */
  decisions: Decision[]
  /** What the next repair saves. */
  repair: RepairReport | null
  licences: Licence[]
  /** By message id. */
  traces: Map<number, TraceStep[]>
  layout: Layout
  lock: LockStatus
  update: Update
  /** What is not in the index yet. */
  indexing: SearchAnswer['indexing']
  /** What unfinished words are for, by conversation. */
  modes: Map<string, KeptMode | null>
  /** Kept for a page that begins anew. */
  unsent: Unsent[]
  /** Files that are here or on their way. */
  downloads: Download[]
  /** What each account keeps. */
  storageUses: Map<string, StorageUse>
  /** How far the making smaller is. */
  compacting: { readonly share: number | null } | null
  /** What the next archive comes to, and how far one under way is. */
  exported: CallOutput<'archive.export'>['done']
  imported: CallOutput<'archive.import'>['done']
  archiving: CallOutput<'archive.progress'>['progress']
  /** What the doctor found last, and what the next check and the next reading of the meter say. */
  examination: Examination | null
  check: DatabaseCheck | null
  meter: () => MeterReading
  /** The user lets voice messages be recorded. */
  microphone: boolean
  sandboxed: boolean
}

export interface FakeBridge extends Bridge {
  readonly world: FakeWorld
  readonly calls: { readonly name: string; readonly input: unknown }[]
  /** The inputs of every call of that name. */
  inputsOf<K extends CallName>(name: K): CallInput<K>[]
  push(push: Push): void
  /** Applies and pushes rows under the next number; `skip` leaves numbers out, as if pushes were lost. */
  change(facts: Partial<ChangeSet>, skip?: number): void
  /** From now on that call fails. */
  refuse(name: CallName, error: AppError): void
  /** The end of refusing. */
  accept(name: CallName): void
  /** From now on the answers of that call wait for the returned function. */
  hold(name: CallName): () => void
}

export function createWorld(facts: Partial<FakeWorld> = {}): FakeWorld {
  return {
    locale: 'en',
    settings: settingsFrom(new Map()),
    accounts: [],
    snapshots: new Map(),
    messages: [],
    holes: new Map(),
    policyChanges: [],
    decisions: [],
    repair: null,
    licences: [],
    traces: new Map(),
    layout: { paneWidth: null },
    lock: { state: 'none', waitUntil: null },
    update: { state: 'idle', checkedAt: null },
    indexing: null,
    modes: new Map(),
    unsent: [],
    downloads: [],
    storageUses: new Map(),
    compacting: null,
    exported: null,
    imported: null,
    archiving: null,
    examination: null,
    check: null,
    meter: () => meterReading(),
    microphone: true,
    sandboxed: true,
    ...facts,
  }
}

type Handlers = { [K in CallName]: (input: CallInput<K>) => Result<CallOutput<K>> }

export function createFakeBridge(world: FakeWorld): FakeBridge {
  const calls: { name: string; input: unknown }[] = []
  const listeners = new Set<(push: unknown) => void>()
  const refused = new Map<string, AppError>()
  const held = new Map<string, Promise<void>>()
  let nextId = Math.max(0, ...world.messages.map((message) => message.id)) + 1

  function push(value: Push): void {
    for (const listener of listeners) listener(structuredClone(value))
  }

  function change(facts: Partial<ChangeSet>, skip = 0): void {
    const accountId = world.accounts[0]?.id ?? firstAccountId
    const old = world.snapshots.get(accountId) ?? snapshotOf()
    const changes = changeSet(old.asOf + 1 + skip, facts)
    world.snapshots.set(accountId, {
      ...old,
      asOf: changes.number,
      conversations: replaced(old.conversations, changes.conversations, (row) => row.id),
      people: replaced(old.people, changes.people, (row) => row.userId),
      notices: replaced(old.notices, changes.notices, (row) => row.id),
      policy: changes.policy ?? old.policy,
    })
    world.messages = replaced(world.messages, changes.messages, (row) => row.id).filter((row) => !row.deleted)
    for (const { conversationId, holes } of changes.holes) world.holes.set(conversationId, holes)
    push({ type: 'changes', accountId, changes })
  }

  function page({ conversationId, from, limit }: CallInput<'timeline.page'>): Result<TimelinePage> {
    const all = world.messages
      .filter((message) => message.conversationId === conversationId)
      .sort((a, b) => comparePositions(a.position, b.position))
    let start = Math.max(0, all.length - limit)
    let end = all.length
    const wanted =
      from.at === 'around'
        ? all.findIndex((message) => message.serverId === from.serverId)
        : from.at === 'message'
          ? all.findIndex((message) => message.id === from.messageId)
          : from.at === 'time'
            ? all.findIndex((message) => (message.serverTime ?? 0) >= from.time)
            : from.at === 'unread'
              ? all.findIndex((message) => message.unread && !message.outgoing)
              : -1
    if (from.at === 'before') {
      end = all.filter((message) => comparePositions(message.position, from.position) < 0).length
      start = Math.max(0, end - limit)
    } else if (from.at === 'after') {
      start = all.filter((message) => comparePositions(message.position, from.position) <= 0).length
      end = Math.min(all.length, start + limit)
    } else if (wanted < 0 && (from.at === 'around' || from.at === 'message')) {
      return fail('message.unknown')
    } else if (wanted >= 0 && !(from.at === 'unread' && wanted >= start)) {
      start = Math.max(0, wanted - Math.floor(limit / 2))
      end = Math.min(all.length, start + limit)
    }
    return ok({
      messages: all.slice(start, end),
      hasOlder: start > 0,
      hasNewer: end < all.length,
      holes: world.holes.get(conversationId) ?? [],
      pinned: all.filter((message) => message.pinned).reverse(),
      target: all[wanted]?.id ?? null,
    })
  }

  const unreadOf = (conversationId: string): Message[] =>
    world.messages
      .filter((message) => message.conversationId === conversationId && message.unread)
      .sort((a, b) => comparePositions(a.position, b.position))
  const namesUs = ({ content }: Message): boolean =>
    (content.kind === 'text' || content.kind === 'quote') && (content.mentions?.includes(selfId) ?? false)

  function touch(messageId: number, facts: (row: Message) => Partial<Message>): Result<Record<never, never>> {
    const row = world.messages.find((message) => message.id === messageId)
    if (row === undefined) return fail('message.unknown')
    change({ messages: [{ ...row, ...facts(row), revision: row.revision + 1 }] })
    return ok({})
  }

  const handlers: Handlers = {
    'doctor.start': () => ok({}),
    'doctor.stop': () => ok({}),
    'doctor.last': () => ok({ examination: world.examination }),
    'database.check': () => (world.check === null ? fail('storage.failed') : ok(world.check)),
    'meter.read': () => ok(world.meter()),
    'diagnostics.versions': () =>
      ok({
        program: '0.1.0',
        parts: [{ name: 'node', version: '24.1.0' }],
        system: 'linux 6.1 x64',
        sandboxed: world.sandboxed,
      }),
    'diagnostics.report': () => ok({ text: 'Godwit 0.1.0\n' }),
    'diagnostics.saveReport': () => ok({ saved: true }),
    'diagnostics.saveLog': () => ok({ saved: false }),
    'app.boot': () =>
      ok({
        version: '0.1.0',
        platform: 'linux',
        locale: world.locale,
        settings: world.settings,
        lock: world.lock,
        update: world.update,
        accounts: world.lock.state === 'locked' ? [] : world.accounts,
        layout: world.layout,
      }),
    'update.check': () => ok({}),
    'update.restart': () => ok({}),
    'lock.set': () => ok({}),
    'lock.remove': () => ok({}),
    'lock.now': () => ok({}),
    'lock.parted': () => ok({}),
    'unsent.keep': (unsent) => {
      world.unsent.push(unsent)
      return ok({})
    },
    'unsent.take': () => ok({ next: world.unsent.shift() ?? null }),
    'lock.unlock': () => fail('lock.wrongPin'),
    'lock.forget': () => ok({}),
    'app.licences': () => ok({ licences: world.licences }),
    'settings.set': ({ settings }) => {
      const given = Object.entries(settings).filter(([, value]) => value !== undefined)
      world.settings = settingsFrom(new Map([...Object.entries(world.settings), ...given]))
      if (world.settings.language !== 'system') world.locale = world.settings.language
      push({ type: 'settings', settings: world.settings, locale: world.locale })
      return ok(world.settings)
    },
    'account.signIn': () => fail('link.refused'),
    'account.signOut': ({ accountId }) => {
      world.accounts = world.accounts.filter((account) => account.id !== accountId)
      push({ type: 'accounts', accounts: world.accounts })
      return ok({})
    },
    'account.snapshot': ({ accountId }) => ok(world.snapshots.get(accountId) ?? snapshotOf()),
    'storage.tryAgain': () => ok({}),
    'storage.repair': () => (world.repair === null ? fail('storage.failed') : ok(world.repair)),
    'storage.show': () => ok({}),
    'connection.tryNow': () => ok({}),
    'connection.check': () => ok({}),
    'conversation.open': () => fail('conversation.unknown'),
    'conversation.setDraft': ({ accountId, conversationId, draft }) => {
      const row = world.snapshots.get(accountId)?.conversations.find((one) => one.id === conversationId)
      if (row === undefined) return fail('conversation.unknown')
      change({ conversations: [{ ...row, draft, revision: row.revision + 1 }] })
      return ok({})
    },
    'conversation.keepMode': ({ conversationId, mode }) => {
      world.modes.set(conversationId, mode)
      return ok({})
    },
    'conversation.recallMode': ({ conversationId }) => {
      const mode = world.modes.get(conversationId) ?? null
      if (mode === null) return ok({ mode: null })
      const message = world.messages.find(({ id }) => id === mode.messageId)
      return ok({ mode: { kind: mode.kind, text: mode.text, message: message ?? null } })
    },
    'conversation.markRead': ({ accountId, conversationId, upTo }) => {
      const row = world.snapshots.get(accountId)?.conversations.find((one) => one.id === conversationId)
      const seen = world.messages.find((message) => message.id === upTo)
      if (row === undefined || seen === undefined) return fail('message.unknown')
      const own = world.messages.filter((message) => message.conversationId === conversationId && message.unread)
      const read = own.filter((message) => comparePositions(message.position, seen.position) <= 0)
      change({
        conversations: [{ ...row, unread: own.length - read.length, mentions: 0, revision: row.revision + 1 }],
        messages: read.map((message) => ({ ...message, unread: false, revision: message.revision + 1 })),
      })
      return ok({})
    },
    'conversation.markSeen': ({ messageIds }) => {
      const seen = world.messages.filter((message) => message.unread && messageIds.includes(message.id))
      const [first] = seen
      const row = world.snapshots.get(firstAccountId)?.conversations.find((one) => one.id === first?.conversationId)
      if (row === undefined) return ok({})
      const mentions = Math.max(0, row.mentions - seen.filter(namesUs).length)
      change({
        conversations: [{ ...row, unread: row.unread - seen.length, mentions, revision: row.revision + 1 }],
        messages: seen.map((message) => ({ ...message, unread: false, revision: message.revision + 1 })),
      })
      return ok({})
    },
    'conversation.unread': ({ conversationId, only }) =>
      ok({ messages: unreadOf(conversationId).filter((message) => only === 'all' || namesUs(message)) }),
    'conversation.prefer': ({ accountId, conversationId, preferences }) => {
      const row = world.snapshots.get(accountId)?.conversations.find((one) => one.id === conversationId)
      if (row === undefined) return fail('conversation.unknown')
      const changed = { ...row.preferences, ...preferences } as Preferences
      change({ conversations: [{ ...row, preferences: changed, revision: row.revision + 1 }] })
      return ok({})
    },
    'conversation.verify': () => ok({ messages: 3, missing: '0', server: 'cannot', recounted: 0 }),
    'conversation.delete': ({ accountId, conversationId }) => {
      const row = world.snapshots.get(accountId)?.conversations.find((one) => one.id === conversationId)
      if (row === undefined) return fail('conversation.unknown')
      world.messages = world.messages.filter((message) => message.conversationId !== conversationId)
      const preferences = { ...row.preferences, hidden: true }
      change({
        conversations: [{ ...row, last: null, unread: 0, mentions: 0, preferences, revision: row.revision + 1 }],
      })
      return ok({})
    },
    'account.waiting': ({ accountId }) =>
      ok({
        waiting: (world.snapshots.get(accountId)?.conversations ?? []).flatMap(({ id }) => {
          const unread = unreadOf(id)
          const [first] = unread
          return first === undefined ? [] : [{ conversationId: id, first, mentions: unread.filter(namesUs) }]
        }),
      }),
    'layout.set': (layout) => {
      world.layout = layout
      return ok({})
    },
    'view.report': () => ok({}),
    'timeline.page': page,
    'search.messages': ({ conversationId, query }) => {
      const { phrases } = parseQuery(query, new Date())
      const hits = world.messages.flatMap((message) => {
        const places = placesOf(phrases, plainText(message.content))
        if (phrases.length === 0 || places === null || message.deleted) return []
        if (conversationId !== null && message.conversationId !== conversationId) return []
        const { id, serverId, senderId, content } = message
        const at = message.serverTime ?? message.localTime
        const parts = snippet(plainText(content), places)
        return [
          { messageId: id, serverId, conversationId: message.conversationId, senderId, kind: content.kind, at, parts },
        ]
      })
      return ok({ hits: hits.reverse(), cursor: null, tookMs: 0.42, indexing: world.indexing })
    },
    'timeline.days': ({ conversationId, starts }) => {
      const times = world.messages
        .filter((message) => message.conversationId === conversationId)
        .map((message) => message.serverTime ?? message.localTime)
      return ok({
        counts: starts.slice(1).map((end, day) => times.filter((at) => at >= (starts[day] ?? 0) && at < end).length),
        first: times.length === 0 ? null : Math.min(...times),
      })
    },
    'message.share': ({ conversationId, content }) => {
      const id = nextId++
      change({ messages: [messageRow({ id, conversationId, outgoing: true, state: 'sending', content })] })
      return ok({ messageId: id })
    },
    'message.forward': ({ messageIds, conversationIds }) =>
      ok({ queued: messageIds.length * conversationIds.length, refused: [] }),
    'timeline.askAgain': ({ conversationId }) => {
      const holes = (world.holes.get(conversationId) ?? []).map((hole) => ({ ...hole, askedAt: Date.now() }))
      world.holes.set(conversationId, holes)
      return ok({ holes })
    },
    'message.send': ({ conversationId, text, quotes }) => {
      const id = nextId++
      const quoted = world.messages.find((message) => message.serverId === quotes)
      const content =
        quoted === undefined
          ? { kind: 'text' as const, text }
          : {
              kind: 'quote' as const,
              text,
              quotedId: quoted.serverId ?? '',
              quotedText: 'text' in quoted.content ? quoted.content.text : '',
              quotedSenderId: quoted.senderId,
            }
      const position = { sequence: pendingSequence, time: id, id: `client-${id}` }
      change({
        messages: [
          messageRow({
            id,
            conversationId,
            outgoing: true,
            state: 'sending',
            content,
            position,
            localTime: Date.now(),
          }),
        ],
      })
      return ok({ messageId: id })
    },
    'message.edit': ({ messageId, text }) =>
      touch(messageId, () => ({ content: { kind: 'text', text }, edited: { at: null, reason: null } })),
    'message.recall': ({ messageId }) =>
      touch(messageId, (row) => ({ recalled: { at: row.serverTime, by: row.senderId, reason: null } })),
    'message.deleteForMe': ({ messageId }) => touch(messageId, () => ({ deleted: true })),
    'message.pin': ({ messageId, pin }) => touch(messageId, () => ({ pinned: pin !== 'none' })),
    'message.retry': ({ messageId }) => touch(messageId, () => ({ state: 'sending', problem: null })),
    'message.cancel': ({ messageId }) => touch(messageId, () => ({ deleted: true })),
    'message.trace': ({ messageId }) => ok({ steps: world.traces.get(messageId) ?? [] }),
    'notifications.decisions': ({ before, limit, conversationId, outcome }) => {
      const found = world.decisions.filter(
        (one) =>
          (before === null || one.id < before) &&
          (conversationId === null || one.conversationId === conversationId) &&
          (outcome === 'all' || one.shown === (outcome === 'shown')),
      )
      const decisions = found.slice(0, limit)
      return ok({ decisions, next: found.length > limit ? (decisions.at(-1)?.id ?? null) : null })
    },
    'policy.history': () => ok({ changes: world.policyChanges }),
    'attachment.choose': () => ok({ messageIds: [], refused: [] }),
    'storage.use': ({ accountId }) => {
      const use = world.storageUses.get(accountId)
      return use === undefined ? fail('account.unknown') : ok(use)
    },
    'storage.clearMedia': () => ok({ files: 2, bytes: 2048 }),
    'storage.clearMessages': () => ok({ messages: 3 }),
    'storage.compact': () => ok({ before: 4096, after: 1024 }),
    'storage.progress': () => ok({ progress: world.compacting }),
    'archive.export': () => ok({ done: world.exported }),
    'archive.import': () => ok({ done: world.imported }),
    'archive.progress': () => ok({ progress: world.archiving }),
    'archive.cancel': () => ok({}),
    'archive.show': () => ok({}),
    'microphone.allow': () => ok({ allowed: world.microphone }),
    'attachment.add': ({ conversationId, name, bytes, caption = '' }) => {
      const id = nextId++
      const content = name.endsWith('.png')
        ? { kind: 'image' as const, caption, url: '', size: bytes.byteLength }
        : { kind: 'file' as const, name, url: '', size: bytes.byteLength }
      const position = { sequence: pendingSequence, time: id, id: `client-${id}` }
      change({ messages: [messageRow({ id, conversationId, outgoing: true, state: 'sending', content, position })] })
      return ok({ messageIds: [id], refused: [] })
    },
    'media.list': ({ conversationId, kind, query, direction, from, limit }) => {
      const kinds = { picture: ['image'], visual: ['image', 'video'], file: ['file'], voice: ['voice'], link: ['text'] }
      const step = direction === 'older' ? -1 : 1
      const fitting = world.messages
        .filter((one) => one.conversationId === conversationId && !one.deleted && one.recalled === null)
        .filter(({ content }) => kinds[kind].includes(content.kind))
        .filter(({ content }) => kind !== 'link' || plainText(content).includes('://'))
        .filter(({ content }) => plainText(content).toLowerCase().includes(query.toLowerCase()))
        .filter(({ position }) => from === null || comparePositions(position, from) * step > 0)
        .sort((a, b) => comparePositions(a.position, b.position) * step)
      const messages = fitting.slice(0, limit)
      return ok({ messages, next: fitting.length > limit ? (messages.at(-1)?.position ?? null) : null })
    },
    'media.save': () => ok({ saved: true }),
    'media.copy': () => ok({}),
    'download.list': () => ok({ downloads: [...world.downloads] }),
    'download.act': () => ok({}),
    'download.open': () => ok({ opened: true }),
    'download.show': () => ok({}),
    'notice.acknowledge': ({ accountId, noticeId }) => {
      const row = world.snapshots.get(accountId)?.notices.find((one) => one.id === noticeId)
      if (row === undefined) return fail('input.invalid')
      const now = Date.now()
      change({ notices: [{ ...row, acknowledgedAt: now, readAt: row.readAt ?? now, revision: row.revision + 1 }] })
      return ok({})
    },
    'notice.markRead': ({ accountId, noticeIds }) => {
      const rows = world.snapshots.get(accountId)?.notices ?? []
      const fresh = rows.filter(({ id, readAt }) => readAt === null && noticeIds.includes(id))
      const readAt = Date.now()
      if (fresh.length > 0) change({ notices: fresh.map((row) => ({ ...row, readAt, revision: row.revision + 1 })) })
      return ok({})
    },
    'window.openChat': () => ok({}),
    'window.keepOnTop': () => ok({}),
    'app.reportError': () => ok({}),
  }

  function isCall(name: string): name is CallName {
    return Object.hasOwn(handlers, name)
  }
  /** The page's client has parsed the input by the schema of that name. */
  function answer<K extends CallName>(name: K, input: unknown): Result<CallOutput<K>> {
    return handlers[name](input as CallInput<K>)
  }

  return {
    world,
    calls,
    inputsOf: <K extends CallName>(name: K) =>
      calls.filter((call) => call.name === name).map((call) => call.input as CallInput<K>),
    push,
    change,
    refuse: (name, error) => void refused.set(name, error),
    accept: (name) => void refused.delete(name),
    hold(name) {
      const { promise, resolve } = Promise.withResolvers<void>()
      held.set(name, promise)
      return () => {
        held.delete(name)
        resolve()
      }
    },
    async call(name, input) {
      const given: unknown = structuredClone(input)
      calls.push({ name, input: given })
      if (!isCall(name)) return { ok: false, error: appError('ipc.unknownCall') }
      const error = refused.get(name)
      const settled = error === undefined ? answer(name, given) : { ok: false as const, error }
      await held.get(name)
      return structuredClone(settled)
    },
    onPush(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function replaced<T>(old: readonly T[], rows: readonly T[], keyOf: (row: T) => unknown): T[] {
  const byKey = new Map(old.map((row) => [keyOf(row), row]))
  for (const row of rows) byKey.set(keyOf(row), row)
  return [...byKey.values()]
}
