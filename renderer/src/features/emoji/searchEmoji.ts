/** Emoji by their names in both languages, whichever the window speaks. */
export const emojiGroups = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const
export type EmojiGroup = (typeof emojiGroups)[number]

export interface Emoji {
  readonly text: string
  readonly group: EmojiGroup
  /** The CLDR names. */
  readonly en: string
  readonly zh: string
  /** What it is also looked for by. */
  readonly enTags: readonly string[]
  readonly zhTags: readonly string[]
}

const shownAtMost = 160

/** Every word has to fit. Names go before what is only associated; else the order of Unicode stays. */
export function searchEmoji(all: readonly Emoji[], query: string): Emoji[] {
  const words = query
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return []
  const ranked = all.map((emoji) => ({ emoji, rank: Math.max(...words.map((word) => rankOf(emoji, word))) }))
  return ranked
    .filter(({ rank }) => rank < unfit)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, shownAtMost)
    .map(({ emoji }) => emoji)
}

const unfit = 4

function rankOf({ text, en, zh, enTags, zhTags }: Emoji, word: string): number {
  if (text === word || en === word || zh === word) return 0
  if (en.startsWith(word) || en.includes(` ${word}`) || zh.startsWith(word)) return 1
  if (zh.includes(word) || zhTags.some((tag) => tag.startsWith(word)) || enTags.some((tag) => tag === word)) return 2
  return enTags.some((tag) => tag.startsWith(word)) || zhTags.some((tag) => tag.includes(word)) ? 3 : unfit
}
