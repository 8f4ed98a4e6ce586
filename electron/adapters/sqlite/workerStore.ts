/**
 * The store as the main process holds it: every call crosses to the store's thread and comes back as a promise, answered
 * in the order of asking.
 *
 * Promises: a thread that ends unasked is started again, the database opened again, and what was unanswered is asked
 * again in its order, because everything the store can be asked is safe to repeat. A request that the thread has ended
 * at twice is refused with `storage.failed`, and the next one is done. A file found damaged is looked through and, where
 * only an index is wrong, mended before anybody is told. Must never answer a request twice, or out of order.
 */
import { Worker } from 'node:worker_threads'
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { StorageError } from '#electron/core/store/storageError.ts'
import {
  type FileCheck,
  type Reply,
  type Request,
  type StoreMethod,
  type WorkerOptions,
  storeMethods,
} from './protocol.ts'

/** The first new thread is started at once, the next ones after growing waits. */
const firstWaitMs = 50
const longestWaitMs = 5_000
/** A thread that has lived so long has nothing to do with the end of the one before. */
const steadyAfterMs = 10_000
/** A request at which the thread ended so often is not asked again. */
const deathsForgiven = 1
/** So many failed openings in a row, and those who wait are told; the trying goes on. */
const openingsWaitedFor = 3

/** Waiting mends none of these: somebody has to decide. */
const lasting: ReadonlySet<ErrorCode> = new Set(['storage.corrupt', 'storage.newer', 'storage.foreign'])

export interface WorkerStoreOptions extends Omit<WorkerOptions, 'check'> {
  /** `worker.ts`, as built. */
  readonly workerUrl: URL
  readonly log?: Log
  /** Told once when the store is of no further use, and why. */
  readonly onBroken?: (error: AppError) => void
  /** The thread had ended and is back. What it answered last may not have arrived: change sets may be missing. */
  readonly onRecovered?: () => void
  /** Something could not be written, and why; null once something was written again. Told at every turn. */
  readonly onStrained?: (error: AppError | null) => void
  /** A request was answered so many ms after it was asked. */
  readonly onTimed?: (ms: number) => void
}

/** Answering these writes nothing, so that it tells nothing of the disk. */
const reading: ReadonlySet<Request['method']> = new Set([
  'snapshot',
  'page',
  'policyHistory',
  'decisions',
  'outboxHeads',
  'outboxSize',
  'attachments',
  'policy',
  'message',
  'search',
  'storageUse',
  'storedMessages',
  'storagePages',
  'archivePart',
  'readFact',
  'groups',
  'counts',
  'trace',
])

interface Asked {
  readonly request: Request
  readonly askedAt: number
  resolve(value: unknown): void
  reject(error: Error): void
  deaths: number
}

export function createWorkerStore(options: WorkerStoreOptions): Promise<Result<Store>> {
  return new Promise((resolve) => {
    const store = new WorkerStore(options, (refusal) =>
      resolve(
        refusal === null ? ok({ ...proxy((method) => store.call(method)), close: () => store.close() }) : refusal,
      ),
    )
  })
}

/** One function per method; the types say which takes what. */
function proxy(call: (method: StoreMethod) => (...args: readonly unknown[]) => Promise<unknown>): Omit<Store, 'close'> {
  const entries = storeMethods.map((method) => [method, call(method)] as const)
  return Object.fromEntries(entries) as Omit<Store, 'close'>
}

class WorkerStore {
  readonly #options: WorkerStoreOptions
  /** Told once, when the first opening has an outcome. */
  #onFirst: ((refusal: Result<never> | null) => void) | null
  /** In the order of asking; what is answered leaves. */
  readonly #waiting = new Map<number, Asked>()
  #lastId = 0
  #thread: Worker | null = null
  #open = false
  #openedAt = 0
  /** Threads that ended, or could not open the file, since the last steady one. */
  #failures = 0
  #refusal: AppError | null = null
  #check: FileCheck = 'afterUncleanEnd'
  #timer: NodeJS.Timeout | null = null
  #broken: ErrorCode | null = null
  #strained: ErrorCode | null = null
  #closing: Promise<void> | null = null
  #closed: (() => void) | null = null

  constructor(options: WorkerStoreOptions, onFirst: (refusal: Result<never> | null) => void) {
    this.#options = options
    this.#onFirst = onFirst
    this.#start()
  }

