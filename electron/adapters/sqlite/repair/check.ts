/**
 * Looks a database through, and mends what is only a matter of indexes: those are made of the rows, and can be made
 * again.
 */
import Database from 'better-sqlite3'

/** Files up to here are looked through whole, rows against indexes; larger ones page by page. */
const thoroughBytes = 48 * 1024 * 1024
const linesWanted = 200

const aboutIndex = [
  /^row -?\d+ missing from index /,
  /^wrong # of entries in index /,
  /^non-unique entry in index /,
  /^rowid not at end-of-record for row -?\d+ of index /,
  /^row -?\d+ values differ from index /,
]

export type Finding = 'fine' | 'mended' | 'damaged'

export function lookThrough(database: Database.Database): Finding {
  const damage = damageOf(database)
  if (damage === 'none') return 'fine'
  if (damage === 'rows') return 'damaged'
  try {
    database.exec('REINDEX')
  } catch (error) {
    if (error instanceof Database.SqliteError) return 'damaged'
    throw error
  }
  return damageOf(database) === 'none' ? 'mended' : 'damaged'
}

function damageOf(database: Database.Database): 'none' | 'indexes' | 'rows' {
  try {
    const bytes = Number(database.pragma('page_count', { simple: true })) * 4096
    const check = bytes <= thoroughBytes ? 'integrity_check' : 'quick_check'
    const lines = database.prepare<[], string>(`PRAGMA ${check}(${linesWanted})`).pluck().all()
    if (lines.length === 1 && lines[0] === 'ok') return 'none'
    const isIndexPage = indexPages(database)
    return lines.flatMap((line) => line.split('\n')).every((line) => isAboutIndex(line, isIndexPage))
      ? 'indexes'
      : 'rows'
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT')) return 'rows'
    throw error
  }
}

function indexPages(database: Database.Database): (page: number) => boolean {
  const owner = database
    .prepare<[number], string>(
      `SELECT type FROM sqlite_schema WHERE name = (SELECT name FROM dbstat WHERE pageno = ? LIMIT 1)`,
    )
    .pluck()
  return (page) => owner.get(page) === 'index'
}

function isAboutIndex(line: string, isIndexPage: (page: number) => boolean): boolean {
  const page = /^Tree (\d+) /.exec(line) ?? / page (\d+)$/.exec(line)
  if (page !== null) return isIndexPage(Number(page[1]))
  return line.startsWith('*** in database') || aboutIndex.some((pattern) => pattern.test(line))
}
