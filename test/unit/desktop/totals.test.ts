/** The sums for badge and tray: those of the lists, after every change, and after a restart. */
import { beforeEach, describe, expect, it } from 'vitest'
import { Emitter } from '#common/base/emitter.ts'
import { ok } from '#common/base/result.ts'
import type { Account } from '#common/domain/account.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import { type Conversation, noPreferences } from '#common/domain/conversation.ts'
import type { Notice } from '#common/domain/notice.ts'
import { noticeReason } from '#common/domain/noticeAttention.ts'
import { type TotalsOptions, TotalsWatch, totalsTickMs } from '#electron/core/totals.ts'
import { FakeClock } from '../../fakes/fakeClock.ts'

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
type Row = Pick<Conversation, 'id' | 'unread' | 'mentions' | 'preferences'>

const row = (id: string, unread: number, more: Partial<Row> = {}): Row => ({
  id,
  unread,
  mentions: 0,
  preferences: noPreferences,
  ...more,
})
const notice = (id: string, more: Partial<Notice> = {}): Notice => ({
  id,
  kind: 'announcement',
  title: id,
  content: '',
  priority: 'medium',
  category: null,
  expiresAt: null,
  action: null,
  data: null,
  maintenanceType: null,
  estimatedDuration: null,
  startsAt: null,
  endsAt: null,
  at: 1,
  readAt: null,
  acknowledgedAt: null,
  revision: 1,
  ...more,
})

let clock: FakeClock
let stored: { asOf: number; conversations: Row[]; notices: Notice[] }
let running: boolean
let changes: Emitter<{ accountId: string; changes: ChangeSet }>
let lost: Emitter<string>
let listed: Emitter<readonly Account[]>

beforeEach(() => {
  clock = new FakeClock()
  stored = { asOf: 0, conversations: [], notices: [] }
  running = true
  changes = new Emitter()
  lost = new Emitter()
  listed = new Emitter()
})

async function watch(): Promise<TotalsWatch> {
  const totals = new TotalsWatch({
    accounts: {
      list: () => (running ? [{ id: 'a', trouble: null }] : []),
      session: () => ok({ store: { snapshot: () => Promise.resolve(structuredClone(stored)) } }),
      onChanges: changes.event,
      onChangesLost: lost.event,
      onListChanged: listed.event,
    },
    waits: (one, at) => noticeReason(one, at) !== null,
    clock,
    log,
  } satisfies TotalsOptions)
  await clock.pass(0)
  return totals
}
function change(number: number, conversations: Row[], notices: Notice[] = []): void {
  const rows = { messages: [], inserted: [], people: [], policy: null, holes: [] }
  changes.fire({
    accountId: 'a',
    changes: { ...rows, number, conversations: conversations as Conversation[], notices },
  })
}

describe('the sums', () => {
  it('are those of what is stored, from the start', async () => {
    stored.conversations = [row('direct:bob', 2), row('group:g', 3)]
    stored.notices = [notice('n1'), notice('n2', { readAt: 5 }), notice('ad', { kind: 'promotion' })]
    expect((await watch()).current).toEqual({ messages: 5, notices: 1 })
  })

  it('follow each change once, and a repeated one not at all', async () => {
    const totals = await watch()
    change(1, [row('direct:bob', 1)])
    change(1, [row('direct:bob', 9)])
    change(2, [row('group:g', 2)])
    expect(totals.current.messages).toBe(3)
    change(3, [row('direct:bob', 0)])
    expect(totals.current.messages).toBe(2)
  })

  it('are read anew where a change was missed', async () => {
    const totals = await watch()
    stored = { asOf: 5, conversations: [row('direct:bob', 7)], notices: [] }
    change(5, [])
    await clock.pass(0)
    expect(totals.current.messages).toBe(7)
    stored = { asOf: 8, conversations: [row('direct:bob', 1)], notices: [] }
    lost.fire('a')
    await clock.pass(0)
    expect(totals.current.messages).toBe(1)
  })

  it('do not count what came while they were being read twice', async () => {
    stored = { asOf: 1, conversations: [row('direct:bob', 1)], notices: [] }
    const watching = watch()
    change(1, [row('direct:bob', 1)])
    change(2, [row('direct:bob', 2)])
    expect((await watching).current.messages).toBe(2)
  })

  it('count of a muted chat only what names the user, until the mute ends', async () => {
    const mutedUntil = clock.now() + totalsTickMs / 2
    stored.conversations = [row('group:g', 5, { mentions: 1, preferences: { ...noPreferences, mutedUntil } })]
    const totals = await watch()
    expect(totals.current.messages).toBe(1)
    await clock.pass(totalsTickMs)
    expect(totals.current.messages).toBe(5)
  })

  it('count a notice until it is acknowledged, or over', async () => {
    const urgent = notice('n1', { priority: 'urgent', readAt: 5 })
    stored.notices = [urgent, notice('n2', { expiresAt: clock.now() + totalsTickMs / 2 })]
    const totals = await watch()
    expect(totals.current.notices).toBe(2)
    await clock.pass(totalsTickMs)
    expect(totals.current.notices).toBe(1)
    change(1, [], [{ ...urgent, acknowledgedAt: 9 }])
    expect(totals.current.notices).toBe(0)
  })

  it('lose an account that is signed out', async () => {
    stored.conversations = [row('direct:bob', 2)]
    const totals = await watch()
    running = false
    listed.fire([])
    expect(totals.current.messages).toBe(0)
  })

  it('are told when they are others, and never when they are not', async () => {
    const totals = await watch()
    const told: number[] = []
    totals.onChanged(({ messages }) => void told.push(messages))
    change(1, [row('direct:bob', 1)])
    change(2, [row('direct:bob', 1)])
    change(3, [row('direct:bob', 2)])
    expect(told).toEqual([1, 2])
    totals.dispose()
    expect(clock.pending).toBe(0)
  })
})
