/** What the doctor needs of the world: the messenger's own transport, with windows in it. */
import type { Result } from '#common/base/result.ts'
import type { Profile } from '#common/domain/account.ts'
import type { Dialect } from '../ports/dialect.ts'
import type { LinkOptions, Transport, Way } from '../ports/transport.ts'

/** What is seen beneath a link while it is made, in this order; anything may come again for the next socket. */
export interface LinkWatch {
  /** A name was looked up; `address` is the first that it has. */
  onName(found: { readonly host: string; readonly address: string }): void
  /** The address is a number: there is nothing to look up. */
  onNumber(): void
  /** TCP stands, to the server or to the proxy named (`host:port`). */
  onConnected(to: { readonly address: string; readonly proxy: string | null }): void
  /** The proxy lets us through. */
  onTunnel(): void
  onSecured(tls: SecuredBy): void
}

export interface SecuredBy {
  /** `TLSv1.3` */
  readonly protocol: string
  /** Who says that the server is who it is. */
  readonly issuer: string
  /** When the certificate ends, ms since 1970; NaN where it cannot be read. */
  readonly validUntil: number
}

/** A transport for one examination. */
export type OpenWatched = (watch: LinkWatch) => Transport

/** An account as the doctor sees it: how to reach its server, and its running session if there is one. */
export interface Patient {
  /** Of a device of its own, so that the account's connection is not taken for replaced. May hold a token. */
  link(): Pick<LinkOptions, 'url' | 'connectHeaders' | 'heartbeat'>
  readonly readError: Dialect['readError']
  readonly fixedTransport: Profile['transport']
  /** The way that led to the server last time. */
  rememberedWay(): Way | null
  /** Asks over the living connection; see `Session.echo`. */
  echo(): Promise<Result<Echo>>
}

export interface Echo {
  readonly roundTripMs: number
  /** Server's clock less ours, ms; null where it does not tell its time. */
  readonly clockOffsetMs: number | null
}
