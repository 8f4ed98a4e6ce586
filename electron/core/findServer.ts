/**
 * Which server a person means: the address, the dialects and paths it may have, and the way that leads there. It owns
 * nothing and keeps nothing. It must never try on where the place itself cannot be reached, nor say more than who the
 * user is.
 */
import type { ErrorCode } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import { type DialectName, type Profile, dialectNames } from '#common/domain/account.ts'
import { hasPath } from './address.ts'
import { createEndpoint } from './endpoint.ts'
import type { Dialect } from './ports/dialect.ts'
import type { Random } from './ports/platform.ts'
import type { Transport, Way } from './ports/transport.ts'
import { probe } from './probe.ts'
import { heldWay } from './wayMemory.ts'

interface FindServerOptions {
  readonly dialects: Readonly<Record<DialectName, Dialect>>
  readonly transport: Transport
  readonly random: Random
}

/** Nothing that speaks any protocol answers there: no use in trying the next one. */
const noServerThere: ReadonlySet<ErrorCode> = new Set([
  'link.refused',
  'link.timedOut',
  'link.notPermitted',
  'link.invalid',
  'link.notFound',
  'link.tls',
  'link.tlsExpired',
  'link.tlsHost',
  'link.tlsUntrusted',
  'link.proxy',
  'link.proxyUnsupported',
  'link.noAnswer',
  'link.offline',
])

/** Of two reasons why signing in failed, the one that helps more; the earlier one of equals. */
function moreTelling(a: Result<never>, b: Result<never>): Result<never> {
  const worth = (result: Result<never>): number => {
    if (result.ok) return 0
    const { code } = result.error
    if (code.startsWith('session.')) return 4
    if (noServerThere.has(code)) return 3
    if (code.startsWith('account.')) return 2
    return code === 'link.unreachable' ? 0 : 1
  }
  return worth(b) > worth(a) ? b : a
}

/**
 * The first place at the address that takes the user; a place is tried with a connection that says and subscribes to
 * nothing. Fails with the reason that helps most.
 */
export async function findServer(
  { dialects, transport, random }: FindServerOptions,
  address: string,
  wanted: DialectName | undefined,
  { userId, token, appKey }: { userId: string; token: string; appKey?: string },
): Promise<Result<{ profile: Profile; way: Way | null }>> {
  const named = dialectNames.filter((name) => dialects[name].defaultPaths.some((path) => address.endsWith(path)))
  let problem: Result<never> = fail('link.unreachable')
  for (const name of wanted !== undefined ? [wanted] : named.length > 0 ? named : dialectNames) {
    const dialect = dialects[name]
    const profile = { dialect: name, userId, ...(appKey === undefined ? {} : { appKey }), deviceId: random.uuid() }
    const credentials = dialect.checkCredentials(profile, token)
    if (!credentials.ok) {
      problem = moreTelling(problem, credentials)
      continue
    }
    for (const path of hasPath(address) ? [''] : dialect.defaultPaths) {
      const candidate: Profile = { ...profile, url: address + path }
      const memory = heldWay()
      const answer = await probe(createEndpoint({ transport, memory }), dialect, candidate, token)
      if (answer.ok) return ok({ profile: candidate, way: memory.way })
      problem = moreTelling(problem, answer)
      if (noServerThere.has(answer.error.code)) return problem
    }
  }
  return problem
}
