/** The lock: what a page may ask about it, and what it is told. A PIN goes to main only, and never comes back. */
import * as v from 'valibot'

export const pinLength = { least: 4, most: 32 } as const

export const lockStatusSchema = v.object({
  /** `none`: there is no PIN. */
  state: v.picklist(['none', 'unlocked', 'locked']),
  /** After too many wrong PINs: no other is tried before, ms since 1970 by the local clock. */
  waitUntil: v.nullable(v.number()),
})
export type LockStatus = v.InferOutput<typeof lockStatusSchema>

const newPin = v.pipe(v.string(), v.minLength(pinLength.least), v.maxLength(pinLength.most))
/** As somebody typed it. */
const triedPin = v.pipe(v.string(), v.maxLength(200))
const nothing = v.object({})

export const lockCalls = {
  /** `oldPin`: of the PIN there is; null where there is none. */
  'lock.set': { input: v.object({ newPin, oldPin: v.nullable(triedPin) }), output: nothing },
  'lock.remove': { input: v.object({ pin: triedPin }), output: nothing },
  'lock.now': { input: nothing, output: nothing },
  /** Of a page that was there when it was locked: all that it held is with main, and it may begin anew. */
  'lock.parted': { input: nothing, output: nothing },
  'lock.unlock': { input: v.object({ pin: triedPin }), output: nothing },
  /** Signs every account out of this computer, with all that is stored; then there is no PIN any more. */
  'lock.forget': { input: nothing, output: nothing },
} as const
