/** The table of what happened to messages written here. */
import type { Database } from 'better-sqlite3'
import type { TraceStep } from '#common/domain/trace.ts'
import type { StoreRows, TraceRow } from '#electron/core/store/rows.ts'

interface TraceColumns {
  readonly message_id: number
  readonly position: number
  readonly step: TraceStep['step']
  readonly command: TraceStep['command']
  readonly at: number
  readonly server_time: number | null
  readonly number: number | null
  readonly times: number
  readonly last_at: number
  readonly cause: TraceStep['cause']
  readonly proof: TraceStep['proof']
  readonly code: string | null
  readonly detail: string | null
}

function read(columns: TraceColumns): TraceRow {
  const { position, step, command, at, number, times, cause, proof, code, detail } = columns
  return {
    position,
    step,
    command,
    at,
    serverTime: columns.server_time,
    number,
    times,
    lastAt: columns.last_at,
    cause,
    proof,
    code,
    detail,
  }
}

export function traceRows(database: Database): StoreRows['trace'] {
  const of = database.prepare<[number], TraceColumns>('SELECT * FROM trace WHERE message_id = ? ORDER BY position')
  const put = database.prepare(
    `INSERT OR REPLACE INTO trace
       (message_id, position, step, command, at, server_time, number, times, last_at, cause, proof, code, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const remove = database.prepare('DELETE FROM trace WHERE message_id = ? AND position = ?')
  const clear = database.prepare('DELETE FROM trace WHERE message_id = ?')
  return {
    of: (message) => of.all(message).map(read),
    put: (message, row) =>
      void put.run(
        message,
        row.position,
        row.step,
        row.command,
        row.at,
        row.serverTime,
        row.number,
        row.times,
        row.lastAt,
        row.cause,
        row.proof,
        row.code,
        row.detail,
      ),
    remove: (message, position) => void remove.run(message, position),
    clear: (message) => void clear.run(message),
  }
}
