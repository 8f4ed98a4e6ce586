/**
 * Mentions as words: whom an unfinished `@` could mean, and whom the finished words name. Who is named is read off the
 * words when they are sent, so a mention survives drafts, restarts and editing by hand, and never names somebody whose
 * name was deleted from the text.
 */

/** As the contract says it: everyone in the group. */
export const everyoneId = '*'

export interface Mentionable {
  /** A user id, or `everyoneId`. */
  readonly userId: string
  /** What stands in the words behind the `@`; different for everybody. */
  readonly label: string
}

export interface MentionToken {
  /** Where the `@` stands. */
  readonly start: number
  /** What is written between the `@` and the caret. */
  readonly query: string
}

const longestQuery = 40
const shownAtMost = 50
/** Letters that make an `@` part of an address, and a name longer than it is. */
const wordBefore = /[\p{L}\p{N}_.+-]$/u
const isHan = (letter: string): boolean => /\p{Script=Han}/u.test(letter)
const isWord = (letter: string): boolean => /[\p{L}\p{N}_]/u.test(letter)

/** Chinese is written without spaces: an `@` right behind it begins a mention, one behind `bob` an address. */
function standsFree(text: string, start: number): boolean {
  const before = [...text.slice(Math.max(0, start - 2), start)].at(-1)
  return before === undefined || isHan(before) || !wordBefore.test(before)
}

/** The mention that is being written at the caret, or null. */
export function mentionAt(text: string, caret: number): MentionToken | null {
  const start = text.lastIndexOf('@', caret - 1)
  if (start < 0 || caret - start > longestQuery || !standsFree(text, start)) return null
  const query = text.slice(start + 1, caret)
  return /^\s|[\n\r@]|\s\s/.test(query) ? null : { start, query }
}

/** Two of the same name, or one called like everyone: the id tells them apart. */
export function mentionables(
  userIds: Iterable<string>,
  nameOf: (userId: string) => string,
  everyone: string | null,
): Mentionable[] {
  const ids = [...new Set(userIds)]
  const count = new Map<string, number>(everyone === null ? [] : [[everyone, 1]])
  for (const id of ids) count.set(nameOf(id), (count.get(nameOf(id)) ?? 0) + 1)
  const people = ids.map((userId) => {
    const name = nameOf(userId).replaceAll(/\s+/g, ' ').trim()
    const label =
      name === '' || name === userId ? userId : count.get(nameOf(userId)) === 1 ? name : `${name}(${userId})`
    return { userId, label }
  })
  return everyone === null ? people : [{ userId: everyoneId, label: everyone }, ...people]
}

/** Those whose name or id fits, the best first. After a space only the beginning of a name counts. */
export function matchMentions(all: readonly Mentionable[], query: string): Mentionable[] {
  const wanted = query.toLocaleLowerCase()
  const rank = ({ userId, label }: Mentionable): number => {
    const [name, id] = [label.toLocaleLowerCase(), userId.toLocaleLowerCase()]
    // Written to the end, with the space behind it.
    if (wanted === `${name} `) return 3
    if (name.startsWith(wanted)) return 0
    if (/\s/.test(wanted)) return 3
    if (id.startsWith(wanted)) return 1
    return name.includes(wanted) || id.includes(wanted) ? 2 : 3
  }
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter((ranked) => ranked.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, shownAtMost)
    .map(({ one }) => one)
}

/** The user ids that the words name, in their order, each once. Of names that begin alike the longest counts. */
export function mentionsIn(text: string, all: readonly Mentionable[]): string[] {
  const named = new Set<string>()
  const spellings = all
    .flatMap(({ userId, label }) =>
      userId === everyoneId || userId === label
        ? [{ userId, label }]
        : [
            { userId, label },
            { userId, label: userId },
          ],
    )
    .filter(({ label }) => label !== '')
    .sort((a, b) => b.label.length - a.label.length)
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (!standsFree(text, at)) continue
    const found = spellings.find(({ label }) => text.startsWith(label, at + 1) && endsThere(text, at + 1, label))
    if (found !== undefined) named.add(found.userId)
  }
  return [...named]
}

/** `@bob` does not name bob in `@bobby`, but does in `@bob你好`; a Chinese name may be followed by anything. */
function endsThere(text: string, from: number, label: string): boolean {
  const last = [...label].at(-1) ?? ''
  const next = [...text.slice(from + label.length, from + label.length + 2)][0]
  return next === undefined || isHan(last) || isHan(next) || !isWord(last) || !isWord(next)
}
