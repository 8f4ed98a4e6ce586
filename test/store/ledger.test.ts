/** What was decided about notifications, as it is kept. */
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ledgerDays, ledgerSize } from '#common/contract/ledger.ts'
import type { LedgerEntry } from '#common/domain/notification/ledger.ts'
import {
  type OpenAccountStore,
  accountApplicationId,
  openAccountStore,
} from '#electron/adapters/sqlite/accountStore.ts'
import { accountMigrations } from '#electron/adapters/sqlite/migrations/account/all.ts'
import { openDatabase } from '#electron/adapters/sqlite/open.ts'
import { repairAccountDatabase } from '#electron/adapters/sqlite/repairAccount.ts'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import {
  bobId,
  frame,
  inspect,
  memoryStore,
  now,
  received,
  self,
  teamId,
  tempDir,
  timeline,
  unwrap,
} from './support.ts'

type Noted = Omit<LedgerEntry, 'id'>

const dayMs = 86_400_000

function noted(facts: Partial<Noted> = {}): Noted {
  return {
    at: now,
    channel: 'chat',
    kind: 'message',
    conversationId: teamId,
    messageId: null,
    noticeId: null,
    shown: true,
    sound: true,
    reason: 'ordinary',
    until: null,
    ...facts,
  }
}

const all = { before: null, limit: 200, conversationId: null, outcome: 'all', since: 0 } as const
const times = (store: OpenAccountStore, wanted: Partial<Parameters<OpenAccountStore['decisions']>[0]> = {}) =>
  store.decisions({ ...all, ...wanted }).map(({ at }) => at - now)
const count = (store: OpenAccountStore): number => {
  let before: number | null = null
  for (let found = 0; ;) {
    const page: readonly { id: number }[] = store.decisions({ ...all, before })
    found += page.length
    before = page.at(-1)?.id ?? null
    if (before === null) return found
  }
}

