/** Accounts with something in them, and the ways their files can be damaged. */
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { bob, bobId, edited, frame, inspect, now, received, self, send, teamId, tempDir, unwrap } from './support.ts'

export const pageBytes = 4096
/** Enough that the messages fill some hundred pages. */
export const messageCount = 3000

/** Everything that is worth more than the rest. */
export interface Precious {
  readonly queue: readonly { id: number; kind: string; text: string; clientId: string | null }[]
  readonly drafts: readonly (readonly [string, string])[]
}

/**
 * An account with a long conversation, five messages and an edit that wait, and two drafts. With `unclean` the files are
 * as a killed program leaves them: some of it stands in the log only.
 */
export function madeAccount({ unclean = false }: { unclean?: boolean } = {}): string {
  const dir = tempDir()
  const working = join(dir, 'working.db')
  const store = unwrap(openAccountStore({ file: working, selfId: self }))
  store.openConversation(bob, now)
  const ours = send(store, 'ours', { conversationId: bobId })
  store.ingest(
    [
      frame(
        received({ conversation: bob, senderId: self, clientId: 'c-ours', serverId: 'server-ours', serverTime: now }),
      ),
    ],
    now,
  )
  for (let at = 0; at < messageCount; at += 500) {
    store.ingest(
      Array.from({ length: 500 }, (_, index) =>
        frame(
          received({
            serverId: `s${at + index}`,
            sequence: String(at + index + 1),
            serverTime: now + at + index,
            text: `Message ${at + index}, of the length that people write to each other on a normal day.`,
          }),
        ),
      ),
      now,
    )
  }
  store.ingest([frame(edited('not here yet', 'later'))], now)
  if (unclean) {
    store.close()
    return crashed(working, join(dir, 'messages.db'))
  }
  queue(store, ours)
  store.close()
  const file = join(dir, 'messages.db')
  copyFileSync(working, file)
  return file
}

function queue(store: Parameters<typeof send>[0], ours: number): void {
  for (const text of ['one', 'two', 'three', 'four', 'five']) send(store, text)
  store.edit(ours, 'ours, changed', now)
  store.setDraft(teamId, 'half a thought')
  store.setDraft(bobId, '还没写完的话')
}

/** The same work again on top, copied before the owner could close the file. */
function crashed(working: string, file: string): string {
  const store = unwrap(openAccountStore({ file: working, selfId: self }))
  queue(store, 1)
  // The transactions that the damage may cost, so that those before it are whole.
  for (let count = 0; count < 20; count++) store.writeFact('count', String(count))
  for (const end of ['', '-wal']) copyFileSync(working + end, file + end)
  store.close()
  return file
}

export function preciousOf(file: string): Precious {
  return inspect(file, (database) => ({
    queue: database
      .prepare<[], Precious['queue'][number]>(
        `SELECT o.id, o.kind, CASE o.kind WHEN 'send' THEN m.text ELSE o.text END AS text, m.client_id AS clientId
         FROM outbox o JOIN messages m ON m.id = o.message_id ORDER BY o.id`,
      )
      .all(),
    drafts: database
      .prepare<[], { name: string; draft: string }>(
        "SELECT name, draft FROM conversations WHERE draft <> '' ORDER BY id",
      )
      .all()
      .map(({ name, draft }) => [name, draft] as const),
  }))
}

export const everythingPrecious: Precious = {
  queue: [
    ...['one', 'two', 'three', 'four', 'five'].map((text, index) => ({
      id: index + 2,
      kind: 'send',
      text,
      clientId: `c-${text}`,
    })),
    { id: 7, kind: 'edit', text: 'ours, changed', clientId: 'c-ours' },
  ],
  drafts: [
    [bobId, '还没写完的话'],
    [teamId, 'half a thought'],
  ],
}

/** The pages of a table or an index, in the order of its rows; only those of rows unless told otherwise. */
export function pagesOf(file: string, name: string, pagetype: 'leaf' | 'internal' = 'leaf'): number[] {
  const copy = `${file}.looked-at`
  copyFileSync(file, copy)
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`)
  const database = new Database(copy)
  try {
    return database
      .prepare<[string, string], number>('SELECT pageno FROM dbstat WHERE name = ? AND pagetype = ? ORDER BY path')
      .pluck()
      .all(name, pagetype)
  } finally {
    database.close()
  }
}

/** Every byte of some pages becomes another one. */
export function flipPages(file: string, pages: readonly number[]): void {
  const bytes = readFileSync(file)
  for (const page of pages) {
    for (let at = (page - 1) * pageBytes; at < page * pageBytes; at++) bytes[at] = (bytes[at] ?? 0) ^ 0xff
  }
  writeFileSync(file, bytes)
}

export function flipByte(file: string, at: number): void {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ 0x40
  writeFileSync(file, bytes)
}

export function cutTo(file: string, size: number): void {
  writeFileSync(file, readFileSync(file).subarray(0, size))
}

export function sizeOf(file: string): number {
  return statSync(file).size
}
