/** Reads build/linux/changelog, which is in Debian's format and is the changelog of every Linux package. */

/** What one version brought. */
export interface ChangelogEntry {
  version: string
  /** Each a sentence or two, lines joined. */
  changes: readonly string[]
  /** `Name <address>` */
  author: string
  date: Date
}

/** The entries, newest first. Throws for what is not an entry. */
export function readChangelog(text: string): ChangelogEntry[] {
  return text
    .split(/^(?=\S+ \()/m)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(readEntry)
}

function readEntry(text: string): ChangelogEntry {
  const [, version] = /^\S+ \(([^)]+)\) \S+; urgency=\w+$/m.exec(text) ?? []
  const [, author, written] = /^ -- (.+ <.+>) {2}(.+)$/m.exec(text) ?? []
  const date = new Date(written ?? '')
  if (version === undefined || author === undefined || Number.isNaN(date.getTime())) {
    throw new Error(`Not an entry of a changelog: ${text.split('\n')[0] ?? ''}`)
  }
  const body = text.slice(text.indexOf('\n'), text.lastIndexOf('\n --'))
  const changes = body
    .split(/^ {2}\* /m)
    .slice(1)
    .map((change) => change.replace(/\s+/g, ' ').trim())
  return { version, changes, author, date }
}
