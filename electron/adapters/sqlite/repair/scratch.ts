/**
 * A copy of a damaged database, made as readable as it can be: what the write-ahead log holds is put into it, missing
 * pages are filled up, and a first page that is lost is taken from a database of the same making.
 *
 * Must never write to the damaged files themselves.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { constants } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Migration, migrate, versionOf } from '../migrate.ts'
import { tablesOf } from './tables.ts'
import { readLog } from './writeAheadLog.ts'

/** Ours are all made with it. */
export const pageBytes = 4096
const offsets = { formats: 18, changes: 24, pages: 28, freeList: 32, validFor: 92 } as const
const magic = Buffer.from('SQLite format 3\0')

export interface ScratchOptions {
  readonly file: string
  readonly folder: string
  readonly migrations: readonly Migration[]
  readonly applicationId: number
}

/** Null when nothing in it is a database of ours. */
export function openScratch(options: ScratchOptions): Database.Database | null {
  const copy = join(options.folder, 'source.db')
  if (existsSync(options.file)) copyFileSync(options.file, copy, constants.COPYFILE_FICLONE)
  const descriptor = openSync(copy, existsSync(copy) ? 'r+' : 'w+')
  try {
    applyLog(descriptor, options.file)
    fillUp(descriptor, copy)
  } finally {
    closeSync(descriptor)
  }
  if (statSync(copy).size === 0) return null
  return opened(copy, options.applicationId) ?? opened(grafted(copy, options), options.applicationId)
}

function applyLog(descriptor: number, file: string): void {
  const log = `${file}-wal`
  if (!existsSync(log)) return
  for (const { page, bytes } of readLog(readFileSync(log), pageBytes).frames) {
    writeSync(descriptor, bytes, 0, bytes.length, (page - 1) * pageBytes)
  }
}

/** To whole pages, and to as many as the first one speaks of; the library opens no file that is shorter. */
function fillUp(descriptor: number, copy: string): void {
  const head = readFileSync(copy).subarray(0, 100)
  const size = statSync(copy).size
  const whole = Math.ceil(size / pageBytes)
  const named = head.length === 100 && head.subarray(0, 16).equals(magic) ? head.readUInt32BE(offsets.pages) : 0
  // A number that damage made must not fill the disk.
  const pages = Math.max(whole, Math.min(named, whole * 64 + 1024))
  ftruncateSync(descriptor, pages * pageBytes)
  if (named === 0) return
  // No log belongs to the copy any more.
  writeSync(descriptor, Buffer.from([1, 1]), 0, 2, offsets.formats)
  const count = Buffer.alloc(4)
  count.writeUInt32BE(pages)
  writeSync(descriptor, count, 0, 4, offsets.pages)
  writeSync(descriptor, head, offsets.changes, 4, offsets.validFor)
}

function opened(copy: string, applicationId: number): Database.Database | null {
  let database: Database.Database | undefined
  try {
    database = new Database(copy, { fileMustExist: true })
    database.unsafeMode(true)
    // Reads past what is wrong in the schema instead of refusing all of it.
    database.pragma('writable_schema = ON')
    if (database.pragma('application_id', { simple: true }) === applicationId && versionOf(database) > 0) {
      if (tablesOf(database).length > 0) return database
    }
    database.close()
    return null
  } catch (error) {
    database?.close()
    if (error instanceof Database.SqliteError) return null
    throw error
  }
}

/**
 * The first migration lays out its tables on the same pages every time, so the pages that tell where tables are can be
 * those of a database made anew. Tables of later versions are not found that way.
 */
function grafted(copy: string, { folder, migrations, applicationId }: ScratchOptions): string {
  const template = join(folder, 'template.db')
  const database = new Database(template)
  database.pragma(`page_size = ${pageBytes}`)
  migrate(database, migrations.slice(0, 1), applicationId)
  const schemaPages = database
    .prepare<[], number>(`SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'`)
    .pluck()
    .all()
  database.close()
  const bytes = readFileSync(template)
  const pages = Math.max(statSync(copy).size / pageBytes, bytes.length / pageBytes)
  bytes.writeUInt32BE(pages, offsets.pages)
  bytes.fill(0, offsets.freeList, offsets.freeList + 8)
  bytes.copy(bytes, offsets.validFor, offsets.changes, offsets.changes + 4)
  const descriptor = openSync(copy, 'r+')
  try {
    ftruncateSync(descriptor, pages * pageBytes)
    for (const page of schemaPages)
      writeSync(descriptor, bytes, (page - 1) * pageBytes, pageBytes, (page - 1) * pageBytes)
  } finally {
    closeSync(descriptor)
  }
  return copy
}
