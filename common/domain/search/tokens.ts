/**
 * How words are cut for the search, the same way when they are stored and when they are looked for: every Chinese,
 * Japanese or Korean character and every emoji is a token of its own, every other run of letters and digits is one, and
 * all else only separates. Words are compared without case, accents and widths.
 *
 * A change of these rules asks for a migration that makes the index anew.
 */
export interface Token {
  /** As it is compared. */
  readonly text: string
  /** Where it stands in the original, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** One character that stands for itself: nothing can be missing at its end. */
  readonly single: boolean
}

const separates = 0
const joins = 1
const standsAlone = 2
/** Belongs to what is before it, and says nothing to a search: selectors of looks, joiners. */
const isSilent = 3
type CharacterClass = typeof separates | typeof joins | typeof standsAlone | typeof isSilent

const silent = /[\u200B-\u200F\u2060\uFE00-\uFE0F\u{E0000}-\u{E01EF}]/u
const alone =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u30FC\uFF70]/u
const picture = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]/u
const wordPart = /[\p{L}\p{N}\p{M}\p{Co}]/u
const between = /[^\p{L}\p{N}\p{M}\p{Co}]+/u

function classOf(character: string): CharacterClass {
  if (silent.test(character)) return isSilent
  if (alone.test(character) || picture.test(character)) return standsAlone
  return wordPart.test(character) ? joins : separates
}

/** By UTF-16 unit, filled as characters turn up; 255 is not known yet. */
const known = new Uint8Array(0x10000).fill(255)

function classAt(text: string, at: number, width: number): CharacterClass {
  if (width === 2) return classOf(text.slice(at, at + 2))
  const unit = text.charCodeAt(at)
  let found = known[unit] as CharacterClass | 255
  if (found === 255) known[unit] = found = classOf(text.charAt(at))
  return found
}

function widthAt(text: string, at: number): 1 | 2 {
  const unit = text.charCodeAt(at)
  if (unit < 0xd800 || unit > 0xdbff) return 1
  const next = text.charCodeAt(at + 1)
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1
}

const plain = /^[a-z0-9]*$/
const accents = /[\u0300-\u036F]/g

function folded(word: string): string {
  if (plain.test(word)) return word
  // After the widths and accents, because some letters gain either only by the other.
  return word.normalize('NFKD').replace(accents, '').toLowerCase().normalize('NFC')
}

function eachToken(text: string, take: (token: Token) => void): void {
  let at = 0
  while (at < text.length) {
    const width = widthAt(text, at)
    const kind = classAt(text, at, width)
    if (kind === standsAlone) {
      const next = at + width
      take({ text: text.slice(at, next), start: at, end: next, single: true })
      at = next
    } else if (kind === joins) {
      const start = at
      let hasSilent = false
      for (at += width; at < text.length;) {
        const step = widthAt(text, at)
        const next = classAt(text, at, step)
        if (next !== joins && next !== isSilent) break
        hasSilent ||= next === isSilent
        at += step
      }
      const word = folded(hasSilent ? withoutSilent(text.slice(start, at)) : text.slice(start, at))
      for (const part of partsOf(word)) take({ text: part, start, end: at, single: false })
    } else at += width
  }
}

/** What a letter unfolds to may hold a space, a sign, or a character that stands alone: it is cut as if it were written. */
function partsOf(word: string): string[] {
  if (alone.test(word)) return tokensOf(word).map(({ text }) => text)
  return word.split(between).filter((part) => part !== '')
}

function withoutSilent(text: string): string {
  return Array.from(text)
    .filter((character) => !silent.test(character))
    .join('')
}

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  eachToken(text, (token) => void tokens.push(token))
  return tokens
}

const ascii = /^[\0-\x7f]*$/

/**
 * The text as the index takes it: tokens with spaces between. The index itself cuts plain ASCII in the same way and folds
 * its case, so that such a text goes in as it is.
 */
export function indexText(text: string): string {
  if (ascii.test(text)) return text
  let indexed = ''
  eachToken(text, (token) => {
    indexed += indexed === '' ? token.text : ` ${token.text}`
  })
  return indexed
}
