/**
 * The emoji that can be chosen, read from the file that build/scripts/emoji.ts writes; this module and the file are
 * loaded when somebody first asks for them.
 *
 * Promises: an emoji that this system would draw as two or more pictures is left out.
 */
import lines from './emoji.json'
import type { Emoji, EmojiGroup } from './searchEmoji.ts'

/** Unicode's groups by number; the second holds only parts of emoji. */
const groups: readonly (EmojiGroup | null)[] = [
  'smileys',
  'people',
  null,
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
]

/** How wide a text is drawn, in any unit; null where nothing can be drawn. */
export type Measure = (text: string) => number

export function canvasMeasure(): Measure | null {
  const context = document.createElement('canvas').getContext('2d')
  if (context === null) return null
  context.font = '16px sans-serif'
  return (text) => context.measureText(text).width
}

/** A flag that falls apart into two letters is wider than one picture. */
const muchWider = 1.4

export function allEmoji(measure: Measure | null): Emoji[] {
  const one = measure?.('😀') ?? 0
  const drawn = (text: string): boolean => measure === null || one === 0 || measure(text) <= one * muchWider
  return lines.flatMap((line) => {
    const [text = '', group = '', en = '', zh = '', enTags = '', zhTags = ''] = line.split('|')
    const named = groups[Number(group)]
    if (named === undefined || named === null || !drawn(text)) return []
    return [{ text, group: named, en, zh, enTags: enTags.split(','), zhTags: zhTags.split(',') }]
  })
}
