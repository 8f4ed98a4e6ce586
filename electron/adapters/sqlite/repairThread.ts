/** The repair of an account's file on a thread of its own: it reads and writes all of it, and windows go on meanwhile. */
import { Worker } from 'node:worker_threads'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { RepairReport } from '#common/domain/storage.ts'
import type { Reply, WorkerOptions } from './protocol.ts'

export interface RepairThreadOptions {
  readonly workerUrl: URL
  readonly file: string
  readonly selfId: string
}

/** Nobody may have the file open. Fails as `repairAccountDatabase` does; then nothing has changed. */
export function repairOnThread({ workerUrl, file, selfId }: RepairThreadOptions): Promise<Result<RepairReport>> {
  const workerData: WorkerOptions = { file, selfId, task: 'repair' }
  const worker = new Worker(workerUrl, { workerData, name: 'repair' })
  return new Promise((resolve) => {
    let outcome: Result<RepairReport> = fail('storage.failed', 'the repair ended without an answer')
    worker.on('message', (reply: Reply) => {
      if (reply.type === 'repaired') outcome = ok(reply.report)
      else if (reply.type === 'refused') outcome = { ok: false, error: reply.error }
    })
    worker.on('error', (error: unknown) => {
      outcome = fail('storage.failed', error instanceof Error ? error.name : 'unknown')
    })
    worker.once('exit', () => resolve(outcome))
  })
}
