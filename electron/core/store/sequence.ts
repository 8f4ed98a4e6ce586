/**
 * Values from servers, brought into the one form that is stored. What has no such form counts as not given: a strange
 * number must not cost the message that carries it.
 */
import { pendingSequence } from '#common/domain/message.ts'

const digits = /^\d{1,19}$/

/** Ids of our own making start with it, so that no server's id can be taken for one. */
export const reservedIdPrefix = '\u001f'

/** Shortest decimal form of a sequence from 0 to the largest int64, or null. */
export function cleanSequence(sequence: string | null): string | null {
  if (sequence === null || !digits.test(sequence)) return null
  if (sequence.length < 19 && (sequence.length === 1 || sequence.charCodeAt(0) !== 48)) return sequence
  const shortest = BigInt(sequence).toString()
  return shortest.length < 19 || shortest <= pendingSequence ? shortest : null
}

/** Whole milliseconds, or null. */
export function cleanTime(time: number | null): number | null {
  if (time === null) return null
  const whole = Math.trunc(time)
  return Number.isSafeInteger(whole) ? whole : null
}

/** A server's or client's id, or null for an empty one or one in our own namespace. */
export function cleanId(id: string | null | undefined): string | null {
  return id === null || id === undefined || id === '' || id.startsWith(reservedIdPrefix) ? null : id
}

/** Negative, zero or positive; both in shortest form. */
export function compareSequences(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a === b ? 0 : a < b ? -1 : 1
}

/** 53 bits of a text, for telling frames apart that carry no id; not for anything a stranger must not forge. */
export function textHash(text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36)
}
