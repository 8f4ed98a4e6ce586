/** The link is cut, five messages are written, the app is quit and started, the link comes back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultProxy, createFaultProxy } from '../faults/proxy.ts'
import { accountDatabase, disagreements } from '../oracle.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import type { DialectName } from '../server/types.ts'
import { cutLinkWords, tellCutLink } from './cutLink.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

describe.each(backends())('$name', (backend) => {
  describe.skipIf(backend.missing !== null).each<DialectName>(['im2', 'xuqm'])(
    `a cut link ${backendTitle(backend)}, %s`,
    (dialect) => {
      const dir = mkdtempSync(join(tmpdir(), 'godwit-cut-'))
      let server: DemoServer
      let proxy: FaultProxy
      let alice: Person

      beforeAll(async () => {
        server = await createDemoServer({ dialects: [dialect] })
        proxy = await createFaultProxy(server.port)
        alice = new Person({
          server,
          dialect,
          userId: 'alice',
          dir,
          backend: backend.name,
          configure: (account) => ({ ...account, url: proxy.through(account.url) }),
        })
        await alice.start()
        await alice.isOnline()
        await alice.startsChatWith('bob')
      })
      afterAll(async () => {
        await alice.quit()
        await proxy.close()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('tells the truth in plain words at each turn, and sends each message once and in order', async () => {
        await tellCutLink({
          writer: alice,
          proxy,
          conversation: 'Bob Keller',
          at: async (moment) => {
            if (moment === 'restored') {
              await alice.isOnline()
              return
            }
            await alice.seesStatus(/Offline|Connecting/)
            expect(server.messages(dialect)).toEqual([])
            expect(await alice.page.locator('.banner').innerText()).toMatch(/Next try in|Trying again/)
            if (moment === 'cut') return
            expect(await alice.message('Five').innerText()).toContain('Waiting for the connection')
          },
        })
        const sent = server.messages(dialect).filter(({ senderId }) => senderId === 'alice')
        expect(sent.map(({ content }) => cutLinkWords.find((words) => content.includes(words)))).toEqual(cutLinkWords)
        await alice.quit()
        expect(disagreements(server.messages(dialect), accountDatabase(alice.dataDir), 'alice')).toEqual([])
      })
    },
  )
})
