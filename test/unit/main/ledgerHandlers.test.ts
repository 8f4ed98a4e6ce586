/** The ledger as a window asks for it, and the word that something was written into it. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Result, fail, ok } from '#common/base/result.ts'
import { ledgerDays } from '#common/contract/ledger.ts'
import type { LedgerEntry } from '#common/domain/notification/ledger.ts'
import { createLedgerHandlers, withLedgerNews } from '#electron/main/ipc/ledgerHandlers.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { openMemoryStore } from '#test/fakes/memoryStore.ts'

const dayMs = 86_400_000
const asked = { accountId: 'a', before: null, limit: 3, conversationId: null, outcome: 'all' } as const

function noted(at: number): Omit<LedgerEntry, 'id'> {
  return {
    at,
    channel: 'chat',
    kind: 'message',
    conversationId: 'direct:bob',
    messageId: null,
    noticeId: null,
    shown: true,
    sound: false,
    reason: 'ordinary',
    until: null,
  }
}

describe('the ledger as a window asks for it', () => {
  function opened() {
    const clock = new FakeClock()
    const { store, inside } = openMemoryStore('alice')
    onTestFinished(() => inside.close())
    const handlers = createLedgerHandlers({
      storeOf: (accountId) => (accountId === 'a' ? ok(store) : fail('account.unknown')),
      clock,
    })
    const ask = async (facts: Partial<Parameters<(typeof handlers)['notifications.decisions']>[0]> = {}) =>
      valueOf(await handlers['notifications.decisions']({ ...asked, ...facts }))
    return { clock, store, ask, handlers }
  }
  function valueOf<T>(result: Result<T>): T {
    if (!result.ok) throw new Error(result.error.code)
    return result.value
  }

  it('names where the next page begins, until there is none', async () => {
    const { clock, store, ask } = opened()
    await store.noteDecisions([0, 1, 2, 3].map((at) => noted(clock.now() + at)))
    const first = await ask()
    expect(first.decisions).toHaveLength(3)
    const second = await ask({ before: first.next })
    expect([second.decisions.length, second.next]).toEqual([1, null])
  })

  it('tells nothing that is older than it says it keeps, even where nothing new was written since', async () => {
    const { clock, store, ask } = opened()
    await store.noteDecisions([noted(clock.now() - ledgerDays * dayMs - 1), noted(clock.now() - ledgerDays * dayMs)])
    expect((await ask()).decisions).toHaveLength(1)
  })

  it('is refused for an account that does not run', async () => {
    const { handlers } = opened()
    expect(await handlers['notifications.decisions']({ ...asked, accountId: 'b' })).toEqual(fail('account.unknown'))
  })
})

describe('the word that something was written into the ledger', () => {
  it('comes after it was written, once for each writing, and not for nothing', async () => {
    const { store, inside } = openMemoryStore('alice')
    onTestFinished(() => inside.close())
    const written: number[] = []
    const watched = withLedgerNews(store, () =>
      written.push(inside.decisions({ ...asked, limit: 50, since: 0 }).length),
    )
    await watched.noteDecisions([noted(1), noted(2)])
    await watched.noteDecisions([])
    await watched.noteDecisions([noted(3)])
    expect(written).toEqual([2, 3])
  })

  it('does not come where it could not be written', async () => {
    const { store, inside } = openMemoryStore('alice')
    inside.close()
    let told = 0
    const watched = withLedgerNews(store, () => told++)
    await expect(watched.noteDecisions([noted(1)])).rejects.toThrow()
    expect(told).toBe(0)
  })
})
