/**
 * Tokens of the shape `x.y.z` (section 10.4 of the im2 document), signed so that a forged one is recognised.
 *
 * The secret is fixed unless given: demo tokens outlive a restart of the demo server. Never use this for anything real.
 */
import { createHmac, randomUUID } from 'node:crypto'

export interface TokenClaims {
  readonly userId: string
  readonly deviceId: string | null
  /** Unix milliseconds. */
  readonly expiresAt: number | null
}

export type TokenCheck =
  { readonly ok: true; readonly claims: TokenClaims } | { readonly ok: false; readonly reason: string }

export interface IssueOptions {
  readonly ttlMs?: number | undefined
  /** Tells the devices of one user apart where the protocol has no device id (xuqm). */
  readonly deviceId?: string | undefined
}

export interface Tokens {
  issue(userId: string, options?: IssueOptions): string
  check(token: string): TokenCheck
  /** From now on this token is expired. */
  expire(token: string): void
  /** From now on every token issued to the user so far is expired. */
  expireAll(userId: string): void
}

const shape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

export function createTokens(options: { readonly now: () => number; readonly secret?: string | undefined }): Tokens {
  const secret = options.secret ?? 'demo-server-secret'
  const generations = new Map<string, number>()
  const expired = new Set<string>()
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url')

  return {
    issue(userId, { ttlMs, deviceId } = {}) {
      const now = options.now()
      const payload = {
        sub: userId,
        dev: deviceId ?? null,
        iat: now,
        exp: ttlMs === undefined ? null : now + ttlMs,
        gen: generations.get(userId) ?? 0,
        jti: randomUUID(),
      }
      const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`
      return `${text}.${sign(text)}`
    },
    check(token) {
      if (token === '') return { ok: false, reason: 'token is empty' }
      if (!shape.test(token)) return { ok: false, reason: 'token is not of the form x.y.z' }
      const cut = token.lastIndexOf('.')
      const text = token.slice(0, cut)
      if (sign(text) !== token.slice(cut + 1)) return { ok: false, reason: 'token signature is wrong' }
      const payload: unknown = JSON.parse(Buffer.from(text.slice(text.indexOf('.') + 1), 'base64url').toString())
      if (!isPayload(payload)) return { ok: false, reason: 'token payload is wrong' }
      const stale = payload.gen < (generations.get(payload.sub) ?? 0)
      if (stale || expired.has(token) || (payload.exp !== null && payload.exp <= options.now())) {
        return { ok: false, reason: 'token is expired' }
      }
      return { ok: true, claims: { userId: payload.sub, deviceId: payload.dev, expiresAt: payload.exp } }
    },
    expire(token) {
      expired.add(token)
    },
    expireAll(userId) {
      generations.set(userId, (generations.get(userId) ?? 0) + 1)
    },
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function isPayload(value: unknown): value is { sub: string; dev: string | null; exp: number | null; gen: number } {
  if (typeof value !== 'object' || value === null) return false
  return 'sub' in value && typeof value.sub === 'string' && 'exp' in value && 'gen' in value && 'dev' in value
}
