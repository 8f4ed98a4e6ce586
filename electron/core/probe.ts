/** One throw-away connection that finds out whether a server takes this user: used by signing in, before anything is stored. */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Profile } from '#common/domain/account.ts'
import type { Dialect } from './ports/dialect.ts'
import type { Link, Transport } from './ports/transport.ts'

export const probeTimeoutMs = 10_000

export function probe(transport: Transport, dialect: Dialect, profile: Profile, token: string): Promise<Result<null>> {
  return new Promise((resolve) => {
    const link: Link = transport.open(
      { ...dialect.link(profile, token), connectTimeoutMs: probeTimeoutMs },
      {
        onOpen: () => undefined,
        onConnected: () => {
          resolve(ok(null))
          link.close()
        },
        onFrame: () => undefined,
        onReceipt: () => undefined,
        onAlive: () => undefined,
        onEnd: ({ problem, serverError }) => {
          const { code, detail, data } = serverError === null ? problem : dialect.readError(serverError)
          resolve(fail(code, detail, data))
        },
      },
    )
  })
}
