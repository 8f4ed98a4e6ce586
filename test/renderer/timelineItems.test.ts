import { describe, expect, it } from 'vitest'
import { type Hole, type Message, type Position, pendingSequence } from '#common/domain/message.ts'
import { daysBetween } from '../../renderer/src/composables/formats.ts'
import { timelineItems } from '../../renderer/src/features/timeline/items.ts'
import { message } from './fakes/rows.ts'

const minute = 60_000
const noon = new Date(2026, 10, 21, 12).getTime()

function lines(
  messages: Message[],
  holes: Hole[] = [],
  unreadFrom: Position | null = null,
  hasOlder = false,
): string[] {
  return timelineItems({ messages, holes, unreadFrom, hasOlder, hasNewer: false, daysBetween }).map((item) => {
    if (item.kind !== 'message') return item.kind === 'hole' ? `hole ${item.hole.count}` : item.kind
    return `${item.message.id}${item.first ? ' first' : ''}${item.last ? ' last' : ''}`
  })
}

describe('the timeline', () => {
  it('of nothing is empty', () => {
    expect(lines([])).toEqual([])
  })

  it('joins what one person says within five minutes', () => {
    const rows = [0, 1, 2, 9].map((minutes, index) => message({ id: index + 1, serverTime: noon + minutes * minute }))
    expect(lines(rows)).toEqual(['date', '1 first', '2', '3 last', '4 first last'])
  })

  it('starts anew with another sender, a recalled message and an event', () => {
    const rows = [
      message({ id: 1, serverTime: noon }),
      message({ id: 2, serverTime: noon, senderId: 'chen' }),
      message({ id: 3, serverTime: noon, senderId: 'chen', recalled: { at: null, by: null, reason: null } }),
      message({ id: 4, serverTime: noon, senderId: 'chen' }),
      message({ id: 5, serverTime: noon, senderId: 'chen', content: { kind: 'event', event: 'member.left' } }),
    ]
    expect(lines(rows)).toEqual([
      'date',
      '1 first last',
      '2 first last',
      '3 first last',
      '4 first last',
      '5 first last',
    ])
  })

  it('separates days of the local calendar', () => {
    const midnight = new Date(2026, 10, 22).getTime()
    const rows = [message({ id: 1, serverTime: midnight - 1000 }), message({ id: 2, serverTime: midnight + 1000 })]
    expect(lines(rows)).toEqual(['date', '1 first last', 'date', '2 first last'])
  })

  it('does not name the day of the first message while older ones are not loaded', () => {
    expect(lines([message({ id: 1, serverTime: noon })], [], null, true)).toEqual(['1 first last'])
  })

  it('marks where the unread ones begin, once', () => {
    const rows = [1, 2, 3].map((id) => message({ id, serverTime: noon + id, unread: id > 1 }))
    expect(lines(rows, [], rows[1]?.position)).toEqual(['date', '1 first last', 'unread', '2 first', '3 last'])
  })

  it('marks no beginning of the unread ones that lies above what is loaded', () => {
    const [first, second, third] = [1, 2, 3].map((id) => message({ id, serverTime: noon + id }))
    if (first === undefined || second === undefined || third === undefined) throw new Error('Three were made')
    expect(lines([second, third], [], first.position, true)).toEqual(['2 first', '3 last'])
    expect(lines([first, second], [], first.position, true)).toEqual(['unread', '1 first', '2 last'])
    expect(lines([second, third], [], first.position)).toEqual(['date', 'unread', '2 first', '3 last'])
  })

  it('shows a hole between its two shores', () => {
    const rows = [1, 2, 6].map((id) => message({ id, serverTime: noon + id }))
    expect(lines(rows, [{ after: '2', before: '6', count: '3' }])).toEqual([
      'date',
      '1 first',
      '2 last',
      'hole 3',
      '6 first last',
    ])
  })

  it('shows a hole by numbers beyond 2^53', () => {
    const rows = [
      message({ id: 1, serverTime: noon, sequence: '9007199254740992' }),
      message({ id: 2, serverTime: noon, sequence: '9007199254740994' }),
    ]
    const hole = { after: '9007199254740992', before: '9007199254740994', count: '1' }
    expect(lines(rows, [hole])).toEqual(['date', '1 first last', 'hole 1', '2 first last'])
  })

  it('shows a hole whose upper shore is no message behind the last one, and before what is still on its way', () => {
    const rows = [1, 2].map((id) => message({ id, serverTime: noon + id }))
    const hole = { after: '2', before: '6', count: '3' }
    expect(lines(rows, [hole])).toEqual(['date', '1 first', '2 last', 'hole 3'])
    const waiting = message({
      id: 3,
      serverTime: noon + 3,
      sequence: null,
      position: { sequence: pendingSequence, time: 1, id: 'c' },
    })
    expect(lines([...rows, waiting], [hole])).toEqual(['date', '1 first', '2 last', 'hole 3', '3 first last'])
  })

  it('leaves a hole out whose older shore is not loaded', () => {
    const rows = [6, 7].map((id) => message({ id, serverTime: noon + id }))
    expect(lines(rows, [{ after: '2', before: '6', count: '3' }])).toEqual(['date', '6 first', '7 last'])
  })

  it('gives every item a key of its own that stays when older ones come in', () => {
    const rows = Array.from({ length: 40 }, (_, index) =>
      message({ id: index + 1, serverTime: noon + index * 3_600_000 }),
    )
    const all = timelineItems({
      messages: rows,
      holes: [],
      unreadFrom: null,
      hasOlder: false,
      hasNewer: false,
      daysBetween,
    }).map((item) => item.key)
    const later = timelineItems({
      messages: rows.slice(10),
      holes: [],
      unreadFrom: null,
      hasOlder: true,
      hasNewer: false,
      daysBetween,
    })
    const laterKeys = later.map((item) => item.key)
    expect(new Set(all).size).toBe(all.length)
    expect(laterKeys.filter((key) => !all.includes(key))).toEqual([])
  })
})
