/** Admin pushes in the real app: what they change is seen at once, says who and why, costs nothing, and can be read later. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoViolations } from '../fakes/strict.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

const long = (word: string): string => `${word} `.repeat(30).trim()
const texts = ['first', 'second', 'third'].map(long)

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('an administrator who changes what is allowed', () => {
      let dir: string
      let server: DemoServer
      let alice: Person

      const sent = (): string[] =>
        server.messages('im2').map(({ content }) => (JSON.parse(content) as { content: string }).content)

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-policy-'))
        server = await createDemoServer({ dialects: ['im2'] })
        alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
        await alice.start()
        await alice.isOnline()
        await alice.startsChatWith('bob')
      })
      afterAll(async () => {
        await alice.quit()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('changes the limit of the composer while something is being written there, and says who and why', async () => {
        await alice.composer().fill('🐦'.repeat(25))
        await expect.poll(() => alice.page.locator('#composer-note').innerText()).toBe('')
        server.control.policy({ maxMessageLength: 20, by: 'bob', reason: 'short week' })
        await expect
          .poll(() => alice.page.locator('#composer-note').innerText())
          .toBe('5 characters too many: 20 is the limit')
        expect(await alice.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
        expect(await alice.composer().inputValue()).toBe('🐦'.repeat(25))
        const banner = alice.page.getByRole('region', { name: 'What you may do has changed' })
        expect(await banner.innerText()).toContain('Bob Keller: short week')
        expect(await banner.innerText()).toMatch(/2,?000 characters → 20 characters/)
        await banner.getByRole('button', { name: 'Dismiss' }).click()
        await banner.waitFor({ state: 'detached' })
        server.control.policy({ maxMessageLength: 2000, by: 'bob', reason: 'over' })
        await expect.poll(() => alice.page.locator('#composer-note').innerText()).toBe('')
        await alice.composer().fill('')
      })

      it('holds three long messages queued offline: none is sent or cut, each says why; raised again, they go in order', async () => {
        await server.stop()
        await alice.seesStatus('Offline')
        for (const text of texts) await alice.says(text)
        server.control.policy({ maxMessageLength: 50, by: 'admin_user', reason: 'short week' })
        await server.start()
        await alice.isOnline()
        for (const text of texts) {
          const row = alice.page.getByRole('article', { name: `You: ${text}`, exact: true })
          await row.getByText(`Waiting: ${text.length} characters; 50 is the limit now.`).waitFor()
          expect(await row.getAttribute('data-state')).toBe('sending')
        }
        expect(sent()).toEqual([])
        server.control.policy({ maxMessageLength: 500, by: 'admin_user', reason: 'over' })
        for (const text of texts) await alice.hasDelivered(text)
        expect(sent()).toEqual(texts)
        await expect.poll(() => alice.page.getByText('is the limit now').count()).toBe(0)
      })

      it('makes the account read-only: the composer closes and says who and why, a draft stays, and it opens again', async () => {
        await alice.drafts('half a thought')
        server.control.permission({ userId: 'alice', permission: 'read_only', by: 'bob', reason: 'audit' })
        await alice.page.getByText('Bob Keller has made this account read-only: audit').waitFor()
        expect(await alice.composer().isDisabled()).toBe(true)
        expect(await alice.composer().inputValue()).toBe('half a thought')
        server.control.permission({ userId: 'alice', permission: 'full_access', by: 'bob', reason: 'audit over' })
        await expect.poll(() => alice.composer().isDisabled()).toBe(false)
        expect(await alice.composer().inputValue()).toBe('half a thought')
      })

      it('can be looked up later, after a restart as well: what, from what to what, who, why', async () => {
        await alice.quit()
        await alice.start()
        await alice.isOnline()
        await alice.goesTo('Announcements')
        await alice.page.getByRole('tab', { name: 'Changes' }).click()
        const history = alice.page.getByRole('region', { name: 'Changes by administrators' })
        await history.waitFor()
        // The server says once more at each sign-in what is in force.
        const told = await history.getByRole('listitem').allInnerTexts()
        const entries = told.filter((entry) => !entry.includes('in force'))
        expect(entries).toHaveLength(6)
        expect(entries[0]).toMatch(/Bob Keller allowed this account to write again[\s\S]*Reason: audit over/)
        expect(entries[1]).toMatch(/Bob Keller made this account read-only[\s\S]*Reason: audit/)
        expect(entries[5]).toMatch(
          /Bob Keller changed the longest message from 2,?000 characters to 20 characters\.[\s\S]*Reason: short week/,
        )
        await alice.goesTo('Chats')
        await alice.opens('Bob Keller')
        expect(await alice.composer().inputValue()).toBe('half a thought')
      })

      it('saw nothing that the document does not allow', () => {
        expectNoViolations(server)
      })
    })
  })
}
