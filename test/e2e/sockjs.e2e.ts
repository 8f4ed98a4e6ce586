/**
 * A server whose endpoints take no plain WebSocket, reached by SockJS alone, or by SockJS over plain HTTP alone: two
 * people chat on both protocols, lose nothing while the server is away, and find their way at once after a restart.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountDatabase, disagreements } from '../oracle.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import type { SockJsTransport } from '../server/transport.ts'
import type { DialectName } from '../server/types.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

interface Case {
  readonly dialect: DialectName
  readonly title: string
  readonly sockJsTransports: readonly SockJsTransport[]
  readonly way: string
}

const sockJs = {
  title: 'SockJS',
  sockJsTransports: ['websocket', 'xhr_streaming', 'xhr'],
  way: 'sockJsWebSocket',
} as const
/** The ways are below the protocols, and know nothing of them. */
const cases: readonly Case[] = [
  { dialect: 'im2', ...sockJs },
  { dialect: 'xuqm', ...sockJs },
  { dialect: 'im2', title: 'xhr streaming', sockJsTransports: ['xhr_streaming', 'xhr'], way: 'sockJsStreaming' },
  { dialect: 'xuqm', title: 'xhr polling', sockJsTransports: ['xhr'], way: 'sockJsPolling' },
]

/** What the app wrote down about its way to the server. */
function rememberedWays(dataDir: string): unknown[] {
  const database = new Database(join(dataDir, 'app.db'), { readonly: true, fileMustExist: true })
  try {
    return database.prepare("SELECT value FROM window_state WHERE key LIKE 'way:%'").pluck().all()
  } finally {
    database.close()
  }
}

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe.each(cases)('two people on $dialect where only $title answers', ({ dialect, sockJsTransports, way }) => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let bob: Person

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-e2e-'))
        server = await createDemoServer({ dialects: [dialect], plainWebSocket: false, sockJsTransports })
        alice = new Person({ server, dialect, userId: 'alice', dir, backend: backend.name })
        bob = new Person({ server, dialect, userId: 'bob', dir, backend: backend.name })
        await Promise.all([alice.start(), bob.start()])
      })

      afterAll(async () => {
        await Promise.all([alice.quit(), bob.quit()])
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('come online', async () => {
        await Promise.all([alice.isOnline(), bob.isOnline()])
        expect(server.control.sessions().map(({ transport }) => transport)).toEqual(['sockjs', 'sockjs'])
      })

      it('chat, privately and in a group', async () => {
        await alice.startsChatWith('bob')
        await alice.says('Hello Bob, 你好 👋')
        await alice.hasDelivered('Hello Bob, 你好 👋')
        await bob.opens('Alice Hart')
        await bob.sees('Hello Bob, 你好 👋')
        await bob.says('“Reading” you \\ loud and clear')
        await alice.sees('“Reading” you \\ loud and clear')
        await Promise.all([alice.opens('Release crew'), bob.opens('Release crew')])
        await bob.says('发布吧')
        await alice.sees('发布吧')
      })

      it('write while the server is away: delivered once, in order, when it is back', async () => {
        await Promise.all([alice.opens('Bob Keller'), bob.opens('Alice Hart')])
        await server.stop()
        await alice.seesStatus('Offline')
        for (const text of ['first in the dark', 'second in the dark']) await alice.says(text)
        await server.start()
        await Promise.all([alice.triesNow(), bob.triesNow()])
        await bob.sees('second in the dark')
        await alice.hasDelivered('second in the dark')
        const seen = (await bob.transcript()).filter((line) => line.includes('in the dark'))
        expect(seen).toEqual(
          ['first', 'second'].map((word) => expect.stringContaining(`${word} in the dark`) as string),
        )
      })

      it('find the same way after a restart', async () => {
        await alice.quit()
        expect(rememberedWays(alice.dataDir)).toEqual([JSON.stringify(way)])
        await alice.start()
        await alice.isOnline()
        await alice.opens('Bob Keller')
        await alice.says('Here again')
        await bob.sees('Here again')
        await alice.hasDelivered('Here again')
      })

      it('the server saw nothing that its document does not allow, and both databases agree with it', async () => {
        expect(server.violations()).toEqual([])
        await Promise.all([alice.quit(), bob.quit()])
        for (const person of [alice, bob]) {
          const file = accountDatabase(person.dataDir)
          expect(disagreements(server.messages(dialect), file, person.userId)).toEqual([])
        }
      })
    })
  })
}
