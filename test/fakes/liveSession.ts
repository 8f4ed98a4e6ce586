/** A session without a window: real dialect, real socket, real SQLite, against a server on loopback. */
import { systemClock, systemRandom } from '#electron/adapters/clock/systemClock.ts'
import { createStompTransport } from '#electron/adapters/stomp/transport.ts'
import { Session } from '#electron/core/session.ts'
import { dialects } from '#electron/dialect/registry.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { ConnectionState } from '#common/domain/connection.ts'
import type { Message } from '#common/domain/message.ts'
import type { DemoServer } from '#test/server/server.ts'
import type { DialectName } from '#test/server/types.ts'
import { silentLog } from './fakeTransport.ts'
import { type MemoryStore, openMemoryStore } from './memoryStore.ts'

export interface LiveSession {
  readonly session: Session
  readonly inside: MemoryStore['inside']
  readonly faults: unknown[]
  readonly changes: ChangeSet[]
  /** The newest messages of a conversation, oldest first. */
  timeline(conversationId: string): readonly Message[]
  reaches(state: ConnectionState): Promise<void>
  says(conversationId: string, text: string): Promise<number>
  close(): Promise<void>
}

export interface LiveSessionOptions {
  readonly server: Pick<DemoServer, 'url' | 'issueToken' | 'appKey'>
  readonly dialect: DialectName
  readonly userId: string
  /** A function is asked at every connect. */
  readonly token?: string | (() => string)
  readonly url?: string
}

export async function startSession({ server, dialect, userId, token, url }: LiveSessionOptions): Promise<LiveSession> {
  const { store, inside } = openMemoryStore(userId)
  const faults: unknown[] = []
  const changes: ChangeSet[] = []
  const secret = token ?? server.issueToken(userId)
  const session = new Session({
    profile: { dialect, url: url ?? server.url(dialect), userId, deviceId: `device-${userId}`, appKey: server.appKey },
    dialect: dialects[dialect],
    store,
    transport: createStompTransport({ onFault: (fault) => fault.fault === 'bytesSkipped' || faults.push(fault) }),
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    token: typeof secret === 'function' ? secret : () => secret,
    onRefused: () => undefined,
  })
  session.onChanges((set) => changes.push(set))
  await session.start()
  return {
    session,
    inside,
    faults,
    changes,
    timeline: (conversationId) => {
      const page = inside.page(conversationId, { at: 'newest' }, 200)
      return page.ok ? page.value.messages : []
    },
    reaches: (state) =>
      new Promise((resolve) => {
        if (session.connection.state === state) return resolve()
        const listening = session.onConnection((status) => {
          if (status.state !== state) return
          listening.dispose()
          resolve()
        })
      }),
    says: async (conversationId, text) => {
      const sent = await session.store.send({
        conversationId,
        content: { kind: 'text', text },
        clientId: systemRandom.uuid(),
        at: systemClock.now(),
      })
      if (!sent.ok) throw new Error(sent.error.code)
      session.nudge()
      return session.changed(sent.value).messageId
    },
    close: () => session.close(),
  }
}
