/** Damaged messages, as a person meets them: told in plain words, repaired with a button, nothing that waited is lost. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { messagesFile } from './messagesFile.ts'
import { Person } from './person.ts'

const pageBytes = 4096

/** The pages of an index the timeline is read by become noise, and a log is left as a killed program leaves it. */
function damage(file: string): void {
  const database = new Database(file)
  const pages = database
    .prepare<[], number>("SELECT pageno FROM dbstat WHERE name IN ('messages_order', 'messages_server_id')")
    .pluck()
    .all()
  database.close()
  const bytes = readFileSync(file)
  for (const page of pages) bytes.fill(0xa5, (page - 1) * pageBytes, page * pageBytes)
  writeFileSync(file, bytes)
  writeFileSync(`${file}-wal`, Buffer.alloc(8))
}

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(`damaged messages ${backendTitle(backend)}`, () => {
    let dir: string
    let server: DemoServer
    let alice: Person

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-storage-'))
      server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
      alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
    })
    afterAll(async () => {
      await alice.quit()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('are told about, repaired on request, and what waited goes out', async () => {
      await alice.start()
      await alice.isOnline()
      await alice.opens('Release crew')
      await server.stop()
      await alice.seesStatus('Offline')
      await alice.says('written before the damage')
      await alice.drafts('half a thought')
      await alice.quit()
      damage(messagesFile(alice.dataDir))

      await alice.start()
      const trouble = alice.page.getByRole('region', { name: 'Stored messages' })
      await trouble.getByRole('heading', { name: /The stored messages are damaged/ }).waitFor()
      await trouble.getByRole('button', { name: 'Repair and keep the old file' }).click()
      const report = alice.page.getByRole('region', { name: 'Repair of the stored messages' })
      await report.waitFor()
      expect(await report.innerText()).toMatch(/1 unsent item, 1 draft, \d+ messages in \d+ chats/)
      const kept = readdirSync(join(messagesFile(alice.dataDir), '..')).filter((name) => name.includes('damaged'))
      expect(kept).not.toEqual([])

      await alice.opens('Release crew')
      expect(await alice.composer().inputValue()).toBe('half a thought')
      await server.start()
      await alice.hasDelivered('written before the damage')
      const sent = server.messages().filter(({ content }) => content.includes('written before the damage'))
      expect(sent).toHaveLength(1)
    })
  })
}
