/** What the store keeps of what happened to a message written here. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type TraceStep, maxTraceSteps } from '#common/domain/trace.ts'
import { type OpenAccountStore, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { frame, memoryStore, now, received, recalled, self, send, team, tempDir, timeline, unwrap } from './support.ts'

function ready(): OpenAccountStore {
  const store = memoryStore()
  store.openConversation(team, now)
  return store
}

/** Steps in short: `step`, for anything but the message itself `command step`, with what is telling about it. */
function told(steps: readonly TraceStep[]): string[] {
  return steps.map(({ step, command, number, times, cause, proof, code }) =>
    [
      ...(command === 'send' ? [] : [command]),
      step,
      ...(number === null ? [] : [`#${number}`]),
      ...(times === 1 ? [] : [`x${times}`]),
      ...[cause, proof, code].filter((fact) => fact !== null),
    ].join(' '),
  )
}
const trace = (store: OpenAccountStore, id: number): string[] => told(store.trace(id))

const status = (state: 'sent' | 'delivered' | 'read' | 'failed', serverId?: string) =>
  frame({
    type: 'message.status',
    target: { clientId: 'c-one', ...(serverId !== undefined && { serverId }) },
    state,
    reason: state === 'failed' ? 'blocked' : null,
  })
const echo = (facts: Parameters<typeof received>[0] = {}) =>
  frame(received({ senderId: self, clientId: 'c-one', serverId: 's-one', text: 'one', ...facts }))
const lost = { cause: 'linkLost', code: 'link.closed', triedMs: 0 } as const
const silent = { cause: 'noProof', code: null, triedMs: 15_000 } as const

describe('the trace of a message written here', () => {
  it('tells each step with both clocks, from the composer to the reader', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now + 10)
    store.ingest([echo({ serverTime: now + 7_000 })], now + 30)
    store.ingest([status('delivered')], now + 40)
    store.ingest([status('read')], now + 50)
    expect(trace(store, id)).toEqual(['stored', 'written #1', 'proved echo', 'identified', 'delivered', 'read'])
    expect(store.trace(id).map(({ at, serverTime }) => [at - now, serverTime])).toEqual([
      [0, null],
      [10, null],
      [30, now + 7_000],
      [30, now + 7_000],
      [40, null],
      [50, null],
    ])
  })

  it('is told once, however often the server repeats itself', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    for (let round = 0; round < 3; round++) store.ingest([status('sent', 's-one'), echo(), status('delivered')], now)
    expect(trace(store, id)).toEqual([
      'stored',
      'written #1',
      'proved status',
      'identified',
      'proved echo',
      'delivered',
    ])
  })

  it('says why a message went out again', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    store.outboxWritten(1, now, lost)
    store.outboxWritten(1, now, silent)
    store.outboxWritten(1, now)
    store.outboxFail(1, { code: 'message.gaveUp' }, now)
    unwrap(store.retry(id, now))
    store.outboxWritten(1, now)
    store.outboxSettle(1, 'receipt', now)
    expect(trace(store, id)).toEqual([
      'stored',
      'written #1',
      'written #2 linkLost link.closed',
      'written #3 noProof',
      'written #4 restarted',
      'failed message.gaveUp',
      'retried',
      'written #5 retried',
      'proved receipt',
    ])
  })

  it('tells a run of equal retries as one, with its count and its ends', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    for (let round = 1; round <= 40; round++) store.outboxWritten(1, now + round, silent)
    expect(trace(store, id)).toEqual(['stored', 'written #1', 'written #41 x40 noProof'])
    expect(store.trace(id)[2]).toMatchObject({ at: now + 1, lastAt: now + 40 })
  })

  it('stays within its bound: the first steps and the newest are kept', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    for (let round = 0; round < 150; round++) store.outboxWritten(1, now, round % 2 === 0 ? lost : silent)
    store.ingest([echo()], now)
    const steps = trace(store, id)
    expect(steps).toHaveLength(maxTraceSteps)
    expect(steps.slice(0, 2)).toEqual(['stored', 'written #1'])
    expect(steps.slice(-3)).toEqual(['written #151 noProof', 'proved echo', 'identified'])
  })

  it('says why a message is held back, and when no longer', () => {
    const store = ready()
    const id = send(store, 'one')
    const policy = (eventId: string, at: number, readOnly: boolean) =>
      frame({
        type: 'policy.changed',
        eventId,
        maxMessageLength: null,
        fileUploadLimit: null,
        readOnly,
        changedBy: null,
        reason: null,
        at,
      })
    store.ingest([policy('p1', 10, true)], now + 1)
    store.ingest([policy('p2', 20, false)], now + 2)
    expect(trace(store, id)).toEqual(['stored', 'held message.readOnly', 'released'])
    expect(store.trace(id).map(({ at }) => at - now)).toEqual([0, 1, 2])
  })

  it('tells what became of edits, recalls and pins of it', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    store.outboxSettle(1, 'receipt', now)
    unwrap(store.edit(id, 'two', now))
    store.outboxWritten(2, now)
    store.outboxFail(2, { code: 'message.refused' }, now)
    unwrap(store.pin(id, 'me', now))
    store.outboxWritten(3, now)
    store.outboxSettle(3, 'alive', now)
    store.ingest([echo()], now)
    unwrap(store.recall(id, now))
    store.outboxWritten(4, now)
    store.ingest([frame(recalled('s-one', now + 9))], now)
    expect(trace(store, id).slice(3)).toEqual([
      'edit stored',
      'edit written #1',
      'edit failed message.refused',
      'pin stored',
      'pin written #1',
      'pin proved alive',
      'proved echo',
      'identified',
      'recall stored',
      'recall written #1',
      'recall proved echo',
    ])
    expect(store.trace(id).at(-1)?.serverTime).toBe(now + 9)
  })

  it('tells that its words were changed before they were sent', () => {
    const store = ready()
    const id = send(store, 'one')
    unwrap(store.edit(id, 'two', now))
    expect(trace(store, id)).toEqual(['stored', 'changed'])
  })

  it('is gone with the message when the user deletes it, and does not come back', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    unwrap(store.deleteForMe(id, false, now))
    expect(store.trace(id)).toEqual([])
    store.ingest([echo(), status('read')], now)
    expect(store.trace(id)).toEqual([])
  })

  it('is not kept of messages of others, or of ours from another device', () => {
    const store = ready()
    store.ingest(
      [frame(received()), frame(received({ senderId: self, clientId: 'phone', serverId: 's2', state: 'delivered' }))],
      now,
    )
    store.ingest([frame({ type: 'message.status', target: { serverId: 's2' }, state: 'read', reason: null })], now)
    for (const { id } of timeline(store)) expect(store.trace(id)).toEqual([])
  })

  it('never tells of what was undone: the step and the thing are one transaction', () => {
    const statements: string[] = []
    const file = join(tempDir(), 'messages.db')
    const store = unwrap(openAccountStore({ file, selfId: self, trace: (statement) => statements.push(statement) }))
    store.openConversation(team, now)
    const steps: readonly (() => unknown)[] = [
      () => send(store, 'one'),
      () => store.outboxWritten(1, now),
      () => store.ingest([echo()], now),
      () => store.ingest([status('read')], now),
    ]
    for (const step of steps) {
      statements.length = 0
      step()
      const marks = statements.map((statement) => /^(BEGIN|COMMIT|INSERT OR REPLACE INTO trace)/.exec(statement)?.[1])
      expect(marks.filter((mark) => mark !== undefined).join(' ')).toMatch(
        /^BEGIN( INSERT OR REPLACE INTO trace)+ COMMIT$/,
      )
    }
    store.close()
  })
})
