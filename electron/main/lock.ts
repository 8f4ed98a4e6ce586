/**
 * The lock: a PIN, of which only a salted scrypt hash is kept, and whether the program is locked now. It guards what the
 * program shows, not the files beneath it: those are guarded by the user's account on the computer.
 *
 * Promises: locked from the start where there is a PIN, also one whose record cannot be read; tries are made one after
 * the other and counted before they are looked at, so that neither haste nor a killed program gives further ones. Must
 * never log a PIN or keep one.
 */
import { type ScryptOptions, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'
import { parseJson } from '#common/base/json.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { LockStatus } from '#common/contract/lock.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Clock } from '#electron/core/ports/platform.ts'

/** So many may be wrong before there is a wait. */
const freeTries = 4
const firstWaitMs = 30_000
const longestWaitMs = 15 * 60_000
const stateKey = 'lock'
const hashBytes = 32
const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

const recordSchema = v.object({
  salt: v.string(),
  hash: v.string(),
  /** Wrong tries since the last right one. */
  wrong: v.number(),
  /** No try before, ms since 1970. */
  waitUntil: v.number(),
})
type PinRecord = v.InferOutput<typeof recordSchema>

export interface LockOptions {
  readonly appStore: Pick<AppStore, 'readState' | 'writeState' | 'removeState'>
  readonly clock: Pick<Clock, 'now'>
  readonly onChanged: (status: LockStatus, before: LockStatus) => void
}

export interface Lock {
  readonly status: LockStatus
  readonly isLocked: boolean
  /** Fails with `lock.wrongPin` or `lock.mustWait` where there is a PIN and `oldPin` is not it. */
  set(newPin: string, oldPin: string | null): Promise<Result<Nothing>>
  remove(pin: string): Promise<Result<Nothing>>
  unlock(pin: string): Promise<Result<Nothing>>
  /** Nothing happens where there is no PIN. */
  lock(): void
  /** There is no PIN any more. To be called only when what it guarded is gone. */
  forget(): void
}
type Nothing = Readonly<Record<string, never>>

const done: Result<Nothing> = ok({})

function hashed(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same digits may be typed in full width.
    scrypt(pin.normalize('NFKC'), salt, hashBytes, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

export function createLock({ appStore, clock, onChanged }: LockOptions): Lock {
  const hasPin = (): boolean => appStore.readState(stateKey) !== null
  const read = (): PinRecord | null => {
    const parsed = v.safeParse(recordSchema, parseJson(appStore.readState(stateKey) ?? ''))
    return parsed.success ? parsed.output : null
  }
  const write = (record: PinRecord): void => appStore.writeState(stateKey, JSON.stringify(record))
  /** A clock that was set back makes no wait longer. */
  const waitUntil = (): number | null => {
    const until = Math.min(read()?.waitUntil ?? 0, clock.now() + longestWaitMs)
    return until > clock.now() ? until : null
  }

  let state: LockStatus['state'] = hasPin() ? 'locked' : 'none'
  const current = (): LockStatus => ({ state, waitUntil: waitUntil() })
  let told = current()
  const tell = (): void => {
    const before = told
    told = current()
    if (told.state !== before.state || told.waitUntil !== before.waitUntil) onChanged(told, before)
  }

  const check = async (pin: string): Promise<Result<Nothing>> => {
    const record = read()
    if (record === null) return fail('lock.wrongPin')
    if (waitUntil() !== null) return fail('lock.mustWait')
    const wrong = record.wrong + 1
    const waitMs = wrong > freeTries ? Math.min(longestWaitMs, firstWaitMs * 2 ** (wrong - freeTries - 1)) : 0
    write({ ...record, wrong, waitUntil: waitMs === 0 ? 0 : clock.now() + waitMs })
    const hash = await hashed(pin, Buffer.from(record.salt, 'base64'))
    const kept = Buffer.from(record.hash, 'base64')
    if (kept.length !== hash.length || !timingSafeEqual(kept, hash)) {
      tell()
      return fail('lock.wrongPin')
    }
    write({ ...record, wrong: 0, waitUntil: 0 })
    return done
  }

  let tail: Promise<unknown> = Promise.resolve()
  const inTurn = (run: () => Promise<Result<Nothing>>): Promise<Result<Nothing>> => {
    const next = tail.then(run)
    tail = next.catch(() => undefined)
    return next
  }
  const enter = (next: LockStatus['state']): void => {
    state = next
    tell()
  }

  return {
    get status() {
      return current()
    },
    get isLocked() {
      return state === 'locked'
    },
    set: (newPin, oldPin) =>
      inTurn(async () => {
        if (hasPin()) {
          const right = await check(oldPin ?? '')
          if (!right.ok) return right
        }
        const salt = randomBytes(16)
        const hash = await hashed(newPin, salt)
        write({ salt: salt.toString('base64'), hash: hash.toString('base64'), wrong: 0, waitUntil: 0 })
        // It may have been locked meanwhile.
        if (state === 'none') enter('unlocked')
        return done
      }),
    remove: (pin) =>
      inTurn(async () => {
        const right = await check(pin)
        if (!right.ok) return right
        appStore.removeState(stateKey)
        enter('none')
        return done
      }),
    unlock: (pin) =>
      inTurn(async () => {
        if (state !== 'locked') return done
        const right = await check(pin)
        if (right.ok) enter('unlocked')
        return right
      }),
    lock() {
      if (state === 'unlocked') enter('locked')
    },
    forget() {
      appStore.removeState(stateKey)
      enter('none')
    },
  }
}
