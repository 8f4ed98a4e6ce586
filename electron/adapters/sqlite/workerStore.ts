/**
 * The store as the main process holds it: every call crosses to the store's thread and comes back as a promise, answered
 * in the order of asking. When the thread ends unasked, whatever is unanswered is rejected, and so is everything after.
 */
import { Worker } from 'node:worker_threads'
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { StorageError } from '#electron/core/store/storageError.ts'
import { type Reply, type Request, type StoreMethod, type WorkerOptions, storeMethods } from './protocol.ts'

export interface WorkerStoreOptions extends WorkerOptions {
  /** `worker.ts`, as built. */
  readonly workerUrl: URL
  readonly log?: Log
  /** Told once when the thread has ended without having been closed; the store is of no further use. */
  readonly onBroken?: (error: AppError) => void
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

export function createWorkerStore(options: WorkerStoreOptions): Promise<Result<Store>> {
  const { workerUrl, file, selfId, busyTimeoutMs, log, onBroken } = options
  const data: WorkerOptions = { file, selfId, ...(busyTimeoutMs !== undefined && { busyTimeoutMs }) }
  const worker = new Worker(workerUrl, { workerData: data, name: 'store' })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let opened = false
  let refusal: Result<never> | null = null
  let ended = false
  let closing: Promise<void> | null = null
  const exited = new Promise<void>((resolve) => void worker.once('exit', () => resolve()))

  function rejectAll(code: ErrorCode): void {
    for (const { reject } of waiting.values()) reject(new StorageError(code))
    waiting.clear()
  }

  function ask(request: (id: number) => Request): Promise<unknown> {
    if (ended) return Promise.reject(new StorageError('storage.failed'))
    const id = ++lastId
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker.postMessage(request(id))
    })
  }

  function call(method: StoreMethod) {
    return (...args: readonly unknown[]): Promise<unknown> => {
      if (closing !== null) return Promise.reject(new StorageError('storage.failed'))
      return ask((id) => ({ id, method, args }))
    }
  }

  /** What was asked before is done first; then the file is closed and the thread has ended. */
  function close(): Promise<void> {
    closing ??= ended
      ? exited
      : ask((id) => ({ id, method: 'close' })).then(
          () => exited,
          async (error: unknown) => {
            log?.warn('store: closing failed', { code: error instanceof StorageError ? error.code : 'internal' })
            await worker.terminate()
          },
        )
    return closing
  }

  function settle(reply: Extract<Reply, { id: number }>): void {
    const { resolve, reject } = waiting.get(reply.id) ?? {}
    waiting.delete(reply.id)
    if (reply.type === 'value') resolve?.(reply.value)
    else {
      log?.error('store: a request failed', { code: reply.code, detail: reply.detail })
      reject?.(new StorageError(reply.code))
    }
  }

  return new Promise((resolve) => {
    worker.on('message', (reply: Reply) => {
      if (reply.type === 'opened') {
        opened = true
        resolve(ok({ ...proxy(call), close }))
      } else if (reply.type === 'refused') {
        refusal = { ok: false, error: reply.error }
      } else settle(reply)
    })
    worker.on('error', (error: unknown) => {
      log?.error('store: the thread broke', { name: error instanceof Error ? error.name : typeof error })
    })
    worker.once('exit', (exitCode) => {
      ended = true
      const unanswered = waiting.size > 0
      rejectAll('storage.failed')
      if (!opened) resolve(refusal ?? fail('storage.failed', `the store's thread ended with ${exitCode}`))
      else if (closing === null || unanswered) onBroken?.(appError('storage.failed', `thread ended with ${exitCode}`))
    })
  })
}

/** One function per method; the types say which takes what. */
function proxy(call: (method: StoreMethod) => (...args: readonly unknown[]) => Promise<unknown>): Omit<Store, 'close'> {
  const entries = storeMethods.map((method) => [method, call(method)] as const)
  return Object.fromEntries(entries) as Omit<Store, 'close'>
}
