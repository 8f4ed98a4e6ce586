/**
 * What a person types into the search, read: words, "phrases", and filters `from: in: type: before: after: has:` in
 * English or Chinese. Any text is a query: a filter nobody knows is words, one whose value says nothing is told as a
 * hint and looked for as nothing. Pure; names are not looked up here.
 */
import { type Phrase } from './matching.ts'
import { tokensOf } from './tokens.ts'

export const filterNames = ['from', 'in', 'type', 'before', 'after', 'has'] as const
export type FilterName = (typeof filterNames)[number]

export const searchedTypes = [
  'text',
  'image',
  'video',
  'voice',
  'file',
  'location',
  'card',
  'quote',
  'forward',
] as const
export type SearchedType = (typeof searchedTypes)[number]

export const searchedThings = ['link', 'file', 'image'] as const
export type SearchedThing = (typeof searchedThings)[number]

export interface SearchQuery {
  /** All of them must be there, anywhere in the message. */
  readonly phrases: readonly Phrase[]
  /** Names or ids as typed; any of them will do. */
  readonly from: readonly string[]
  readonly in: readonly string[]
  readonly types: readonly SearchedType[]
  /** All of them. */
  readonly has: readonly SearchedThing[]
  /** Ms since 1970: from `after` on, before `before`. */
  readonly before: number | null
  readonly after: number | null
  readonly hints: readonly Hint[]
}

/** Something in the query that has no effect. */
export interface Hint {
  readonly code: 'noValue' | 'notADate' | 'notAType' | 'notAThing' | 'onlySigns'
  readonly filter: FilterName | null
  readonly value: string
}

/** A filter as it stands in the text, for showing it as one thing and taking it out again. */
export interface TypedFilter {
  readonly name: FilterName
  readonly value: string
  readonly start: number
  readonly end: number
}

const filterWords: Readonly<Record<string, FilterName>> = {
  from: 'from',
  来自: 'from',
  发送者: 'from',
  发件人: 'from',
  in: 'in',
  在: 'in',
  会话: 'in',
  type: 'type',
  类型: 'type',
  before: 'before',
  之前: 'before',
  早于: 'before',
  after: 'after',
  之后: 'after',
  晚于: 'after',
  has: 'has',
  包含: 'has',
  含: 'has',
}

const typeWords: Readonly<Record<string, SearchedType>> = {
  ...Object.fromEntries(searchedTypes.map((type) => [type, type])),
  文字: 'text',
  文本: 'text',
  图片: 'image',
  视频: 'video',
  语音: 'voice',
  文件: 'file',
  位置: 'location',
  名片: 'card',
  引用: 'quote',
  转发: 'forward',
}

const thingWords: Readonly<Record<string, SearchedThing>> = {
  ...Object.fromEntries(searchedThings.map((thing) => [thing, thing])),
  链接: 'link',
  文件: 'file',
  图片: 'image',
}

interface Piece {
  readonly filter: FilterName | null
  /** Without its quotes. */
  readonly value: string
  readonly quoted: boolean
  /** A quotation that nobody has ended yet. */
  readonly unfinished: boolean
  readonly start: number
  readonly end: number
}

const openingQuotes = '"“”'
const closingQuotes = '"”“'

function pieces(text: string): Piece[] {
  const found: Piece[] = []
  let at = 0
  while (at < text.length) {
    if (isSpace(text, at)) {
      at++
      continue
    }
    const start = at
    const filter = filterAt(text, at)
    if (filter !== null) at = filter.end
    const { value, end, quoted, unfinished } = valueAt(text, at)
    at = Math.max(end, start + 1)
    found.push({ filter: filter?.name ?? null, value, quoted, unfinished, start, end: at })
  }
  return found
}

function isSpace(text: string, at: number): boolean {
  return /[\s\0]/.test(text.charAt(at))
}

const longestWord = Math.max(...Object.keys(filterWords).map(({ length }) => length))

function filterAt(text: string, at: number): { name: FilterName; end: number } | null {
  const head = text.slice(at, at + longestWord + 1)
  const colon = head.search(/[:：]/)
  if (colon <= 0) return null
  const word = head.slice(0, colon).toLowerCase()
  const name = Object.hasOwn(filterWords, word) ? filterWords[word] : undefined
  return name === undefined ? null : { name, end: at + colon + 1 }
}

/** Up to a space, or to the end of a quotation. */
function valueAt(text: string, start: number): Pick<Piece, 'value' | 'end' | 'quoted' | 'unfinished'> {
  if (start < text.length && openingQuotes.includes(text.charAt(start))) {
    let close = start + 1
    while (close < text.length && !closingQuotes.includes(text.charAt(close))) close++
    const unfinished = close >= text.length
    return { value: text.slice(start + 1, close), end: unfinished ? close : close + 1, quoted: true, unfinished }
  }
  let end = start
  while (end < text.length && !isSpace(text, end) && !(end > start && text.charAt(end) === '"')) end++
  return { value: text.slice(start, end), end, quoted: false, unfinished: false }
}

