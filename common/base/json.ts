/**
 * JSON from strangers. Depth is checked before anything is built (section 4 of our protocol reading: 32), keys that
 * could reach a prototype are left out, an integer that a JavaScript number cannot hold stays its decimal text (64-bit
 * ids and sequences), and a text that is no JSON is `undefined`, never an exception.
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

export const maxJsonDepth = 32

/** True when brackets outside strings nest deeper than `limit`. One pass, no allocation. */
export function nestsDeeperThan(text: string, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (inString) {
      if (code === 0x5c) index++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return false
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])
/** A cheap look that spares the slow reviver nearly always; an escaped letter could spell a forbidden key. */
const suspicious = /__proto__|constructor|prototype|\\u|\d{16}/

function revive(key: string, value: Json, context?: { readonly source?: string }): Json | undefined {
  if (forbiddenKeys.has(key)) return undefined
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?\d+$/.test(source) ? source : value
}

/** Parsed value, or `undefined` for text that is not JSON or nests deeper than `maxJsonDepth`. */
export function parseJson(text: string): Json | undefined {
  if (nestsDeeperThan(text, maxJsonDepth)) return undefined
  try {
    if (!suspicious.test(text)) return JSON.parse(text) as Json
    return JSON.parse(text, revive) as Json
  } catch {
    return undefined
  }
}

/** Parsed JSON object, or `undefined` for anything else. */
export function parseJsonObject(text: string): JsonObject | undefined {
  const value = parseJson(text)
  return isJsonObject(value) ? value : undefined
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A non-empty string; a finite number is read as its decimal text, because servers disagree on ids. */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return undefined
}

/** A finite number, also from its decimal text. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

export function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined
}

/** Milliseconds since 1970 from a number (ms) or an ISO 8601 text; `undefined` for anything else. */
export function timeOf(value: Json | undefined): number | undefined {
  const number = numberOf(value)
  if (number !== undefined) return Number.isSafeInteger(Math.trunc(number)) ? Math.trunc(number) : undefined
  if (typeof value !== 'string') return undefined
  const parsed = Date.parse(value)
  return Number.isNaN(parsed) ? undefined : parsed
}
