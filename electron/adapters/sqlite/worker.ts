/**
 * The store's thread: one database, opened here and used by nobody else. It does one request after the other, so
 * answers come in the order of asking. Or it repairs the file, which nobody has open meanwhile, and ends.
 *
 * Must never end by an error of a request: a failure is answered, and the next request is done.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { AppError } from '#common/base/errors.ts'
import { isStorageError } from '#electron/core/store/storageError.ts'
import { type OpenAccountStore, openAccountStore } from './accountStore.ts'
import type { Reply, Request, WorkerOptions } from './protocol.ts'
import { repairAccountDatabase } from './repairAccount.ts'

function serve(port: MessagePort, store: OpenAccountStore): void {
  const answer = (reply: Reply): void => port.postMessage(reply)
  port.on('message', (request: Request) => {
    const { id } = request
    try {
      if (request.method === 'close') {
        store.close()
        answer({ type: 'value', id, value: undefined })
        port.close()
        return
      }
      const method = store[request.method] as (...args: readonly unknown[]) => unknown
      answer({ type: 'value', id, value: method(...request.args) })
    } catch (error) {
      // Anything else is a bug here, which waiting for a better disk would not mend.
      const code = isStorageError(error) ? error.code : 'internal'
      answer({ type: 'failed', id, code, detail: describe(error) })
    }
  })
}

/** A name and where it happened; the message of a database error may quote values. */
function describe(error: unknown): string {
  const cause = isStorageError(error) ? error.cause : error
  if (cause instanceof Database.SqliteError) return cause.code
  if (!(error instanceof Error)) return 'not an error'
  const [, where = ''] = (error.stack ?? '').split('\n    at ')
  return `${error.name} ${where.trim()}`
}

function openAndServe(port: MessagePort, options: WorkerOptions): void {
  let mended = false
  const opened = openAccountStore({ ...options, onMended: () => (mended = true) })
  if (!opened.ok) return refuse(port, opened.error)
  serve(port, opened.value)
  port.postMessage({ type: 'opened', mended } satisfies Reply)
}

function repair(port: MessagePort, { file, selfId }: WorkerOptions): void {
  const repaired = repairAccountDatabase({ file, selfId, at: new Date() })
  if (!repaired.ok) return refuse(port, repaired.error)
  port.postMessage({ type: 'repaired', report: repaired.value } satisfies Reply)
  port.close()
}

function refuse(port: MessagePort, error: AppError): void {
  port.postMessage({ type: 'refused', error } satisfies Reply)
  port.close()
}

if (parentPort !== null) {
  const options = workerData as WorkerOptions
  if (options.task === 'repair') repair(parentPort, options)
  else openAndServe(parentPort, options)
}
