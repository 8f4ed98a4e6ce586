import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Mentionable,
  everyoneId,
  matchMentions,
  mentionAt,
  mentionables,
  mentionsIn,
} from '../../renderer/src/features/composer/mentionText.ts'

const names: Readonly<Record<string, string>> = {
  bob: 'Bob Keller',
  bobby: 'Bob',
  li: '李雷',
  han: '韩梅梅',
  x1: 'Sam',
  x2: 'Sam',
}
const nameOf = (id: string): string => names[id] ?? id
const everybody = mentionables([...Object.keys(names), 'carol'], nameOf, 'everyone')
const labels = (found: readonly Mentionable[]): string[] => found.map(({ label }) => label)

describe('a mention is begun by an @', () => {
  it.each([
    ['@', 1, { start: 0, query: '' }],
    ['hello @bo', 9, { start: 6, query: 'bo' }],
    ['你好@李', 4, { start: 2, query: '李' }],
    ['(@bo', 4, { start: 1, query: 'bo' }],
    ['line\n@b', 7, { start: 5, query: 'b' }],
    ['@Bob Kel', 8, { start: 0, query: 'Bob Kel' }],
  ])('in %j at %i', (text, caret, token) => {
    expect(mentionAt(text, caret)).toEqual(token)
  })

  it.each([
    ['an address', 'mail bob@example', 16],
    ['the line before', '@bob\nhello', 10],
    ['a space right behind it', '@ bob', 5],
    ['behind the caret', 'hi @bob', 2],
    ['far away', `@${'x'.repeat(60)}`, 61],
  ])('but not by %s', (_what, text, caret) => {
    expect(mentionAt(text, caret)).toBeNull()
  })
})

describe('who is offered', () => {
  it('is everyone and all members, until something is written', () => {
    expect(labels(matchMentions(everybody, ''))).toEqual([
      'everyone',
      'Bob Keller',
      'Bob',
      '李雷',
      '韩梅梅',
      'Sam(x1)',
      'Sam(x2)',
      'carol',
    ])
  })

  it.each([
    ['bo', ['Bob Keller', 'Bob']],
    ['梅', ['韩梅梅']],
    ['han', ['韩梅梅']],
    ['CAR', ['carol']],
    ['Bob k', ['Bob Keller']],
    ['Bob Keller ', []],
    ['bob and then', []],
    ['sam', ['Sam(x1)', 'Sam(x2)']],
    ['nobody', []],
  ])('for %j is %j', (query, found) => {
    expect(labels(matchMentions(everybody, query))).toEqual(found)
  })

  it('is told apart by the id where two share a name', () => {
    expect(mentionsIn('@Sam(x2) hi', everybody)).toEqual(['x2'])
    expect(mentionsIn('@Sam hi', everybody)).toEqual([])
  })
})

describe('the finished words name', () => {
  it.each([
    ['@Bob Keller hi', ['bob']],
    ['@Bob, hi', ['bobby']],
    ['@bobby and @bob', ['bobby', 'bob']],
    ['@李雷你好', ['li']],
    ['请@韩梅梅看一下，@李雷也看', ['han', 'li']],
    ['@carol你好', ['carol']],
    ['@everyone lunch', [everyoneId]],
    ['@李雷 @李雷', ['li']],
  ])('in %j %j', (text, ids) => {
    expect(mentionsIn(text, everybody)).toEqual(ids)
  })

  it.each(['no names', 'carol', '@carols', 'me@carol', '@', '@@', '@everyones', '@Carol'])('nobody in %j', (text) => {
    expect(mentionsIn(text, everybody)).toEqual([])
  })

  it('whoever was chosen, whatever stands around it', () => {
    const around = fc.constantFrom('', ' ', '\n', '，', '你好', ' hi ')
    const chosen = fc.constantFrom(...everybody)
    fc.assert(
      fc.property(around, chosen, around, (before, one, after) => {
        const text = `${before}@${one.label} ${after}`
        expect(mentionsIn(text, everybody)).toEqual([one.userId])
      }),
    )
  })
})
