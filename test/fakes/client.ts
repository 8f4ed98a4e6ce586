/** A client without a window: real dialect, real socket, real SQLite, driven by a test. */
import { systemClock, systemRandom } from '#electron/adapters/clock/systemClock.ts'
import { createStompTransport } from '#electron/adapters/stomp/transport.ts'
import type { Dialect } from '#electron/core/ports/dialect.ts'
import type { Clock, Log, Random } from '#electron/core/ports/platform.ts'
import type { Store } from '#electron/core/ports/store.ts'
import type { Transport } from '#electron/core/ports/transport.ts'
import { Session } from '#electron/core/session.ts'
import { dialects } from '#electron/dialect/registry.ts'
import type { Profile } from '#common/domain/account.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { ConnectionState, ConnectionStatus } from '#common/domain/connection.ts'
import type { Message } from '#common/domain/message.ts'
import type { DialectName } from '#test/server/types.ts'
import { silentLog } from './fakeTransport.ts'

export interface ClientOptions {
  readonly dialect: DialectName
  readonly userId: string
  readonly url: string
  readonly appKey: string
  readonly token: () => string | null
  readonly store: Store
  readonly deviceId?: string
  readonly groups?: Profile['groups']
  readonly clock?: Clock
  readonly random?: Random
  readonly log?: Log
  /** STOMP heart-beats asked for instead of the dialect's own, ms both ways; a dialect that asks for none keeps to it. */
  readonly heartbeatMs?: number
  readonly wrapDialect?: (dialect: Dialect) => Dialect
  /** Between the session and its links. */
  readonly wrapTransport?: (transport: Transport) => Transport
  /** Change sets are kept without their rows: for a look at the memory of the rest. */
  readonly forgetsRows?: boolean
}

export interface Client {
  readonly userId: string
  readonly session: Session
  /** Faults on links, but for bytes that were skipped: a defect of ours. */
  readonly faults: unknown[]
  readonly changes: ChangeSet[]
  /** Every state the connection was in, with the time by `performance.now()`. */
  readonly states: { readonly at: number; readonly status: ConnectionStatus }[]
  reaches(state: ConnectionState): Promise<void>
  /** Opens the chat with a person, or with a group. */
  opens(target: { readonly person: string } | { readonly group: string }): Promise<string>
  /** Resolves with the message's number once it is stored. */
  says(conversationId: string, text: string): Promise<number>
  /** The newest messages of a conversation, oldest first, at most 200. */
  reads(conversationId: string): Promise<readonly Message[]>
  close(): Promise<void>
}

export async function startClient(options: ClientOptions): Promise<Client> {
  const { userId, store, token, clock = systemClock, random = systemRandom, log = silentLog } = options
  const faults: unknown[] = []
  const changes: ChangeSet[] = []
  const states: Client['states'] = []
  const transport = createStompTransport({
    onFault: (fault) => fault.fault === 'bytesSkipped' || faults.push(fault),
    clock,
  })
  const dialect = beating(dialects[options.dialect], options.heartbeatMs)
  const session = new Session({
    profile: {
      dialect: options.dialect,
      url: options.url,
      userId,
      deviceId: options.deviceId ?? `device-${userId}`,
      appKey: options.appKey,
      ...(options.groups !== undefined && { groups: options.groups }),
    },
    dialect: options.wrapDialect?.(dialect) ?? dialect,
    store,
    transport: options.wrapTransport?.(transport) ?? transport,
    clock,
    random,
    log,
    token,
    onRefused: () => undefined,
  })
  session.onChanges((set) => changes.push(options.forgetsRows === true ? emptied(set) : set))
  session.onConnection((status) => states.push({ at: performance.now(), status }))
  await session.start()
  return {
    userId,
    session,
    faults,
    changes,
    states,
    reaches: (state) =>
      new Promise((resolve) => {
        if (session.connection.state === state) return resolve()
        const listening = session.onConnection((status) => {
          if (status.state !== state) return
          listening.dispose()
          resolve()
        })
      }),
    opens: async (target) => {
      const ref =
        'person' in target
          ? ({ kind: 'direct', peerId: target.person } as const)
          : ({ kind: 'group', groupId: target.group } as const)
      const opened = session.changed(await store.openConversation(ref, clock.now()))
      await session.refreshGroups()
      return opened.id
    },
    says: async (conversationId, text) => {
      const sent = await store.send({
        conversationId,
        content: { kind: 'text', text },
        clientId: random.uuid(),
        at: clock.now(),
      })
      if (!sent.ok) throw new Error(sent.error.code)
      session.nudge()
      return session.changed(sent.value).messageId
    },
    reads: async (conversationId) => {
      const page = await store.page(conversationId, { at: 'newest' }, 200)
      return page.ok ? page.value.messages : []
    },
    close: () => session.close(),
  }
}

function emptied({ number }: ChangeSet): ChangeSet {
  return { number, conversations: [], messages: [], inserted: [], people: [], notices: [], policy: null, holes: [] }
}

function beating(dialect: Dialect, heartbeatMs: number | undefined): Dialect {
  if (heartbeatMs === undefined) return dialect
  return {
    ...dialect,
    link: (profile, token) => {
      const link = dialect.link(profile, token)
      if (link.heartbeat.incomingMs === 0) return link
      return { ...link, heartbeat: { outgoingMs: heartbeatMs, incomingMs: heartbeatMs } }
    },
  }
}
