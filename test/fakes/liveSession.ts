/** A client on a database in memory, which a test may look into at any time. */
import type { Message } from '#common/domain/message.ts'
import type { DemoServer } from '#test/server/server.ts'
import type { DialectName } from '#test/server/types.ts'
import { type Client, startClient } from './client.ts'
import { type MemoryStore, openMemoryStore } from './memoryStore.ts'

export interface LiveSession extends Omit<Client, 'reads' | 'states'> {
  readonly inside: MemoryStore['inside']
  /** The newest messages of a conversation, oldest first. */
  timeline(conversationId: string): readonly Message[]
}

export interface LiveSessionOptions {
  readonly server: Pick<DemoServer, 'url' | 'issueToken' | 'appKey'>
  readonly dialect: DialectName
  readonly userId: string
  /** A function is asked at every connect. */
  readonly token?: string | (() => string | null)
  readonly url?: string
}

export async function startSession({ server, dialect, userId, token, url }: LiveSessionOptions): Promise<LiveSession> {
  const { store, inside } = openMemoryStore(userId)
  const secret = token ?? server.issueToken(userId)
  const client = await startClient({
    dialect,
    userId,
    url: url ?? server.url(dialect),
    appKey: server.appKey,
    token: typeof secret === 'function' ? secret : () => secret,
    store,
  })
  return {
    ...client,
    inside,
    timeline: (conversationId) => {
      const page = inside.page(conversationId, { at: 'newest' }, 200)
      return page.ok ? page.value.messages : []
    },
  }
}
