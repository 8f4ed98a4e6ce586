/**
 * The store's thread: one database, opened here and used by nobody else. It does one request after the other, so
 * answers come in the order of asking.
 *
 * Must never end by an error of a request: a failure is answered, and the next request is done.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { isStorageError } from '#electron/core/store/storageError.ts'
import { type OpenAccountStore, openAccountStore } from './accountStore.ts'
import type { Reply, Request, WorkerOptions } from './protocol.ts'

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

if (parentPort !== null) {
  const opened = openAccountStore(workerData as WorkerOptions)
  if (opened.ok) {
    serve(parentPort, opened.value)
    parentPort.postMessage({ type: 'opened' } satisfies Reply)
  } else {
    parentPort.postMessage({ type: 'refused', error: opened.error } satisfies Reply)
    parentPort.close()
  }
}
