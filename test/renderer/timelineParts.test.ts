import { shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Message } from '#common/domain/message.ts'
import { isBigEmoji } from '../../renderer/src/features/timeline/bigEmoji.ts'
import { addDays, firstWeekday, startOfMonth, weeksOf } from '../../renderer/src/features/timeline/calendar.ts'
import { spokenIn, transcript } from '../../renderer/src/features/timeline/copying.ts'
import { mentionMarks, namesUs } from '../../renderer/src/features/timeline/mentions.ts'
import { createSelection } from '../../renderer/src/features/timeline/selection.ts'
import { markedParts } from '../../renderer/src/ui/textMarks.ts'
import { message } from './fakes/rows.ts'

const five = [1, 2, 3, 4, 5].map((id) => message({ id, senderId: id % 2 === 0 ? 'chen' : 'bob' }))

describe('choosing messages', () => {
  const chosenOf = (selection: ReturnType<typeof createSelection>) => selection.chosen.value.map(({ id }) => id)

  it('begins with the first, and takes out what is chosen again', () => {
    const selection = createSelection(shallowRef(five))
    selection.toggle(2)
    selection.toggle(4)
    expect(chosenOf(selection)).toEqual([2, 4])
    selection.toggle(2)
    expect(chosenOf(selection)).toEqual([4])
    expect(selection.active.value).toBe(true)
    selection.end()
    expect(chosenOf(selection)).toEqual([])
    expect(selection.active.value).toBe(false)
  })

  it('follows a range both ways from where it began, and keeps what was chosen before', () => {
    const selection = createSelection(shallowRef(five))
    selection.toggle(1)
    selection.toggle(3)
    selection.extend(5)
    expect(chosenOf(selection)).toEqual([1, 3, 4, 5])
    selection.extend(4)
    expect(chosenOf(selection)).toEqual([1, 3, 4])
    selection.extend(2)
    expect(chosenOf(selection)).toEqual([1, 2, 3])
  })

  it('begins a range at the message that had the focus', () => {
    const selection = createSelection(shallowRef(five))
    selection.extend(3, 4)
    expect(chosenOf(selection)).toEqual([3, 4])
  })

  it('leaves out lines that nobody said, and what has gone meanwhile', () => {
    const recalled = { at: null, by: null, reason: null }
    const rows = shallowRef<Message[]>(five.map((row) => (row.id === 2 ? { ...row, recalled } : row)))
    const selection = createSelection(rows)
    selection.toggle(2)
    expect(selection.active.value).toBe(false)
    selection.extend(3, 1)
    expect(chosenOf(selection)).toEqual([1, 3])
    rows.value = rows.value.filter(({ id }) => id !== 3)
    expect(chosenOf(selection)).toEqual([1])
  })
})

describe('the transcript', () => {
  const words = {
    nameOf: (id: string) => ({ bob: 'Bob', chen: '陈' })[id] ?? id,
    describe: () => '[Photo]',
    full: (at: number) => `at ${at}`,
  }

  it('names who said what and when, in order; a picture by its kind', () => {
    const rows = [
      message({ id: 1, senderId: 'bob', serverTime: 1, content: { kind: 'text', text: 'one\ntwo' } }),
      message({ id: 2, senderId: 'chen', serverTime: 2, content: { kind: 'image', caption: '', url: 'x' } }),
    ]
    expect(
      transcript(
        rows.map((row) => ({ message: row })),
        words,
      ),
    ).toBe('Bob  at 1\none\ntwo\n\n陈  at 2\n[Photo]')
  })

  it('of a marked range holds the ends as far as they are marked, and what lies between whole, drawn or not', () => {
    const rows = [1, 2, 3].map((id) => message({ id, content: { kind: 'text', text: `words ${id}` } }))
    document.body.innerHTML = [1, 3]
      .map((id) => `<article data-row-id="${id}"><p>Name</p><div class="user-text">words ${id}</div></article>`)
      .join('')
    const [first, last] = [...document.querySelectorAll('.user-text')].map((element) => element.firstChild)
    if (!first || !last) throw new Error('nothing is drawn')
    const range = document.createRange()
    range.setStart(first, 2)
    range.setEnd(last, 5)
    const selection = { rangeCount: 1, isCollapsed: false, getRangeAt: () => range }
    expect(spokenIn(selection, rows)?.map(({ message: { id }, marked }) => [id, marked])).toEqual([
      [1, 'rds 1'],
      [2, undefined],
      [3, 'words'],
    ])
    range.setEnd(first, 4)
    expect(spokenIn(selection, rows)).toBeNull()
  })
})

