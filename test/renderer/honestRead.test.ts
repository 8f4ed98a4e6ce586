import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Message } from '#common/domain/message.ts'
import { type HonestRead, createHonestRead, newestSeen } from '../../renderer/src/composables/honestRead.ts'
import { message } from './fakes/rows.ts'

const settleMs = 400
const unread = (id: number): Message => message({ id, unread: true })

describe('reading', () => {
  let attentive: boolean
  let reported: number[]
  let subject: HonestRead

  beforeEach(() => {
    vi.useFakeTimers()
    attentive = true
    reported = []
    subject = createHonestRead({
      isAttentive: () => attentive,
      report: (row) => reported.push(row.id),
      settleMs,
    })
  })
  afterEach(() => {
    subject.dispose()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('is reported when a message stayed on the screen of a focused window', () => {
    subject.look(unread(3))
    vi.advanceTimersByTime(settleMs - 1)
    expect(reported).toEqual([])
    vi.advanceTimersByTime(1)
    expect(reported).toEqual([3])
  })

  it('is not reported while nobody looks', () => {
    attentive = false
    subject.look(unread(3))
    vi.advanceTimersByTime(10 * settleMs)
    expect(reported).toEqual([])
  })

  it('is not reported when the attention goes before the time is over', () => {
    subject.look(unread(3))
    vi.advanceTimersByTime(settleMs / 2)
    attentive = false
    vi.advanceTimersByTime(settleMs)
    expect(reported).toEqual([])
  })

  it('is reported when the attention comes back', () => {
    attentive = false
    subject.look(unread(3))
    attentive = true
    subject.look(unread(3))
    vi.advanceTimersByTime(settleMs)
    expect(reported).toEqual([3])
  })

  it('is not reported for what was only scrolled past', () => {
    subject.look(unread(3))
    vi.advanceTimersByTime(settleMs / 2)
    subject.look(null)
    vi.advanceTimersByTime(settleMs)
    expect(reported).toEqual([])
  })

  it('is not put off by further looks at the same message', () => {
    subject.look(unread(3))
    vi.advanceTimersByTime(settleMs / 2)
    subject.look(unread(3))
    vi.advanceTimersByTime(settleMs / 2)
    expect(reported).toEqual([3])
  })

  it('is reported once per message and never backwards', () => {
    subject.look(unread(3))
    vi.advanceTimersByTime(settleMs)
    subject.look(unread(3))
    subject.look(unread(2))
    vi.advanceTimersByTime(settleMs)
    subject.look(unread(5))
    vi.advanceTimersByTime(settleMs)
    expect(reported).toEqual([3, 5])
  })
})

describe('the newest message on the screen', () => {
  const viewport = { offset: 100, height: 200 }
  const at = (start: number, facts: Parameters<typeof message>[0]) => ({ message: message(facts), start, size: 60 })

  it('is the last unread one that lies inside', () => {
    const rows = [1, 2, 3, 4].map((id, index) => at(100 + index * 60, { id, unread: true }))
    expect(newestSeen(rows, viewport)?.id).toBe(3)
  })

  it('is none of those that only touch the edge', () => {
    expect(newestSeen([at(290, { id: 1, unread: true })], viewport)).toBeNull()
    expect(newestSeen([at(45, { id: 1, unread: true })], viewport)).toBeNull()
  })

  it('is never an own or a read one', () => {
    const rows = [at(120, { id: 1, unread: true, outgoing: true }), at(180, { id: 2, unread: false })]
    expect(newestSeen(rows, viewport)).toBeNull()
  })

  it('may be taller than the screen', () => {
    const tall = { message: unread(1), start: 0, size: 2000 }
    expect(newestSeen([tall], viewport)?.id).toBe(1)
  })
})
