import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAccountDatabase, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { storeRows } from '#electron/adapters/sqlite/rows/storeRows.ts'
import type { AccountStore } from '#electron/core/ports/store.ts'
import { createAccountStore } from '#electron/core/store/accountStore.ts'
import {
  edited,
  frame,
  inspect,
  now,
  received,
  self,
  send,
  team,
  teamId,
  tempDir,
  texts,
  timeline,
  unwrap,
} from './support.ts'

describe('what the user asks for', () => {
  it('is committed with an fsync of the log, switched on outside the transaction; what the server sends is not', () => {
    const statements: string[] = []
    const file = join(tempDir(), 'messages.db')
    const store = unwrap(openAccountStore({ file, selfId: self, trace: (statement) => statements.push(statement) }))
    const durability = (run: () => void): string => {
      statements.length = 0
      run()
      const marks = statements.filter((statement) => /^(PRAGMA synchronous|BEGIN|COMMIT|ROLLBACK)/i.test(statement))
      return marks.join('; ')
    }
    const full = 'PRAGMA synchronous = FULL; BEGIN IMMEDIATE; COMMIT; PRAGMA synchronous = NORMAL'
    const normal = 'BEGIN IMMEDIATE; COMMIT'

    expect(durability(() => store.openConversation(team, now))).toBe(normal)
    let id = 0
    expect(durability(() => (id = send(store, 'one')))).toBe(full)
    expect(durability(() => store.edit(id, 'one!', now))).toBe(full)
    expect(durability(() => store.outboxWritten(1, now))).toBe(normal)
    expect(durability(() => store.outboxFail(1, { code: 'message.refused' }, now))).toBe(normal)
    expect(durability(() => store.retry(id, now))).toBe(full)
    expect(durability(() => store.ingest([frame(received({ senderId: self, clientId: 'c-one' }))], now))).toBe(normal)
    expect(durability(() => store.recall(id, now))).toBe(full)
    expect(durability(() => store.deleteForMe(id, true, now))).toBe(full)
    const other = send(store, 'two')
    expect(durability(() => store.cancel(other))).toBe(full)
    store.close()
  })

  it('is there after the file is opened again, in its order and under its ids', () => {
    const file = join(tempDir(), 'messages.db')
    const first = unwrap(openAccountStore({ file, selfId: self }))
    first.openConversation(team, now)
    first.ingest([frame(received({ sequence: '4' }), edited('later', 'words'))], now)
    const ids = ['one', 'two'].map((text) => send(first, text))
    first.outboxWritten(1, now)
    const before = { snapshot: first.snapshot(), timeline: timeline(first) }
    first.close()

    const second = unwrap(openAccountStore({ file, selfId: self }))
    expect({ snapshot: second.snapshot(), timeline: timeline(second) }).toEqual(before)
    expect(second.outboxHeads([], 9)).toMatchObject([{ id: 1, attempts: 1, command: { clientId: 'c-one' } }])
    const { changes } = second.ingest([frame(received({ serverId: 'later', sequence: '5' }))], now)
    expect(changes?.number).toBe(before.snapshot.asOf + 1)
    expect(texts(second)).toEqual(['hello', 'words', 'one', 'two'])
    expect(send(second, 'three')).toBeGreaterThan(Math.max(...ids))
    expect(second.outboxHeads([teamId], 9)).toEqual([])
    second.close()
  })

  it('survives a copy of the files as a crash would leave them', () => {
    const dir = tempDir()
    const file = join(dir, 'messages.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    store.openConversation(team, now)
    send(store, 'one')
    for (const end of ['', '-wal']) copyFileSync(file + end, join(dir, `crashed.db${end}`))
    store.close()
    const crashed = unwrap(openAccountStore({ file: join(dir, 'crashed.db'), selfId: self }))
    expect(texts(crashed)).toEqual(['one'])
    expect(crashed.outboxSize()).toBe(1)
    crashed.close()
  })
})

describe('a database that refuses', () => {
  function refusing(
    pragma: string,
    undo: string,
  ): { store: AccountStore; refuse(): void; relent(): void; close(): void } {
    const database = unwrap(openAccountDatabase({ file: join(tempDir(), 'messages.db'), selfId: self }))
    const store = createAccountStore({ rows: storeRows(database), selfId: self })
    return {
      store,
      refuse: () => void database.pragma(pragma),
      relent: () => void database.pragma(undo),
      close: () => void database.close(),
    }
  }

  it('for a full disk says so, changes nothing, and goes on when there is room', () => {
    const { store, refuse, relent, close } = refusing('max_page_count = 1', 'max_page_count = 1000000')
    store.ingest([frame(received())], now)
    const before = store.snapshot()
    refuse()
    const big = frame(received({ serverId: 's2', serverTime: now + 1, text: 'x'.repeat(100_000) }))
    expect(() => store.ingest([big], now)).toThrow('storage.full')
    expect(store.snapshot()).toEqual(before)
    relent()
    expect(store.ingest([big], now).changes?.number).toBe(2)
    expect(store.verify().value.repaired).toBe(0)
    close()
  })

  it('because it cannot be written says that, and is still read', () => {
    const { store, refuse, relent, close } = refusing('query_only = ON', 'query_only = OFF')
    store.openConversation(team, now)
    refuse()
    expect(() =>
      store.send({ conversationId: teamId, content: { kind: 'text', text: 'x' }, clientId: 'x', at: now }),
    ).toThrow('storage.readOnly')
    expect(store.snapshot().conversations).toHaveLength(1)
    expect(store.outboxSize()).toBe(0)
    relent()
    expect(
      store.send({ conversationId: teamId, content: { kind: 'text', text: 'x' }, clientId: 'x', at: now }).ok,
    ).toBe(true)
    close()
  })
})

describe('a broken constraint', () => {
  it('is a defect of ours and not a broken disk', () => {
    const file = join(tempDir(), 'messages.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    store.openConversation(team, now)
    store.close()
    inspect(file, (database) =>
      database.exec("CREATE TRIGGER strange BEFORE INSERT ON facts BEGIN SELECT raise(ABORT, 'no'); END"),
    )
    const again = unwrap(openAccountStore({ file, selfId: self }))
    expect(() => again.writeFact('a', 'b')).toThrow(expect.objectContaining({ name: 'SqliteError' }))
    again.close()
  })
})

describe('size', () => {
  it('of a message in the file, indexes and all, stays below that of its JSON', () => {
    const file = join(tempDir(), 'messages.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    let json = 0
    const count = 4000
    const frames = Array.from({ length: count }, (_, index) => {
      const hex = (index * 2_654_435_761).toString(16).padStart(12, '0')
      const event = received({
        serverId: `msg_${now + index}_${hex}`,
        clientId: `${hex.slice(0, 8)}-3c1f-4f6a-9d2e-${hex}`,
        senderId: `user_${index % 20}`,
        sequence: String(index + 1),
        serverTime: now + index * 1000,
        text: `Message number ${index}, of the usual length that people write.`,
      })
      return frame(event)
    })
    for (let at = 0; at < count; at += 500) store.ingest(frames.slice(at, at + 500), now)
    for (const row of timeline(store)) json += JSON.stringify(row).length
    store.close()
    const bytes = inspect(file, (database) => Number(database.pragma('page_count', { simple: true })) * 4096)
    expect(bytes / count).toBeLessThan(json / 200)
  })
})
