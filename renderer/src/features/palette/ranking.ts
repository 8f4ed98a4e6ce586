/**
 * How well a name fits what was typed: at its very beginning, at the beginning of a word, anywhere, or by
 * the first letters of its words.
 */

function comparable(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase()
}

/** Higher is better; 0 when it does not fit. Every word typed must fit one of the names. */
export function fit(typed: string, names: readonly string[]): number {
  const wanted = comparable(typed)
    .split(/\s+/)
    .filter((word) => word !== '')
  const known = names.map(comparable)
  let total = 0
  for (const word of wanted) {
    const best = Math.max(0, ...known.map((name) => fitOne(word, name)))
    if (best === 0) return 0
    total += best
  }
  return total
}

function fitOne(word: string, name: string): number {
  const at = name.indexOf(word)
  if (at === 0) return name.length === word.length ? 6 : 5
  if (at > 0) return /[\s\p{P}]/u.test(name.charAt(at - 1)) || /\p{Script=Han}/u.test(word) ? 4 : 3
  return word.length > 1 && initials(name).startsWith(word) ? 2 : 0
}

function initials(name: string): string {
  return name
    .split(/[\s\p{P}]+/u)
    .map((part) => part.charAt(0))
    .join('')
}
