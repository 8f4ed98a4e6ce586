/** Small readers that every dialect needs for values from strangers. All are total: a bad value is an absent one. */
import { createHash } from 'node:crypto'
import { type Json, type JsonObject, textOf, timeOf } from '#common/base/json.ts'

/** Frames and bodies above this are not looked into (section 4 of our protocol reading). */
export const maxBodyBytes = 4 * 1024 * 1024
/** Ids are names, not texts. */
export const maxIdLength = 512
/** What is kept of a content nobody understood. */
const maxRawBytes = 16 * 1024
/** The last millisecond a JavaScript date can name. */
const maxTime = 8_640_000_000_000_000

const maxInt64 = '9223372036854775807'

/** The first of the named fields that holds words or a number, as text. */
export function firstText(object: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(object[name])
    if (text !== undefined) return text
  }
  return undefined
}

/** The first of the named fields that holds a time, in ms since 1970. */
export function firstTime(object: JsonObject, ...names: readonly string[]): number | null {
  for (const name of names) {
    const time = timeIn(object[name])
    if (time !== null) return time
  }
  return null
}

/** Ms since 1970 from a number or an ISO text; 0, negative and impossible times are none. */
export function timeIn(value: Json | undefined): number | null {
  const time = timeOf(value)
  return time !== undefined && time > 0 && time <= maxTime ? time : null
}

/** A positive decimal int64 without leading zeros; anything else is no place in a numbering. */
export function sequenceIn(value: Json | undefined): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null
  if (typeof value !== 'string') return null
  const digits = /^0*([1-9]\d{0,18})$/.exec(value)?.[1]
  if (digits === undefined) return null
  return digits.length < maxInt64.length || digits <= maxInt64 ? digits : null
}

/** A 64-bit integer in two halves, as protobuf libraries carry it. */
export interface Halves {
  readonly low: number
  readonly high: number
  toString(): string
}

export function sequenceOfHalves(value: Halves): string | null {
  if (value.high < 0 || (value.high === 0 && value.low === 0)) return null
  return value.high < 0x20_0000 ? String(exactNumber(value)) : value.toString()
}

export function timeOfHalves(value: Halves): number | null {
  if (value.high < 0 || value.high >= 0x20_0000) return null
  const time = exactNumber(value)
  return time > 0 && time <= maxTime ? time : null
}

/** Exact only below 2^53. */
function exactNumber({ high, low }: Halves): number {
  return high * 0x1_0000_0000 + (low >>> 0)
}

/** At most 16 KiB of UTF-8, cut between characters. */
export function capped(text: string): string {
  if (text.length * 3 <= maxRawBytes) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= maxRawBytes) return text
  let end = maxRawBytes
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}

/** The same facts give the same name, for events a server does not number. */
export function stableId(...facts: readonly (string | number | null)[]): string {
  return `#${createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 24)}`
}

/** The bytes as text, without copying them first; wrong UTF-8 becomes replacement characters. */
export function textOfBody(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
}
