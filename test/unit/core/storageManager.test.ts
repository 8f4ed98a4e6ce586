/** The storage manager on a real store and a real folder. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Content } from '#common/domain/content/content.ts'
import { noFiles } from '#common/domain/storageUse.ts'
import { type OpenAccountStore, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { createStoredFiles } from '#electron/adapters/storage/storedFiles.ts'
import type { Store } from '#electron/core/ports/store.ts'
import type { StoredFiles } from '#electron/core/ports/storedFiles.ts'
import { StorageManager } from '#electron/core/storageManager.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'
import { bob, bobId, frame, now, received, self, send, teamId, texts, timeline, unwrap } from '#test/store/support.ts'

const dayMs = 86_400_000
let dir: string
let inside: OpenAccountStore
let files: StoredFiles
let clock: FakeClock

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'godwit-storage-'))
  inside = unwrap(openAccountStore({ file: join(dir, 'messages.db'), selfId: self }))
  files = createStoredFiles({ dir, database: join(dir, 'messages.db'), scratch: tmpdir() })
  clock = new FakeClock()
})
afterEach(() => {
  inside.close()
  rmSync(dir, { recursive: true, force: true })
})

/** As across the thread: every answer comes later. */
function store(overrides: Partial<Store> = {}): Store {
  return new Proxy(overrides as Store, {
    get: (own, name) =>
      Reflect.get(own, name) ??
      (async (...args: unknown[]): Promise<unknown> => {
        await Promise.resolve()
        return Reflect.apply(Reflect.get(inside, name) as (...given: unknown[]) => unknown, inside, args) as unknown
      }),
  })
}
const manager = (facts: Partial<{ files: StoredFiles; store: Store }> = {}): StorageManager =>
  new StorageManager({ store: store(), files, clock, log: silentLog, changed: ({ value }) => value, ...facts })

function put(path: string, bytes: number): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), Buffer.alloc(bytes, 1))
}
const has = (path: string): boolean => existsSync(join(dir, path))
const content = (kind: 'image' | 'voice'): Content => ({ kind, caption: '', url: `https://files/${kind}` })

/** In the team an old picture and a new voice message, in the chat with Bob a picture; each kept. Answers their ids. */
function fill(): { old: number; voice: number; other: number } {
  inside.ingest(
    [
      frame(received({ content: content('image'), serverTime: now - 100 * dayMs })),
      frame(received({ serverId: 's2', content: content('voice'), serverTime: now - dayMs })),
      frame(received({ serverId: 's3', content: content('image'), conversation: bob, serverTime: now - 100 * dayMs })),
      frame(received({ serverId: 's4', text: 'only words', serverTime: now })),
    ],
    now,
  )
  const [old = 0, voice = 0] = timeline(inside).map(({ id }) => id)
  const [other = 0] = timeline(inside, bobId).map(({ id }) => id)
  put(`media/${old}`, 1000)
  put(`files/${voice}/voice.ogg`, 300)
  put(`files/${voice}.tag`, 7)
  put(`media/${other}`, 500)
  return { old, voice, other }
}

describe('what is measured', () => {
  it('are the files and rows there are, by chat and kind, the largest chat first', async () => {
    fill()
    put('media/4711', 50)
    put(`attachments/${'0'.repeat(36)}`, 90)
    put('media/notes.txt', 9999)
    const use = await manager().measure()
    expect(use.chats.map(({ conversationId }) => conversationId)).toEqual([teamId, bobId])
    expect(use.chats[0]).toMatchObject({
      messages: { count: 3 },
      files: { ...noFiles(), image: { count: 1, bytes: 1000 }, voice: { count: 1, bytes: 307 } },
    })
    expect(use.files).toEqual({ ...noFiles(), image: { count: 2, bytes: 1500 }, voice: { count: 1, bytes: 307 } })
    expect(use.leftOver).toEqual({ count: 1, bytes: 50 })
    expect(use.waiting).toEqual({ count: 1, bytes: 90 })
    const onDisk = ['messages.db', 'messages.db-wal'].map((name) => statSync(join(dir, name)).size)
    expect(use.database.bytes).toBe(onDisk.reduce((sum, size) => sum + size))
  })

  it('is nothing for an account that has nothing yet', async () => {
    const use = await manager().measure()
    expect(use).toMatchObject({ chats: [], files: noFiles(), leftOver: { count: 0 }, waiting: { count: 0, bytes: 0 } })
  })
})

