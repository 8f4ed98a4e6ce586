/**
 * Two people, each with an app and a data folder of their own, talk through the demo server on both protocols: the main
 * job, through edits, recalls, a server that goes away, and restarts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountDatabase, disagreements } from '../oracle.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import type { DialectName } from '../server/types.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

const dialects: readonly { name: DialectName; edits: boolean }[] = [
  { name: 'im2', edits: true },
  { name: 'xuqm', edits: false },
]

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe.each(dialects)('two people on $name', ({ name: dialect, edits }) => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let bob: Person

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-e2e-'))
        server = await createDemoServer({ dialects: [dialect] })
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
      })

      it('chat privately, each seeing the other at once', async () => {
        await alice.startsChatWith('bob')
        await alice.says('Hello Bob, 你好')
        await alice.hasDelivered('Hello Bob, 你好')
        await bob.opens('Alice Hart')
        await bob.sees('Hello Bob, 你好')
        await bob.says('Hi Alice, reading you')
        await alice.sees('Hi Alice, reading you')
      })

      it('quote', async () => {
        await bob.does('Reply', 'Hello Bob, 你好')
        await bob.says('Quoting this')
        await alice.sees('Quoting this')
        expect(await alice.message('Quoting this').innerText()).toContain('Hello Bob, 你好')
      })

      it.runIf(edits)('edit', async () => {
        await alice.says('A tpyo')
        await alice.hasDelivered('A tpyo')
        await bob.sees('A tpyo')
        await alice.does('Edit', 'A tpyo')
        await alice.says('A typo, mended')
        await bob.sees('A typo, mended')
        await expect.poll(() => bob.message('A tpyo').count()).toBe(0)
        expect(await bob.message('A typo, mended').innerText()).toContain('edited')
      })

      it('recall', async () => {
        await alice.says('Said too early')
        await alice.hasDelivered('Said too early')
        await bob.sees('Said too early')
        await alice.does('Recall', 'Said too early')
        await bob.sees('Alice Hart recalled a message')
        await expect.poll(() => bob.message('Said too early').count()).toBe(0)
        await alice.sees('You recalled a message')
      })

      it('talk in a group', async () => {
        await Promise.all([alice.opens('Release crew'), bob.opens('Release crew')])
        await alice.says('Crew, tests are green')
        await bob.sees('Crew, tests are green')
        await bob.says('发布吧')
        await alice.sees('发布吧')
      })

      it('write while the server is away: delivered once, in order, when it is back', async () => {
        await Promise.all([alice.opens('Bob Keller'), bob.opens('Alice Hart')])
        await server.stop()
        await alice.seesStatus('Offline')
        for (const text of ['first in the dark', 'second in the dark', 'third in the dark']) await alice.says(text)
        expect(await alice.message('third in the dark').getAttribute('data-state')).toBe('sending')
        await server.start()
        // By itself on one of them; the other is told to.
        if (dialect === 'im2') await Promise.all([alice.triesNow(), bob.triesNow()])
        await bob.sees('third in the dark')
        await alice.hasDelivered('third in the dark')
        const seen = (await bob.transcript()).filter((line) => line.includes('in the dark'))
        expect(seen).toEqual(
          ['first', 'second', 'third'].map((word) => expect.stringContaining(`${word} in the dark`) as string),
        )
      })

      it('both restart and find everything as it was, nothing twice', async () => {
        const before = { alice: await alice.transcript(), bob: await bob.transcript() }
        await Promise.all([alice.quit(), bob.quit()])
        await Promise.all([alice.start(), bob.start()])
        await Promise.all([alice.isOnline(), bob.isOnline()])
        await Promise.all([alice.opens('Bob Keller'), bob.opens('Alice Hart')])
        await expect.poll(() => alice.transcript()).toEqual(before.alice)
        await expect.poll(() => bob.transcript()).toEqual(before.bob)
        expect(new Set(before.alice).size).toBe(before.alice.length)
      })

      it('a message that came while the app was off is there after its start', async () => {
        await bob.quit()
        await alice.says('Read this when you are back')
        await alice.hasDelivered('Read this when you are back')
        await bob.start()
        await bob.isOnline()
        await bob.opens('Alice Hart')
        await bob.sees('Read this when you are back')
      })

      it('the server saw nothing that its document does not allow', () => {
        expect(server.violations()).toEqual([])
      })

      it('both databases agree with the server, row by row', async () => {
        await Promise.all([alice.quit(), bob.quit()])
        for (const person of [alice, bob]) {
          const file = accountDatabase(person.dataDir)
          expect(disagreements(server.messages(dialect), file, person.userId)).toEqual([])
        }
      })
    })
  })
}
