/**
 * The log as it may be handed on: what was kept out of it when it was written is looked for once more, because a log of
 * an older version, or an error's own text, may hold more than it should.
 */
import { readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { redactText } from './redact.ts'

const quoted = String.raw`(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|` + '`(?:\\\\.|[^`\\\\])*`)'
/** A value under a name that can stand for something said: as the log prints it, in one piece or in several. */
const said = new RegExp(
  String.raw`\b(text|content|body|words|draft|caption|title|nickname|quotedText|query)(["']?\s*:\s*)${quoted}(?:\s*\+\s*${quoted})*`,
  'g',
)

const rules: readonly (readonly [RegExp, string])[] = [
  [said, '$1$2[words]'],
  // Who signs in by an address, and what is behind its path.
  [/\b((?:wss?|https?):\/\/)[^\s/@'"]+@/gi, '$1'],
  [/\b((?:wss?|https?):\/\/[^\s?#'"<>)]+)[?#][^\s'"<>)]*/gi, '$1?[query]'],
  [/((?:authorization|cookie)["']?\s*[:=]\s*["']?)[^\n"'},]+/gi, '$1[secret]'],
  [/((?:password|passwd|passphrase|secret|api[-_]?key|app[-_]?key)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, '$1[secret]'],
]

/** `home`: the user's folder, whose name is often his own. */
export function scrubLog(text: string, home: string): string {
  const clean = rules.reduce((current, [pattern, by]) => current.replace(pattern, by), redactText(text))
  return home.length > 1 ? clean.replaceAll(home, '~') : clean
}

/** The older file first; empty where nothing was ever logged. */
export async function readLog(file: string, home: string): Promise<string> {
  const { dir, name, ext } = parse(file)
  const texts = await Promise.all([join(dir, `${name}.old${ext}`), file].map(readIfThere))
  return scrubLog(texts.join(''), home)
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
