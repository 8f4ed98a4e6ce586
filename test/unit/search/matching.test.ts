import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placesOf, snippet } from '#common/domain/search/matching.ts'
import { indexText, tokensOf } from '#common/domain/search/tokens.ts'

/** Halves of characters too. */
const anyUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit))

const texts = (text: string): string[] => tokensOf(text).map((token) => token.text)

describe('tokens', () => {
  it.each([
    ['Hello, World-2', ['hello', 'world', '2']],
    ['明天10点开会', ['明', '天', '10', '点', '开', '会']],
    ['T恤', ['t', '恤']],
    ['Ｆｕｌｌ ｗｉｄｔｈ', ['full', 'width']],
    ['naïve Ångström', ['naive', 'angstrom']],
    ['👨‍👩‍👧 ❤️', ['👨', '👩', '👧', '❤']],
    ['カタカナー', ['カ', 'タ', 'カ', 'ナ', 'ー']],
    ['한국어', ['한', '국', '어']],
    ['𠀀𪛖', ['𠀀', '𪛖']],
    ['½', ['1', '2']],
    ['…—"\0', []],
  ])('%s', (text, expected) => {
    expect(texts(text)).toEqual(expected)
  })

  it('are the same after they were written into the index', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(texts(indexText(text))).toEqual(texts(text))
      }),
      { numRuns: 3000 },
    )
  })

  it('name their places in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyUnit, maxLength: 80 }), (text) => {
        const wrong = tokensOf(text).filter(
          ({ start, end }, index, all) => end <= start || end > text.length || start < (all[index - 1]?.start ?? 0),
        )
        expect(wrong).toEqual([])
      }),
    )
  })
})

describe('places', () => {
  const places = (text: string, ...phrases: [string[], boolean][]): string[] | undefined =>
    placesOf(
      phrases.map(([tokens, open]) => ({ tokens, open })),
      text,
    )?.map(({ start, end }) => text.slice(start, end))

  it('are found in order, and those that touch are one', () => {
    expect(places('预算和预算表', [['预', '算'], false], [['算', '表'], false])).toEqual(['预算', '预算表'])
  })
  it('of a word that is being typed are what was typed', () => {
    expect(places('Budgets', [['budg'], true])).toEqual(['Budg'])
    expect(places('Budgets', [['budg'], false])).toBeUndefined()
  })
  it('are none when one phrase is nowhere', () => {
    expect(places('abc', [['abc'], false], [['x'], false])).toBeUndefined()
  })
})

describe('a snippet', () => {
  it('is the text, in one line, and nothing of it twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.nat(30), fc.nat(9), (text, start, length) => {
        const from = Math.min(start, text.length)
        const end = Math.min(text.length, from + length)
        const parts = snippet(text, end > from ? [{ start: from, end }] : [])
        const shown = parts.map((part) => part.text).join('')
        expect(shown).not.toMatch(/[\n\t]/)
        const clean = (words: string): string => words.replaceAll('…', '').replace(/\s+/g, '')
        expect(clean(text)).toContain(clean(shown))
      }),
    )
  })

  it('begins before what was found, and not within a character', () => {
    const text = `${'😀'.repeat(60)}目标${'😀'.repeat(200)}`
    const parts = snippet(text, [{ start: 120, end: 122 }])
    expect(parts.map(({ marked }) => marked)).toEqual([false, false, true, false])
    expect(
      parts
        .map((part) => part.text)
        .join('')
        .isWellFormed(),
    ).toBe(true)
  })
})