describe('letting kept files go', () => {
  it('of one chat leaves the messages, and the files of the others', async () => {
    const { old, voice, other } = fill()
    const cleared = await manager().clearMedia({ conversationId: teamId, olderThanDays: null })
    expect(cleared).toEqual({ files: 2, bytes: 1307 })
    expect([has(`media/${old}`), has(`files/${voice}`), has(`files/${voice}.tag`)]).toEqual([false, false, false])
    expect(has(`media/${other}`)).toBe(true)
    expect(texts(inside)).toEqual(['image', 'voice', 'only words'])
    const use = await manager().measure()
    expect(use.chats.find(({ conversationId }) => conversationId === teamId)).toMatchObject({
      messages: { count: 3 },
      files: noFiles(),
    })
  })

  it('of old messages leaves what is newer', async () => {
    const { old, voice, other } = fill()
    await manager().clearMedia({ conversationId: null, olderThanDays: 30 })
    expect([has(`media/${old}`), has(`media/${other}`), has(`files/${voice}`)]).toEqual([false, false, true])
  })

  it('takes what no message shows any more, and no name that is none of ours', async () => {
    const { old } = fill()
    put('media/4711', 50)
    put('media/notes.txt', 5)
    unwrap(inside.deleteForMe(old, false, now))
    await manager().clearMedia({ conversationId: bobId, olderThanDays: 30 })
    expect([has('media/4711'), has(`media/${old}`), has('media/notes.txt')]).toEqual([false, false, true])
  })

  it('never takes a file of a message that waits to be sent', async () => {
    const request = { conversationId: teamId, clientId: 'c', at: now - 100 * dayMs, content: content('image') }
    fill()
    const { messageId } = unwrap(inside.send(request)).value
    put(`media/${messageId}`, 10)
    put(`attachments/${'0'.repeat(36)}`, 90)
    await manager().clearMedia({ conversationId: null, olderThanDays: null })
    expect(has(`media/${messageId}`)).toBe(true)
    expect(readdirSync(join(dir, 'attachments'))).toHaveLength(1)
  })
})

describe('letting the messages of a chat go', () => {
  it('takes their files along, and leaves the other chats and what waits', async () => {
    const { old, voice, other } = fill()
    send(inside, 'queued')
    expect(unwrap(await manager().clearMessages(teamId))).toBe(3)
    expect([has(`media/${old}`), has(`files/${voice}`), has(`media/${other}`)]).toEqual([false, false, true])
    expect(texts(inside)).toEqual(['queued'])
    const use = await manager().measure()
    expect(use.chats.find(({ conversationId }) => conversationId === teamId)).toMatchObject({
      messages: { count: 1 },
      files: noFiles(),
    })
  })
})

describe('making the database smaller', () => {
  const roomy = (facts: Partial<StoredFiles>): StoredFiles => ({ ...files, ...facts })

  it('tells the bytes before and after, which are the file’s', async () => {
    for (let at = 0; at < 300; at++)
      inside.ingest([frame(received({ serverId: `x${at}`, text: 'long '.repeat(3000), serverTime: now + at }))], now)
    unwrap(inside.eraseMessages(teamId))
    const { before, after } = unwrap(await manager().compact())
    expect(after).toBeLessThan(before / 2)
    expect((await manager().measure()).database).toEqual({ bytes: after, free: 0 })
  })

  it.each([
    ['one disk for both', { beside: 40_000_000, scratch: 40_000_000, shared: true }],
    ['the disk of the database', { beside: 1_000, scratch: 1e12, shared: false }],
    ['the disk for what is needed for a while', { beside: 1e12, scratch: 1_000, shared: false }],
  ])('is refused before anything is touched where there is no room: %s', async (_which, room) => {
    let touched = false
    const refused = await manager({
      files: roomy({ room: () => Promise.resolve(room) }),
      store: store({ compact: () => Promise.resolve(void (touched = true)) }),
    }).compact()
    expect(refused).toMatchObject({ ok: false, error: { code: 'storage.full' } })
    if (!refused.ok)
      expect(Number(refused.error.data?.['needed'])).toBeGreaterThan(Number(refused.error.data?.['free']))
    expect(touched).toBe(false)
  })

  it('tells how far it is by what is written, and runs once however often it is asked for', async () => {
    let finish: () => void = () => undefined
    let asked = 0
    let size = 1_000_000
    const own = manager({
      files: roomy({
        databaseBytes: () => Promise.resolve(size),
        room: () => Promise.resolve({ beside: 1e12, scratch: 1e12, shared: true }),
      }),
      store: store({
        storagePages: () => Promise.resolve({ bytes: 1_000_000, free: 200_000 }),
        compact: () => new Promise((resolve) => void (asked++, (finish = resolve))),
      }),
    })
    expect(own.progress).toBeNull()
    const both = [own.compact(), own.compact()]
    await expect.poll(() => asked).toBe(1)
    expect(own.progress).toEqual({ share: null })
    size += 400_000
    await clock.pass(250)
    await expect.poll(() => own.progress).toEqual({ share: 0.5 })
    size = 800_000
    finish()
    expect(await Promise.all(both)).toMatchObject([
      { ok: true, value: { before: 1_000_000, after: 800_000 } },
      { ok: true, value: { before: 1_000_000, after: 800_000 } },
    ])
    expect([asked, own.progress]).toEqual([1, null])
  })
})
