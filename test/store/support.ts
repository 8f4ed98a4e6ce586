/** Short ways to say what a server tells, and to look at what the store made of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Result } from '#common/base/result.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { Content } from '#common/domain/content/content.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { Inbound, ServerEvent } from '#common/domain/events.ts'
import type { Message } from '#common/domain/message.ts'
import { type OpenAccountStore, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import type { Changed } from '#electron/core/ports/store.ts'

export const self = 'me'
export const now = 1_700_000_000_000
export const team = { kind: 'group', groupId: 'team' } as const satisfies ConversationRef
export const bob = { kind: 'direct', peerId: 'bob' } as const satisfies ConversationRef
export const teamId = 'group:team'
export const bobId = 'direct:bob'

type Received = Extract<ServerEvent, { type: 'message.received' }>

/** A text from Bob in the team, unless told otherwise. */
export function received(facts: Partial<Omit<Received, 'type'>> & { text?: string } = {}): Received {
  const { text = 'hello', ...rest } = facts
  return {
    type: 'message.received',
    conversation: team,
    senderId: 'bob',
    serverId: 's1',
    clientId: null,
    sequence: null,
    serverTime: now,
    content: { kind: 'text', text },
    state: 'sent',
    recalled: false,
    ...rest,
  }
}

export function edited(
  serverId: string,
  text: string,
  facts: Partial<Extract<ServerEvent, { type: 'message.edited' }>> = {},
): ServerEvent {
  return {
    type: 'message.edited',
    target: { serverId },
    text,
    by: null,
    reason: null,
    at: now,
    sequence: null,
    ...facts,
  }
}

export function recalled(serverId: string, at: number | null = now): ServerEvent {
  return { type: 'message.recalled', target: { serverId }, by: 'bob', reason: null, at }
}

export function frame(...events: ServerEvent[]): Inbound {
  return { covers: null, events }
}

export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.detail ?? ''}`)
  return result.value
}

export function changesOf<T>(changed: Changed<T>): ChangeSet {
  if (changed.changes === null) throw new Error('nothing changed')
  return changed.changes
}

/** Closed when the test is over. */
export function memoryStore(selfId = self): OpenAccountStore {
  const store = unwrap(openAccountStore({ file: ':memory:', selfId }))
  onTestFinished(() => store.close())
  return store
}

/** A folder that is gone when the test is over. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-store-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Looks into a file that no store has open. */
export function inspect<T>(file: string, look: (database: Database.Database) => T): T {
  const database = new Database(file, { fileMustExist: true })
  try {
    return look(database)
  } finally {
    database.close()
  }
}

export function timeline(store: Pick<OpenAccountStore, 'page'>, conversationId = teamId): Message[] {
  return [...unwrap(store.page(conversationId, { at: 'newest' }, 200)).messages]
}

export function texts(store: Pick<OpenAccountStore, 'page'>, conversationId = teamId): string[] {
  return timeline(store, conversationId).map(({ content }) => ('text' in content ? content.text : content.kind))
}

export function send(
  store: OpenAccountStore,
  text: string,
  facts: { clientId?: string; conversationId?: string; content?: Content } = {},
): number {
  const { clientId = `c-${text}`, conversationId = teamId, content = { kind: 'text', text } } = facts
  return unwrap(store.send({ conversationId, content, clientId, at: now })).value.messageId
}
