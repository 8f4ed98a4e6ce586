import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterText, isAsking, parseQuery, typedFilters } from '#common/domain/search/query.ts'

/** Halves of characters too. */
const anyUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit))

const now = new Date(2026, 10, 21, 15, 30)
const parse = (text: string) => parseQuery(text, now)
const words = (text: string): string[] =>
  parse(text).phrases.map(({ tokens, open }) => `${tokens.join(' ')}${open ? '…' : ''}`)
const day = (year: number, month: number, date: number): number => new Date(year, month - 1, date).getTime()

describe('words of a query', () => {
  it.each([
    ['hello world', ['hello…', 'world…']],
    ['"hello world"', ['hello world']],
    ['“你好 世界”', ['你 好 世 界']],
    ['"not yet end', ['not yet end…']],
    ['开会abc', ['开 会 abc…']],
    ['abc开会', ['abc 开 会']],
    ['http://a.b/c', ['http a b c…']],
    ['what: ever', ['what…', 'ever…']],
    ['constructor:x __proto__:y', ['constructor x…', 'proto y…']],
    ['"', []],
  ])('%s', (text, expected) => {
    expect(words(text)).toEqual(expected)
  })
})

describe('filters of a query', () => {
  it.each([
    ['from:bob', { from: ['bob'] }],
    ['FROM:bob', { from: ['bob'] }],
    ['来自：李雷', { from: ['李雷'] }],
    ['from:"Bob Keller" from:a', { from: ['Bob Keller', 'a'] }],
    ['in:团队', { in: ['团队'] }],
    ['type:image 类型:语音', { types: ['image', 'voice'] }],
    ['has:link 包含：图片', { has: ['link', 'image'] }],
    ['before:2026-11-21', { before: day(2026, 11, 21) }],
    ['before:2026/3', { before: day(2026, 3, 1) }],
    ['after:2025年', { after: day(2025, 1, 1) }],
    ['after:2026年3月5日', { after: day(2026, 3, 5) }],
    ['after:today', { after: day(2026, 11, 21) }],
    ['晚于:昨天', { after: day(2026, 11, 20) }],
    ['after:7d', { after: day(2026, 11, 14) }],
    ['after:2026 after:2025', { after: day(2026, 1, 1) }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toMatchObject({ phrases: [], hints: [], ...expected })
  })

  it.each([
    ['before:2026-02-30', 'notADate'],
    ['before:soon', 'notADate'],
    ['type:dream', 'notAType'],
    ['has:time', 'notAThing'],
    ['from:', 'noValue'],
    ['？！', 'onlySigns'],
  ])('that say nothing are told: %s', (text, code) => {
    expect(parse(text).hints).toMatchObject([{ code }])
    expect(isAsking(parse(text))).toBe(false)
  })

  it('stand in the text where they can be taken out again', () => {
    const text = 'a from:"Bob Keller" b 在:团队 has:'
    expect(typedFilters(text).map(({ name, value, start, end }) => [name, value, text.slice(start, end)])).toEqual([
      ['from', 'Bob Keller', 'from:"Bob Keller"'],
      ['in', '团队', '在:团队'],
    ])
  })

  it('are read back as they were written, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const clean = name.replace(/["“”]/g, '')
        fc.pre(clean.trim() !== '')
        expect(typedFilters(filterText('from', name))).toMatchObject([{ name: 'from', value: clean }])
      }),
    )
  })
})

describe('any text', () => {
  it('is a query', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyUnit, maxLength: 300 }), (text) => {
        const query = parse(text)
        expect(query.phrases.flatMap(({ tokens }) => tokens).filter((token) => /["\0\s]/.test(token))).toEqual([])
        expect(typedFilters(text).filter(({ start, end }) => start >= end)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})