/** `now` decides what `today` is; days are those of the machine's own calendar. */
export function parseQuery(text: string, now: Date): SearchQuery {
  const phrases: Phrase[] = []
  const hints: Hint[] = []
  const query = {
    from: [] as string[],
    in: [] as string[],
    types: [] as SearchedType[],
    has: [] as SearchedThing[],
    before: null as number | null,
    after: null as number | null,
  }
  let signs = ''
  for (const piece of pieces(text)) {
    const { filter, value } = piece
    if (filter === null) {
      const phrase = phraseOf(piece)
      if (phrase === null) signs += value
      else phrases.push(phrase)
      continue
    }
    if (value.trim() === '') {
      hints.push({ code: 'noValue', filter, value: '' })
      continue
    }
    const problem = takeFilter(query, filter, value, now)
    if (problem !== null) hints.push({ code: problem, filter, value })
  }
  const isEmpty = phrases.length === 0 && !hasFilter(query)
  if (isEmpty && signs !== '') hints.push({ code: 'onlySigns', filter: null, value: signs })
  return { phrases, ...query, hints }
}

function phraseOf({ value, quoted, unfinished }: Piece): Phrase | null {
  const tokens = tokensOf(value)
  const last = tokens.at(-1)
  if (last === undefined) return null
  return { tokens: tokens.map((token) => token.text), open: !last.single && (!quoted || unfinished) }
}

type Filters = { -readonly [K in 'from' | 'in' | 'types' | 'has' | 'before' | 'after']: SearchQuery[K] } & {
  from: string[]
  in: string[]
  types: SearchedType[]
  has: SearchedThing[]
}

function takeFilter(filters: Filters, name: FilterName, value: string, now: Date): Hint['code'] | null {
  switch (name) {
    case 'from':
    case 'in':
      filters[name].push(value)
      return null
    case 'type': {
      const type = wordIn(typeWords, value)
      if (type === undefined) return 'notAType'
      filters.types.push(type)
      return null
    }
    case 'has': {
      const thing = wordIn(thingWords, value)
      if (thing === undefined) return 'notAThing'
      filters.has.push(thing)
      return null
    }
    case 'before':
    case 'after': {
      const period = periodOf(value, now)
      if (period === null) return 'notADate'
      if (name === 'before') filters.before = Math.min(filters.before ?? Number.POSITIVE_INFINITY, period.start)
      else filters.after = Math.max(filters.after ?? Number.NEGATIVE_INFINITY, period.start)
      return null
    }
  }
}

function wordIn<T>(words: Readonly<Record<string, T>>, value: string): T | undefined {
  const word = value.trim().toLowerCase()
  return Object.hasOwn(words, word) ? words[word] : undefined
}

function hasFilter(query: Pick<SearchQuery, 'from' | 'in' | 'types' | 'has' | 'before' | 'after'>): boolean {
  const lists = [query.from, query.in, query.types, query.has]
  return lists.some(({ length }) => length > 0) || query.before !== null || query.after !== null
}

/** Whether there is anything to look for. */
export function isAsking(query: SearchQuery): boolean {
  return query.phrases.length > 0 || hasFilter(query)
}

/** The day, month or year that a value names; its first moment. */
function periodOf(value: string, now: Date): { start: number } | null {
  const word = value.trim().toLowerCase()
  const ago = word === 'today' || word === '今天' ? 0 : word === 'yesterday' || word === '昨天' ? 1 : daysAgo(word)
  if (ago !== null) return { start: new Date(now.getFullYear(), now.getMonth(), now.getDate() - ago).getTime() }
  const match = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?$/.exec(word)
  if (match === null) return null
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)]
  const date = new Date(year, month - 1, day)
  const exists = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day
  return exists ? { start: date.getTime() } : null
}

function daysAgo(word: string): number | null {
  const match = /^(\d{1,4})(?:d|天)$/.exec(word)
  return match === null ? null : Number(match[1])
}

/** The filters of a query that are complete, in their order. */
export function typedFilters(text: string): TypedFilter[] {
  return pieces(text).flatMap(({ filter, value, start, end }) =>
    filter === null || value.trim() === '' ? [] : [{ name: filter, value, start, end }],
  )
}

/** A filter as text; a value with spaces in quotes. */
export function filterText(name: string, value: string): string {
  const clean = value.replace(/["“”]/g, '')
  return `${name}:${/[\s\0]/.test(clean) ? `"${clean}"` : clean}`
}