describe('the notification ledger', () => {
  it('gives back what was decided, newest first, every word of it', () => {
    const store = memoryStore()
    const muted = noted({ at: now + 1, shown: false, sound: false, reason: 'muted', until: now + 3_600_000 })
    const policy = noted({ at: now + 2, channel: 'admin', kind: 'policy', conversationId: null, sound: false })
    store.noteDecisions([noted(), muted])
    store.noteDecisions([policy])
    expect(store.decisions(all)).toMatchObject([policy, muted, noted()])
  })

  it('is read page by page without a gap or a repetition', () => {
    const store = memoryStore()
    store.noteDecisions(Array.from({ length: 25 }, (_, index) => noted({ at: now + index })))
    const first = store.decisions({ ...all, limit: 10 })
    const second = store.decisions({ ...all, limit: 10, before: first.at(-1)?.id ?? null })
    const third = store.decisions({ ...all, limit: 10, before: second.at(-1)?.id ?? null })
    expect([...first, ...second, ...third].map(({ at }) => at - now)).toEqual(
      Array.from({ length: 25 }, (_, index) => 24 - index),
    )
  })

  it('can be asked for one conversation, and for what was shown or withheld', () => {
    const store = memoryStore()
    store.noteDecisions([
      noted({ at: now + 1 }),
      noted({ at: now + 2, shown: false, reason: 'beingRead' }),
      noted({ at: now + 3, conversationId: bobId, shown: false, reason: 'own' }),
      noted({ at: now + 4, conversationId: null, noticeId: 'n1', channel: 'system', kind: 'alert' }),
    ])
    expect(times(store, { conversationId: teamId })).toEqual([2, 1])
    expect(times(store, { outcome: 'withheld' })).toEqual([3, 2])
    expect(times(store, { outcome: 'shown' })).toEqual([4, 1])
    expect(times(store, { outcome: 'withheld', conversationId: teamId })).toEqual([2])
    expect(times(store, { conversationId: 'group:none' })).toEqual([])
  })

  it('holds a decision once, however often it is told: the thread may be asked again', () => {
    const store = memoryStore()
    const entries = [noted(), noted({ messageId: 1 }), noted({ noticeId: 'n1', conversationId: null })]
    store.noteDecisions(entries)
    store.noteDecisions(entries)
    expect(count(store)).toBe(3)
    store.noteDecisions([noted({ at: now + 1 })])
    expect(count(store), 'a later decision about the same is another').toBe(4)
  })

  it(`keeps the newest ${ledgerSize}`, () => {
    const store = memoryStore()
    for (let at = 0; at < ledgerSize + 300; at += 100) {
      store.noteDecisions(Array.from({ length: 100 }, (_, index) => noted({ at: now + at + index })))
    }
    expect(count(store)).toBe(ledgerSize)
    expect(times(store, { limit: 1 })).toEqual([ledgerSize + 299])
    store.noteDecisions(Array.from({ length: ledgerSize + 50 }, (_, index) => noted({ at: now + 10_000 + index })))
    expect(count(store), 'of one great batch as well').toBe(ledgerSize)
    expect(times(store, { limit: 1 })).toEqual([10_000 + ledgerSize + 49])
  })

  it(`forgets what is older than ${ledgerDays} days, when it writes and when it tells`, () => {
    const file = join(tempDir(), 'a.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    store.noteDecisions([noted()])
    expect(times(store, { since: now + 1 })).toEqual([])
    store.noteDecisions([noted({ at: now + ledgerDays * dayMs })])
    expect(count(store)).toBe(2)
    store.noteDecisions([noted({ at: now + ledgerDays * dayMs + 1 })])
    expect(times(store)).toEqual([ledgerDays * dayMs + 1, ledgerDays * dayMs])
    store.close()
  })

  it('never gives a number twice, even when all before it is forgotten', () => {
    const store = memoryStore()
    store.noteDecisions([noted(), noted({ at: now + 1 })])
    const [last] = store.decisions(all)
    unwrap(store.deleteConversation(store.openConversation({ kind: 'group', groupId: 'team' }, now).value.id))
    expect(count(store)).toBe(0)
    store.noteDecisions([noted({ at: now + 2 })])
    expect(store.decisions(all)[0]?.id).toBeGreaterThan(last?.id ?? Infinity)
  })

  it('is bounded and in order whatever is told in whatever order', () => {
    const entry = fc.record({ at: fc.integer({ min: 0, max: 60 * dayMs }), message: fc.integer({ min: 1, max: 5 }) })
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 20 }), { maxLength: 8 }), (batches) => {
        const store = unwrap(openAccountStore({ file: ':memory:', selfId: self }))
        try {
          for (const batch of batches) {
            store.noteDecisions(batch.map(({ at, message }) => noted({ at, messageId: message })))
            const kept = store.decisions(all)
            const ids = kept.map(({ id }) => id)
            expect(ids).toEqual(ids.toSorted((one, other) => other - one))
            const latest = Math.max(0, ...batch.map(({ at }) => at))
            if (batch.length > 0) expect(kept.every(({ at }) => at >= latest - ledgerDays * dayMs)).toBe(true)
            const [last] = batch.toSorted((one, other) => other.at - one.at)
            if (last !== undefined) expect(kept.some(({ at }) => at === last.at)).toBe(true)
          }
        } finally {
          store.close()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('says who wrote, what a notice is called, and what is gone, as it is when it is asked', () => {
    const store = memoryStore()
    store.ingest(
      [
        frame(received()),
        frame({
          type: 'notice.received',
          notice: {
            id: 'n1',
            kind: 'alert',
            title: 'Harbour closed',
            content: 'Until noon',
            priority: 'high',
            category: null,
            expiresAt: null,
            action: null,
            data: null,
            maintenanceType: null,
            estimatedDuration: null,
            startsAt: null,
            endsAt: null,
            at: now,
          },
        }),
      ],
      now,
    )
    const messageId = timeline(store)[0]?.id ?? 0
    store.noteDecisions([
      noted({ messageId }),
      noted({ at: now + 1, conversationId: null, noticeId: 'n1', channel: 'system', kind: 'alert' }),
      noted({ at: now + 2, conversationId: null, noticeId: 'n2', channel: 'system', kind: 'alert' }),
      noted({ at: now + 3, messageId: 4711 }),
      noted({ at: now + 4, conversationId: null, channel: 'admin', kind: 'policy' }),
    ])
    expect(store.decisions(all)).toMatchObject([
      { kind: 'policy', senderId: null, title: null, gone: false },
      { messageId: 4711, senderId: null, gone: true },
      { noticeId: 'n2', title: null, gone: true },
      { noticeId: 'n1', title: 'Harbour closed', gone: false },
      { messageId, senderId: 'bob', title: null, gone: false },
    ])
    unwrap(store.deleteForMe(messageId, false, now))
    expect(store.decisions(all).at(-1)).toMatchObject({ messageId, senderId: null, gone: true })
  })

  it('holds no words of anybody', () => {
    const file = join(tempDir(), 'a.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    store.ingest([frame(received({ text: 'secret tide' }))], now)
    store.noteDecisions([noted({ messageId: timeline(store)[0]?.id ?? 0 })])
    store.close()
    const rows = inspect(file, (database) => JSON.stringify(database.prepare('SELECT * FROM ledger').all()))
    expect(rows).toContain(teamId)
    expect(rows).not.toMatch(/secret|tide|bob/)
  })

  it('forgets a conversation that is deleted, and keeps what was decided about the others', () => {
    const store = memoryStore()
    store.ingest([frame(received())], now)
    store.noteDecisions([noted(), noted({ at: now + 1, conversationId: bobId })])
    unwrap(store.deleteConversation(teamId))
    expect(store.decisions(all).map(({ conversationId }) => conversationId)).toEqual([bobId])
  })

  it('takes no part in the numbering of changes: no window misses one', () => {
    const store = memoryStore()
    store.ingest([frame(received())], now)
    const before = store.snapshot().asOf
    store.noteDecisions([noted()])
    expect(store.snapshot().asOf).toBe(before)
  })

  it('is answered by the store on its thread too, and stays over a restart', async () => {
    const file = join(tempDir(), 'a.db')
    const workerUrl = new URL('../../electron/adapters/sqlite/worker.ts', import.meta.url)
    const store = unwrap(await createWorkerStore({ workerUrl, file, selfId: self }))
    await store.noteDecisions([noted()])
    await store.close()
    const again = unwrap(await createWorkerStore({ workerUrl, file, selfId: self }))
    onTestFinished(() => again.close())
    expect(await again.decisions(all)).toMatchObject([noted()])
  })
})

describe('the ledger in files of other times', () => {
  it('comes, empty, to a database of version 6, and everything else stays', () => {
    const file = join(tempDir(), 'a.db')
    const database = unwrap(
      openDatabase({ file, migrations: accountMigrations.slice(0, 6), applicationId: accountApplicationId }),
    )
    database.prepare('INSERT INTO meta (id, self_id, change_number, outbox_number) VALUES (1, ?, 7, 3)').run(self)
    database.prepare(`INSERT INTO facts (key, value) VALUES ('a', '1')`).run()
    database.close()
    const store = unwrap(openAccountStore({ file, selfId: self }))
    expect(store.decisions(all)).toEqual([])
    store.noteDecisions([noted()])
    expect(store.decisions(all)).toMatchObject([noted()])
    expect([store.snapshot().asOf, store.readFact('a')]).toEqual([7, '1'])
    store.close()
  })

  it('is saved by a repair like the rest', () => {
    const file = join(tempDir(), 'a.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    store.noteDecisions([noted(), noted({ at: now + 1, reason: 'muted', shown: false, until: now + 9 })])
    store.close()
    expect(unwrap(repairAccountDatabase({ file, selfId: self, at: new Date(now) }))).toMatchObject({ whole: true })
    const repaired = unwrap(openAccountStore({ file, selfId: self }))
    expect(times(repaired)).toEqual([1, 0])
    repaired.close()
  })
})
