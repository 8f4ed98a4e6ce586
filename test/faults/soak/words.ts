/** What the soak and the process of its clients say to each other. Types only. */
import type { DialectName } from '#test/server/types.ts'

export interface SoakClient {
  readonly userId: string
  readonly dialect: DialectName
  /** Through the proxy. */
  readonly url: string
  readonly appKey: string
  readonly token: string
  /** Its database. */
  readonly file: string
  readonly seed: number
}

export type ToClients =
  | {
      readonly say: 'begin'
      readonly clients: readonly SoakClient[]
      readonly peers: readonly string[]
      readonly groups: readonly string[]
      readonly messagesPerSecond: number
    }
  /** Closed in good order and started again on its file. */
  | { readonly say: 'restart'; readonly userId: string }
  /** The thread of its database is ended. */
  | { readonly say: 'endThread'; readonly userId: string }
  | { readonly say: 'report' }
  /** Nothing more is composed; everything is sent, every client syncs once more and closes. */
  | { readonly say: 'end' }

export interface ClientsReport {
  readonly say: 'report'
  readonly rss: number
  /** Bytes after collecting garbage, the least of some looks. */
  readonly heap: number
  /** Of the databases' threads, uncollected. */
  readonly threadsHeap: number
  readonly outbox: number
  /** Highest numbers of rows, together. */
  readonly rows: number
  readonly composed: number
  readonly refused: number
}

export type FromClients =
  | { readonly say: 'began' }
  | ClientsReport
  /** `defects`: what no client may meet. */
  | { readonly say: 'ended'; readonly defects: readonly string[] }
