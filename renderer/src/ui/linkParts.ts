/**
 * Finds links in what people wrote. A link is only ever what its own text says, and only http, https and mailto; the
 * result is plain values that a component renders as elements, never markup.
 */
import { LinkifyIt } from 'linkify-it'

export interface TextPart {
  readonly text: string
  /** Absolute, its host in punycode; null for plain text. */
  readonly href: string | null
}

const allowed: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])
const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true, maxLength: 2000 })
linkify.add('ftp:', null)
linkify.add('//', null)

function safeHref(url: string): string | null {
  const parsed = URL.parse(url)
  return parsed !== null && allowed.has(parsed.protocol) ? parsed.href : null
}

/**
 * Chinese characters and the punctuation of Chinese text stand next to links without a space and are no part of them,
 * as in 请打开https://example.org，谢谢.
 */
const chinese = /[\p{Script=Han}\u2014\u2018-\u201d\u2026\u3000-\u303f\uff00-\uffef]+/gu

function* linksIn(text: string): Generator<{ start: number; end: number; href: string }> {
  for (const piece of pieces(text)) {
    for (const match of linkify.match(piece.text) ?? []) {
      const href = safeHref(match.url)
      if (href !== null) yield { start: piece.start + match.index, end: piece.start + match.lastIndex, href }
    }
  }
}

function* pieces(text: string): Generator<{ start: number; text: string }> {
  let start = 0
  for (const { index, 0: between } of text.matchAll(chinese)) {
    if (index > start) yield { start, text: text.slice(start, index) }
    start = index + between.length
  }
  if (start < text.length) yield { start, text: text.slice(start) }
}

/** The parts joined give the text again, unchanged. */
export function linkParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let done = 0
  for (const { start, end, href } of linksIn(text)) {
    if (start > done) parts.push({ text: text.slice(done, start), href: null })
    parts.push({ text: text.slice(start, end), href })
    done = end
  }
  if (done < text.length || parts.length === 0) parts.push({ text: text.slice(done), href: null })
  return parts
}
