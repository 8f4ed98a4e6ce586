/**
 * What could go on at the end of the query: filters to begin, and values for the one that was begun. A suggestion is the
 * whole text to search for next.
 */
import { type FilterName, filterNames, filterText, searchedThings, searchedTypes } from '#common/domain/search/query.ts'

export interface Named {
  readonly value: string
  readonly label: string
}

export interface SuggestionFacts {
  readonly people: readonly Named[]
  readonly conversations: readonly Named[]
  /** The words of the window's language: of a filter, a kind, a thing, a day. */
  word(group: 'filters' | 'types' | 'things' | 'days', key: string): string
}

export interface Suggestion {
  readonly label: string
  readonly query: string
  /** More is to be typed or chosen after it. */
  readonly open: boolean
}

const shownAtOnce = 8
const days = ['today', 'yesterday', '7d', '30d'] as const

/** The filter that the query ends in, and what of its value is there. */
function begun(query: string, facts: SuggestionFacts): { name: FilterName; typed: string; start: number } | null {
  const match = /(?:^|\s)([^\s:："]+)[:：]"?([^"]*)$/.exec(query)
  if (match === null) return null
  const [whole, word = '', typed = ''] = match
  const name = filterNames.find((filter) => filter === word.toLowerCase() || facts.word('filters', filter) === word)
  if (name === undefined || /\s$/.test(typed)) return null
  return { name, typed, start: match.index + whole.length - whole.trimStart().length }
}

export function suggestionsFor(query: string, facts: SuggestionFacts): Suggestion[] {
  const filter = begun(query, facts)
  if (filter === null) {
    const before = query === '' || /\s$/.test(query) ? query : `${query} `
    return filterNames.map((name) => {
      const word = facts.word('filters', name)
      return { label: word, query: `${before}${word}:`, open: true }
    })
  }
  const before = query.slice(0, filter.start)
  const wanted = filter.typed.toLocaleLowerCase()
  return valuesOf(filter.name, facts)
    .filter(({ value, label }) => [value, label].some((text) => text.toLocaleLowerCase().includes(wanted)))
    .filter(({ value }) => value !== filter.typed)
    .slice(0, shownAtOnce)
    .map(({ value, label }) => ({
      label,
      query: `${before}${filterText(facts.word('filters', filter.name), value)} `,
      open: false,
    }))
}

function valuesOf(name: FilterName, facts: SuggestionFacts): readonly Named[] {
  const known = (group: 'types' | 'things' | 'days', keys: readonly string[]): Named[] =>
    keys.map((key) => ({ value: group === 'days' ? key : facts.word(group, key), label: facts.word(group, key) }))
  switch (name) {
    case 'from':
      return facts.people
    case 'in':
      return facts.conversations
    case 'type':
      return known('types', searchedTypes)
    case 'has':
      return known('things', searchedThings)
    case 'before':
    case 'after':
      return known('days', days)
  }
}

/** A filter that a name means only: two people may be called alike. */
export function namedOnce(all: readonly { readonly id: string; readonly name: string }[]): Named[] {
  const count = new Map<string, number>()
  for (const { name } of all) count.set(name, (count.get(name) ?? 0) + 1)
  return all.map(({ id, name }) => {
    const isOnly = count.get(name) === 1
    return { value: isOnly ? name : id, label: isOnly ? name : `${name} (${id})` }
  })
}
