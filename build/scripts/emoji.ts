/**
 * Writes the emoji that can be chosen in the composer, with their CLDR names in English and Chinese:
 * `node build/scripts/emoji.ts FOLDER`, where FOLDER holds the npm package `emoji-picker-element-data`, unpacked.
 *
 * Promises: an emoji a line, so that a new version of Unicode can be read as a difference. Only what systems of the
 * last years can draw is taken.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The newest version of Unicode's emoji that is taken. */
const newest = 15.1
/** Parts of emoji that are none by themselves. */
const componentGroup = 2
const target = 'renderer/src/features/emoji/emoji.json'

interface Entry {
  readonly emoji: string
  readonly annotation: string
  readonly tags?: readonly string[]
  readonly group: number
  readonly version: number
}

function read(folder: string, language: string): Entry[] {
  return JSON.parse(readFileSync(join(folder, language, 'cldr/data.json'), 'utf8')) as Entry[]
}

/** What the name does not say already. */
function words({ annotation, tags = [] }: Entry): string {
  return tags.filter((tag) => !annotation.includes(tag)).join(',')
}

/** The mark that asks for a picture is of no use where a picture is drawn anyway. */
function plain(emoji: string): string {
  return /^\p{Emoji_Presentation}\ufe0f$/u.test(emoji) ? emoji.slice(0, -1) : emoji
}

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node build/scripts/emoji.ts FOLDER')
const chinese = new Map(read(folder, 'zh').map((entry) => [entry.emoji, entry]))
const lines = read(folder, 'en')
  .filter(({ group, version }) => group !== componentGroup && version <= newest)
  .map((entry) => {
    const other = chinese.get(entry.emoji)
    if (other === undefined) throw new Error(`no Chinese name for ${entry.emoji}`)
    const parts = [
      plain(entry.emoji),
      String(entry.group),
      entry.annotation,
      other.annotation,
      words(entry),
      words(other),
    ]
    if (parts.some((part) => part.includes('|'))) throw new Error(`a name with a separator: ${entry.emoji}`)
    return parts.join('|')
  })
writeFileSync(target, `${JSON.stringify(lines, null, 2)}\n`)
console.log(`${lines.length} emoji`)