describe('names in a message', () => {
  const nameOf = (id: string): string => ({ ann: 'Ann', anna: 'Anna Berg', me: '我' })[id] ?? id
  const marks = (text: string, mentions: string[]) =>
    mentionMarks({ kind: 'text', text, mentions }, { selfId: 'me', nameOf }).map(
      ({ start, end, kind }) => `${kind}:${text.slice(start, end)}`,
    )

  it('are those whom the message names, the longest first', () => {
    expect(marks('@Anna Berg and @Ann', ['ann', 'anna'])).toEqual(['mention:@Anna Berg', 'mention:@Ann'])
    expect(marks('@Ann is not named', [])).toEqual([])
  })

  it('tell the reader and everybody apart from others', () => {
    expect(marks('@我 看一下', ['me'])).toEqual(['self:@我'])
    expect(marks('@所有人 开会', ['*'])).toEqual(['self:@所有人'])
    expect(namesUs({ kind: 'text', text: 'hi', mentions: ['*'] }, 'me')).toBe(true)
    expect(namesUs({ kind: 'text', text: 'hi', mentions: ['ann'] }, 'me')).toBe(false)
  })
})

describe('marks in a text', () => {
  it('cut links and words, and the parts give the text again', () => {
    const text = '@Ann see https://example.org/a now'
    const parts = markedParts(text, [
      { start: 0, end: 4, kind: 'mention' },
      { start: 17, end: 24, kind: 'found' },
    ])
    expect(parts.map((part) => part.text).join('')).toBe(text)
    expect(parts.filter(({ mark }) => mark !== null).map((part) => [part.text, part.mark])).toEqual([
      ['@Ann', 'mention'],
      ['example', 'found'],
    ])
    expect(new Set(parts.filter(({ href }) => href !== null).map(({ href }) => href))).toEqual(
      new Set(['https://example.org/a']),
    )
  })

  it('say where a link leads whose letters could be taken for others', () => {
    const hosts = (text: string) => markedParts(text, []).flatMap(({ host }) => (host === null ? [] : [host]))
    expect(hosts('go to https://аррӏе.com/pay')).toEqual(['xn--80ak6aa92e.com'])
    expect(hosts('go to https://apple.com/pay')).toEqual([])
  })
})

describe('emoji', () => {
  it('stand alone, one to three of them', () => {
    for (const text of ['👍', '👍👍🏽', '👨‍👩‍👧‍👦 ❤️', '🇨🇳', ' 1️⃣ ']) expect(isBigEmoji(text)).toBe(true)
    for (const text of ['', '👍👍👍👍', 'ok 👍', '1', '#', '好']) expect(isBigEmoji(text)).toBe(false)
  })
})

describe('the calendar', () => {
  it('shows whole weeks by the custom of the language', () => {
    const month = startOfMonth(new Date(2026, 10, 21, 12).getTime())
    const weeks = weeksOf(month, firstWeekday('zh-CN'))
    expect(weeks.every((week) => week.length === 7)).toBe(true)
    expect(weeks.flat().filter(({ inMonth }) => inMonth)).toHaveLength(30)
    expect(new Date(weeks[0]?.[0]?.start ?? 0).getDay()).toBe(firstWeekday('zh-CN'))
    expect(firstWeekday('en-US')).toBe(0)
  })

  it('goes from day to day over a change of the clocks', () => {
    for (let day = new Date(2026, 0, 1).getTime(); new Date(day).getFullYear() === 2026; day = addDays(day, 1)) {
      expect(new Date(day).getHours()).toBe(0)
    }
  })
})
