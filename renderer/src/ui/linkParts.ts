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

/** The parts joined give the text again, unchanged. */
export function linkParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let done = 0
  for (const match of linkify.match(text) ?? []) {
    const href = safeHref(match.url)
    if (href === null) continue
    if (match.index > done) parts.push({ text: text.slice(done, match.index), href: null })
    parts.push({ text: text.slice(match.index, match.lastIndex), href })
    done = match.lastIndex
  }
  if (done < text.length || parts.length === 0) parts.push({ text: text.slice(done), href: null })
  return parts
}