  call(method: StoreMethod) {
    return (...args: readonly unknown[]): Promise<unknown> => {
      if (this.#closing !== null) return Promise.reject(new StorageError('storage.failed'))
      return this.#ask((id) => ({ id, method, args }))
    }
  }

  /** What was asked before is done first; then the file is closed and the thread has ended. */
  close(): Promise<void> {
    if (this.#closing !== null) return this.#closing
    if (this.#broken !== null) return (this.#closing = Promise.resolve())
    const ended = new Promise<void>((resolve) => (this.#closed = resolve))
    this.#closing = this.#ask((id) => ({ id, method: 'close' })).then(
      () => ended,
      (error: unknown) => {
        this.#options.log?.warn('store: closing failed', {
          code: error instanceof StorageError ? error.code : 'internal',
        })
      },
    )
    return this.#closing
  }

  #ask(make: (id: number) => Request): Promise<unknown> {
    if (this.#broken !== null) return Promise.reject(new StorageError(this.#broken))
    const request = make(++this.#lastId)
    return new Promise((resolve, reject) => {
      // What cannot cross to the thread throws here, before it is kept for asking again.
      if (this.#open) this.#thread?.postMessage(request)
      else structuredClone(request)
      this.#waiting.set(request.id, { request, askedAt: performance.now(), resolve, reject, deaths: 0 })
    })
  }

  #start(): void {
    const { workerUrl, file, selfId, busyTimeoutMs, keepCopies, log } = this.#options
    const data: WorkerOptions = {
      file,
      selfId,
      check: this.#check,
      ...(busyTimeoutMs !== undefined && { busyTimeoutMs }),
      ...(keepCopies !== undefined && { keepCopies }),
    }
    const thread = new Worker(workerUrl, { workerData: data, name: 'store' })
    this.#thread = thread
    this.#refusal = null
    thread.on('message', (reply: Reply) => {
      // A thread given up on may still have something to say.
      if (this.#thread === thread) this.#take(reply)
    })
    thread.on('error', (error: unknown) => {
      log?.error('store: the thread broke', { name: error instanceof Error ? error.name : typeof error })
    })
    thread.once('exit', (exitCode) => {
      if (this.#thread === thread) this.#ended(exitCode)
    })
  }

  #take(reply: Reply): void {
    switch (reply.type) {
      case 'opened':
        return this.#opened(reply.mended)
      case 'refused':
        this.#refusal = reply.error
        return
      case 'repaired':
        return
      case 'value':
        return this.#settle(reply.id, ({ request, resolve, askedAt }) => {
          if (!reading.has(request.method)) this.#strain(null)
          this.#options.onTimed?.(performance.now() - askedAt)
          resolve(reply.value)
        })
      case 'failed': {
        this.#options.log?.error('store: a request failed', { code: reply.code, detail: reply.detail })
        if (reply.code === 'storage.corrupt') return this.#damaged(reply.id)
        if (reply.code.startsWith('storage.')) this.#strain(appError(reply.code, reply.detail))
        return this.#settle(reply.id, ({ reject }) => reject(new StorageError(reply.code)))
      }
    }
  }

  #strain(error: AppError | null): void {
    if (this.#strained === (error?.code ?? null)) return
    this.#strained = error?.code ?? null
    this.#options.onStrained?.(error)
  }

  #settle(id: number, tell: (asked: Asked) => void): void {
    const asked = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (asked !== undefined) tell(asked)
  }

  #opened(mended: boolean): void {
    if (mended) this.#options.log?.warn('store: an index was wrong and has been made again')
    this.#open = true
    this.#openedAt = performance.now()
    // The file is as the last thread left it: only damage is a reason to look through it again.
    this.#check = 'never'
    const first = this.#onFirst
    this.#onFirst = null
    if (first !== null) first(null)
    for (const { request } of this.#waiting.values()) this.#thread?.postMessage(request)
    if (first !== null) return
    this.#options.log?.warn('store: the thread is back', { askedAgain: this.#waiting.size })
    this.#options.onRecovered?.()
  }

  /** The file is opened anew and looked through: a wrong index can be made again, anything else ends the store. */
  #damaged(id: number): void {
    const asked = this.#waiting.get(id)
    if (asked === undefined) return
    if (++asked.deaths > deathsForgiven || this.#closing !== null) {
      return this.#break(appError('storage.corrupt', 'found while running'))
    }
    this.#check = 'always'
    const thread = this.#thread
    this.#thread = null
    this.#open = false
    void thread?.terminate().then(() => this.#start())
  }

  #ended(exitCode: number): void {
    const wasOpen = this.#open
    this.#thread = null
    this.#open = false
    if (this.#closing !== null && this.#waiting.size === 0) return this.#closed?.()
    const refusal = this.#refusal
    if (this.#onFirst !== null) {
      this.#broken = refusal?.code ?? 'storage.failed'
      this.#onFirst(
        refusal === null
          ? fail('storage.failed', `the store's thread ended with ${exitCode}`)
          : { ok: false, error: refusal },
      )
      this.#onFirst = null
      return
    }
    if (refusal !== null && lasting.has(refusal.code)) return this.#break(refusal)
    this.#options.log?.error('store: the thread ended', { exitCode, unanswered: this.#waiting.size })
    if (wasOpen) {
      if (performance.now() - this.#openedAt >= steadyAfterMs) this.#failures = 0
      this.#blame()
    }
    this.#failures++
    if (!wasOpen && this.#failures >= openingsWaitedFor) this.#rejectAll(refusal?.code ?? 'storage.failed')
    if (this.#closing !== null && this.#waiting.size === 0) return this.#closed?.()
    const waitMs = this.#failures === 1 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (this.#failures - 2))
    if (waitMs === 0) this.#start()
    else this.#timer = setTimeout(() => this.#start(), waitMs)
  }

  /** Requests are done one after the other, so it ended at the first that is unanswered. */
  #blame(): void {
    const [first] = this.#waiting
    if (first === undefined) return
    const [id, asked] = first
    if (++asked.deaths <= deathsForgiven) return
    this.#options.log?.error('store: a request ends the thread', { method: asked.request.method })
    this.#settle(id, ({ reject }) => reject(new StorageError('storage.failed')))
  }

  #rejectAll(code: ErrorCode): void {
    for (const { reject } of this.#waiting.values()) reject(new StorageError(code))
    this.#waiting.clear()
  }

  #break(error: AppError): void {
    this.#broken = error.code
    const thread = this.#thread
    this.#thread = null
    this.#open = false
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#rejectAll(error.code)
    // Whoever is told may look at the file at once: nobody has it open then.
    void Promise.resolve(thread?.terminate()).then(() => {
      this.#closed?.()
      this.#options.onBroken?.(error)
    })
  }
}
