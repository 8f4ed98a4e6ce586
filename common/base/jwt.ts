/** What a token says of its own life. Nothing is verified here: the server does that; this only helps to ask in time. */
import { numberOf, parseJsonObject } from './json.ts'

export interface TokenTimes {
  /** Ms since 1970; null where the token does not say. */
  readonly issuedAt: number | null
  readonly expiresAt: number
}

/** Seconds since 1970 (RFC 7519) stay below this for millennia; servers that count milliseconds are above it. */
const leastMilliseconds = 100_000_000_000

function timeIn(value: number | undefined): number | null {
  if (value === undefined || value <= 0) return null
  return value < leastMilliseconds ? value * 1000 : value
}

/** `undefined` for a token that is no JWT or names no end. */
export function tokenTimes(token: string): TokenTimes | undefined {
  const payload = token.split('.')[1]
  if (payload === undefined || !/^[A-Za-z0-9_-]+$/.test(payload)) return undefined
  const claims = parseJsonObject(textOfBase64Url(payload))
  const expiresAt = timeIn(numberOf(claims?.['exp']))
  return expiresAt === null ? undefined : { issuedAt: timeIn(numberOf(claims?.['iat'])), expiresAt }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The claims we look for are ASCII; other bytes only have to do no harm. */
function textOfBase64Url(encoded: string): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const character of encoded) {
    bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    text += String.fromCharCode((bits >> held) & 0xff)
  }
  return text
}
