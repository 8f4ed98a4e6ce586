/** Where the words that are looked for stand in a text, and the piece of the text to show. Pure; no markup. */
import { type Token, tokensOf } from './tokens.ts'

/** Tokens that stand next to each other. */
export interface Phrase {
  readonly tokens: readonly string[]
  /** The last one may go on: it is a word that is still being typed. */
  readonly open: boolean
}

/** UTF-16 units, the end not included. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface Part {
  readonly text: string
  readonly marked: boolean
}

/** Every place of every phrase, in order and without overlaps; null when one of them is nowhere. */
export function placesOf(phrases: readonly Phrase[], text: string): Range[] | null {
  const tokens = tokensOf(text)
  const ranges: Range[] = []
  for (const phrase of phrases) {
    const found = placesOfOne(phrase, tokens)
    if (found.length === 0) return null
    ranges.push(...found)
  }
  return joined(ranges)
}

function placesOfOne({ tokens: wanted, open }: Phrase, tokens: readonly Token[]): Range[] {
  const ranges: Range[] = []
  const last = wanted.length - 1
  const first = wanted[0]
  if (first === undefined) return ranges
  for (let at = 0; at + last < tokens.length; at++) {
    let reached = 0
    while (reached <= last && isSame(tokens[at + reached], wanted[reached] ?? '', open && reached === last)) reached++
    const begin = tokens[at]
    const end = tokens[at + last]
    if (reached <= last || begin === undefined || end === undefined) continue
    ranges.push({ start: begin.start, end: endOf(end, wanted[last] ?? '') })
  }
  return ranges
}

function isSame(token: Token | undefined, wanted: string, open: boolean): boolean {
  return token !== undefined && (token.text === wanted || (open && token.text.startsWith(wanted)))
}

/** Only the part of a word that was typed, where the word has its letters one by one. */
function endOf(token: Token, wanted: string): number {
  const asLong = token.end - token.start === token.text.length
  return asLong ? token.start + wanted.length : token.end
}

function joined(ranges: Range[]): Range[] {
  const result: Range[] = []
  for (const range of ranges.sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = result.at(-1)
    if (last !== undefined && range.start <= last.end) {
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
    } else result.push(range)
  }
  return result
}

/** Shown before the first place, so that it stands within the first line of a narrow list. */
const before = 16
const shown = 140

/** The text around the first place, in one line, with the places marked. */
export function snippet(text: string, places: readonly Range[]): Part[] {
  const first = places[0]?.start ?? 0
  let start = first <= before * 2 ? 0 : whole(text, first - before)
  const space = text.slice(start, first).search(/\s/)
  if (start > 0 && space >= 0 && space < before - 2) start += space + 1
  const end = whole(text, Math.min(text.length, start + shown))
  const parts: Part[] = []
  const add = (piece: string, marked: boolean): void => {
    const line = piece.replace(/\s+/g, ' ')
    if (line !== '') parts.push({ text: line, marked })
  }
  let at = start
  if (start > 0) add('…', false)
  for (const place of places) {
    if (place.start >= end) break
    add(text.slice(at, Math.max(at, place.start)), false)
    add(text.slice(Math.max(at, place.start), Math.min(end, place.end)), true)
    at = Math.min(end, Math.max(at, place.end))
  }
  add(text.slice(at, end) + (end < text.length ? '…' : ''), false)
  return parts
}

/** Not between the halves of a character. */
function whole(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  const previous = text.charCodeAt(at - 1)
  return unit >= 0xdc00 && unit <= 0xdfff && previous >= 0xd800 && previous <= 0xdbff ? at - 1 : at
}
