/**
 * Rows out of tables that are damaged: each that can still be read, once, those behind the damage too.
 *
 * Promises: ends, whatever the file holds; a row that does not fit its table any more is left out and counted. Must
 * never write to the source.
 */
import Database from 'better-sqlite3'

export type Row = Readonly<Record<string, unknown>>

const batchRows = 256
/** How far the next readable row is looked for one by one, before the steps grow: a page holds some hundred rows. */
const closeSearch = 4_000n
const lastRowId = 2n ** 62n

/** Tables whose rows are found by a number; `SELECT *` of the others goes by their key. */
export function hasRowIds(database: Database.Database, table: string): boolean {
  const facts = database.prepare<[string], { wr: number }>('SELECT wr FROM pragma_table_list WHERE name = ?').get(table)
  return facts?.wr === 0
}

export interface Reading {
  /** False when some part of the table could not be read. */
  whole: boolean
}

export function* readableRows(source: Database.Database, table: string, reading: Reading): Generator<Row> {
  if (hasRowIds(source, table)) yield* byRowId(source, table, reading)
  else yield* byKey(source, table, reading)
}

interface Found {
  readonly id: bigint
  readonly row: Row
}

type Look = { readonly readable: true; readonly found: readonly Found[] } | { readonly readable: false }

function* byRowId(source: Database.Database, table: string, reading: Reading): Generator<Row> {
  const select = (limit: number) =>
    source
      .prepare<[bigint], unknown[]>(`SELECT rowid, * FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ${limit}`)
      .raw()
      .safeIntegers()
  const many = select(batchRows)
  const one = select(1)
  const names = many.columns().map(({ name }) => name)
  const look = (statement: typeof many, after: bigint): Look => {
    try {
      const found = statement.all(after).map((values): Found => {
        const row = Object.fromEntries(names.slice(1).map((name, index) => [name, values[index + 1]]))
        return { id: values[0] as bigint, row }
      })
      return found.every(({ id }) => id > after) ? { readable: true, found } : { readable: false }
    } catch (error) {
      return unreadable(error)
    }
  }
  let after = -1n
  for (;;) {
    const batch = look(many, after)
    const step = batch.readable ? batch : look(one, after)
    if (step.readable) {
      for (const { row } of step.found) yield row
      const last = step.found.at(-1)
      if (last === undefined || (batch.readable && step.found.length < batchRows)) return
      after = last.id
      continue
    }
    reading.whole = false
    const beyond = leap(after, (at) => look(one, at))
    if (beyond === null) return
    after = beyond
  }
}

/** The next place from which there is something to be read, or null. */
function leap(from: bigint, look: (after: bigint) => Look): bigint | null {
  let step = 1n
  for (let at = from + 1n; at < lastRowId; at += step) {
    const seen = look(at)
    if (seen.readable) return seen.found.length === 0 ? null : step === 1n ? at : firstReadable(at - step, at, look)
    if (at - from >= closeSearch) step *= 2n
  }
  return null
}

function firstReadable(unreadableAt: bigint, readableAt: bigint, look: (after: bigint) => Look): bigint {
  let low = unreadableAt
  let high = readableAt
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (look(middle).readable) high = middle
    else low = middle
  }
  return high
}

/** From both ends up to the damage; what is met twice is the same row. */
function* byKey(source: Database.Database, table: string, reading: Reading): Generator<Row> {
  const keys = source
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .pluck()
    .all(table)
  for (const direction of ['ASC', 'DESC']) {
    const order = keys.map((key) => `"${key}" ${direction}`).join(', ')
    try {
      yield* source.prepare<[], Row>(`SELECT * FROM "${table}" ORDER BY ${order}`).safeIntegers().iterate()
      return
    } catch (error) {
      unreadable(error)
      reading.whole = false
    }
  }
}

/** Anything but a refusal of the database is a defect here. */
function unreadable(error: unknown): { readonly readable: false } {
  if (error instanceof Database.SqliteError) return { readable: false }
  throw error
}

interface Column {
  readonly name: string
  readonly type: string
  readonly notnull: number
}

/** Of a column that the source does not have. */
function emptyValue({ type, notnull }: Column): unknown {
  if (notnull === 0) return null
  return type === 'TEXT' ? '' : 0
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** Writes a row of the table under its old id; false when it is there already, or does not fit. */
export type Insert = (row: Row) => boolean

/** `jsonColumns` hold JSON text: what is none any more becomes null, or costs the row where null is not allowed. */
export function insertInto(target: Database.Database, table: string, jsonColumns: readonly string[] = []): Insert {
  const columns = target.prepare<[string], Column>('SELECT name, type, "notnull" FROM pragma_table_info(?)').all(table)
  const insert = target.prepare<unknown[]>(
    `INSERT OR IGNORE INTO "${table}" (${columns.map(({ name }) => `"${name}"`).join(', ')})
     VALUES (${columns.map(() => '?').join(', ')})`,
  )
  return (row) => {
    const values: unknown[] = []
    for (const column of columns) {
      const { name, notnull } = column
      const value = row[name] === undefined ? emptyValue(column) : row[name]
      const isBroken = jsonColumns.includes(name) && typeof value === 'string' && !isJson(value)
      if (isBroken && notnull === 1) return false
      values.push(isBroken ? null : value)
    }
    try {
      return insert.run(values).changes > 0
    } catch (error) {
      if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')) return false
      throw error
    }
  }
}

/** Copies what can be read; answers how many rows. */
export function copyTable(
  source: Database.Database,
  target: Database.Database,
  table: string,
  { jsonColumns = [], reading = { whole: true } }: { jsonColumns?: readonly string[]; reading?: Reading } = {},
): number {
  const insert = insertInto(target, table, jsonColumns)
  let copied = 0
  try {
    for (const row of readableRows(source, table, reading)) {
      if (insert(row)) copied++
    }
  } catch (error) {
    // The table itself cannot be found in the source any more.
    if (!(error instanceof Database.SqliteError) || !/^SQLITE_(CORRUPT|ERROR|NOTADB)/.test(error.code)) throw error
    reading.whole = false
  }
  return copied
}
