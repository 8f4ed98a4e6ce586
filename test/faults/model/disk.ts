/**
 * The database file of one account, real SQLite, behind the promises of the thread boundary; and the death of its
 * process at any call: what the file held at that moment is what the next process finds.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenAccountStore, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import type { Store } from '#electron/core/ports/store.ts'

/** In memory where the system has such a place: a thousand databases must not wait for a disk. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** One process's use of the file. */
export interface OpenedDisk {
  readonly store: Store
  /** The same store, asked directly. */
  readonly inside: OpenAccountStore
}

export class Disk {
  readonly #selfId: string
  readonly #dir = mkdtempSync(join(place, 'godwit-model-'))
  #generation = 0
  #opened: OpenAccountStore | null = null
  #death: { callsLeft: number; readonly when: 'before' | 'after'; readonly onDeath: () => void } | null = null

  constructor(selfId: string) {
    this.#selfId = selfId
  }

  get file(): string {
    return join(this.#dir, String(this.#generation), 'messages.db')
  }

  open(): OpenedDisk {
    mkdirSync(join(this.#dir, String(this.#generation)), { recursive: true })
    const opened = openAccountStore({ file: this.file, selfId: this.#selfId })
    if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`)
    const inside = (this.#opened = opened.value)
    const store = new Proxy({} as Store, {
      get: (_target, name) => {
        const method: unknown = Reflect.get(inside, name)
        if (typeof method !== 'function') return undefined
        return async (...args: unknown[]): Promise<unknown> => {
          await Promise.resolve()
          // A dead process waits for nothing.
          if (this.#opened !== inside || this.#dies('before')) return new Promise(() => undefined)
          if (name === 'close') this.#opened = null
          const answer: unknown = Reflect.apply(method, inside, args)
          return this.#dies('after') ? new Promise(() => undefined) : answer
        }
      },
    })
    return { store, inside }
  }

  /** The process dies at the n-th call from now, before it or before its answer. */
  dieAt(calls: number, when: 'before' | 'after', onDeath: () => void): void {
    this.#death = { callsLeft: calls, when, onDeath }
  }

  /** The file as it is now goes to the next process; the present one never writes again. */
  die(): void {
    this.#death = null
    const before = this.file
    const opened = this.#opened
    this.#opened = null
    this.#generation++
    mkdirSync(join(this.#dir, String(this.#generation)), { recursive: true })
    for (const suffix of ['', '-wal']) {
      if (existsSync(before + suffix)) copyFileSync(before + suffix, this.file + suffix)
    }
    opened?.close()
  }

  remove(): void {
    this.#opened?.close()
    this.#opened = null
    rmSync(this.#dir, { recursive: true, force: true })
  }

  #dies(when: 'before' | 'after'): boolean {
    const death = this.#death
    if (death === null || (when === 'before' && --death.callsLeft > 0)) return false
    if (death.callsLeft > 0 || death.when !== when) return false
    this.die()
    death.onDeath()
    return true
  }
}
