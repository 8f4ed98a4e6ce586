/** Parts of a text that are more than text: links, names of people, what a search found. */
import { linkParts } from './linkParts.ts'

export interface TextMark {
  /** In UTF-16 units; `end` is the first one after. */
  readonly start: number
  readonly end: number
  /** Somebody's name, the reader's own, or the words of a search. */
  readonly kind: 'mention' | 'self' | 'found'
}

export interface MarkedPart {
  readonly text: string
  readonly href: string | null
  /** The host as it is asked for, where the text shows it in letters that can be mistaken for others. */
  readonly host: string | null
  readonly mark: TextMark['kind'] | null
}

/** The parts joined give the text again. `marks`: in order, none overlapping another. */
export function markedParts(text: string, marks: readonly TextMark[]): MarkedPart[] {
  const parts: MarkedPart[] = []
  let start = 0
  for (const { text: piece, href } of linkParts(text)) {
    const end = start + piece.length
    let done = start
    for (const mark of marks) {
      const from = Math.max(done, mark.start)
      const to = Math.min(end, mark.end)
      if (from >= to) continue
      if (from > done) parts.push(part(text.slice(done, from), href, null))
      parts.push(part(text.slice(from, to), href, mark.kind))
      done = to
    }
    if (done < end || piece === '') parts.push(part(text.slice(done, end), href, null))
    start = end
  }
  // Once for each link, behind the last of its parts.
  return parts.map((one, index) =>
    one.href !== null && parts[index + 1]?.href !== one.href ? { ...one, host: foreignHost(one.href) } : one,
  )
}

function part(text: string, href: string | null, mark: TextMark['kind'] | null): MarkedPart {
  return { text, href, host: null, mark }
}

function foreignHost(href: string): string | null {
  const host = URL.parse(href)?.hostname ?? ''
  return host.split('.').some((label) => label.startsWith('xn--')) ? host : null
}
