/** Going back to the version before: the copy from before its migration takes the place of what the newer one changed. */
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { olderCopyOf, useOlderCopy } from '#electron/adapters/sqlite/backup.ts'
import type { Migration } from '#electron/adapters/sqlite/migrate.ts'
import { openDatabase } from '#electron/adapters/sqlite/open.ts'
import { olderName } from '#electron/adapters/sqlite/repair/files.ts'
import { inspect, tempDir, unwrap } from './support.ts'

const applicationId = 0x47775454
const migrations: readonly Migration[] = [
  { version: 1, up: (database) => void database.exec('CREATE TABLE words (text TEXT) STRICT') },
  { version: 2, up: (database) => void database.exec('ALTER TABLE words ADD COLUMN tone TEXT') },
  { version: 3, up: (database) => void database.exec('ALTER TABLE words RENAME TO sayings') },
]
const at = new Date('2026-11-21T10:41:22Z')

/** As the program that knows so many migrations opens it, writes a word and closes it. */
function runVersion(file: string, known: number, word: string, keepCopies = true): void {
  const database = unwrap(openDatabase({ file, migrations: migrations.slice(0, known), applicationId, keepCopies }))
  database.prepare(`INSERT INTO ${known < 3 ? 'words' : 'sayings'} (text) VALUES (?)`).run(word)
  database.close()
}

const wordsIn = (file: string, table = 'words'): unknown[] =>
  inspect(file, (database) => database.prepare(`SELECT text FROM ${table}`).pluck().all())

function newFile(): string {
  return join(tempDir(), 'messages.db')
}

describe('the copy from before a newer version', () => {
  it('takes the place of the file, which is kept beside it', () => {
    const file = newFile()
    runVersion(file, 2, 'before')
    runVersion(file, 3, 'after')
    const copy = olderCopyOf(file, 2)
    if (copy === null) throw new Error('no copy')
    const keptAs = useOlderCopy(copy, at)
    expect(keptAs).toBe(join(dirname(file), 'messages.newer-20261121T104122Z.db'))
    runVersion(file, 2, 'again')
    expect(wordsIn(file)).toEqual(['before', 'again'])
    expect(wordsIn(keptAs, 'sayings')).toEqual(['before', 'after'])
  })

  it('is there for as long as the newer version has not proved itself, and gone after that', () => {
    const file = newFile()
    runVersion(file, 1, 'before')
    for (const word of ['first', 'second', 'third']) runVersion(file, 2, word)
    expect(olderCopyOf(file, 1)).not.toBeNull()
    runVersion(file, 2, 'proved', false)
    expect(olderCopyOf(file, 1)).toBeNull()
  })

  it('is the newest that this version can read, when several came after it', () => {
    const file = newFile()
    runVersion(file, 1, 'one')
    runVersion(file, 2, 'two')
    runVersion(file, 3, 'three')
    expect(olderCopyOf(file, 2)?.copy).toBe(join(dirname(file), 'messages.before-migration-2.db'))
    expect(olderCopyOf(file, 1)?.copy).toBe(join(dirname(file), 'messages.before-migration-1.db'))
  })

  it.each<[what: string, spoil: (file: string) => void]>([
    ['nothing newer was there', () => undefined],
    ['there is no file', (file) => renameSync(file, `${file}.elsewhere`)],
    ['the file is no database', (file) => writeFileSync(file, 'not a database at all, but long enough to look at')],
  ])('is not offered where %s', (_what, spoil) => {
    const file = newFile()
    runVersion(file, 2, 'word')
    spoil(file)
    expect(olderCopyOf(file, 2)).toBeNull()
  })

  it('is not offered when it cannot be read itself', () => {
    const file = newFile()
    runVersion(file, 2, 'before')
    runVersion(file, 3, 'after')
    writeFileSync(join(dirname(file), 'messages.before-migration-2.db'), 'spoilt')
    expect(olderCopyOf(file, 2)).toBeNull()
  })

  it('takes its place at the next opening when it was interrupted half-way', () => {
    const file = newFile()
    runVersion(file, 2, 'before')
    runVersion(file, 3, 'after')
    // Killed after the first step.
    renameSync(join(dirname(file), 'messages.before-migration-2.db'), olderName(file, '20261121T104122Z'))
    runVersion(file, 2, 'again')
    expect(wordsIn(file)).toEqual(['before', 'again'])
    expect(readdirSync(dirname(file)).filter((name) => name.includes('.newer-') && name.endsWith('.db'))).toEqual([
      'messages.newer-20261121T104122Z.db',
    ])
  })

  it('keeps the log of the newer version with its file', () => {
    const file = newFile()
    runVersion(file, 2, 'before')
    runVersion(file, 3, 'after')
    writeFileSync(`${file}-wal`, '')
    const copy = olderCopyOf(file, 2)
    if (copy === null) throw new Error('no copy')
    const keptAs = useOlderCopy(copy, at)
    expect(existsSync(`${file}-wal`)).toBe(false)
    expect(readFileSync(`${keptAs}-wal`)).toHaveLength(0)
  })
})
