/**
 * What a server says beside messages, as a person meets it in the real app: notices and what they offer, the server's own
 * status, pins, people coming and going, refused messages.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoViolations } from '../fakes/strict.ts'
import { im2Queues } from '../server/im2Events.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../fixtures/documents/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('what the server says', () => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let bob: Person

      const notice = (type: number, messageId: string, content: object): number =>
        server.control.push({
          userId: 'alice',
          destination: im2Queues.notifications,
          envelope: { type, messageId, senderId: 'system', payload: 'notification', content: JSON.stringify(content) },
        })
      const panel = (): Locator => alice.page.getByRole('region', { name: 'Announcements', exact: true })
      const notices = (): Locator => panel().locator('li.notice')
      const shown = (): Locator => panel().getByRole('article', { name: 'The announcement' })
      /** Chooses it and waits until it is what is read. */
      const detail = async (title: string): Promise<void> => {
        await notices().filter({ hasText: title }).getByRole('button').click()
        await shown().getByRole('heading', { name: title }).waitFor()
      }

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-events-'))
        server = await createDemoServer({ dialects: ['im2'] })
        alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
        bob = new Person({ server, dialect: 'im2', userId: 'bob', dir, backend: backend.name })
        await Promise.all([alice.start(), bob.start()])
        await Promise.all([alice.isOnline(), bob.isOnline()])
      })
      afterAll(async () => {
        await Promise.all([alice.quit(), bob.quit()])
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('announcements show priority, category, end, maintenance and duration; those that are over lie folded beneath', async () => {
        notice(20, 'n-over', sample('im2-5.2-announcement'))
        notice(23, 'n-maintenance', { ...sample('im2-5.2-maintenance'), content: 'tomorrow 22:00-24:00' })
        notice(20, 'n-lasting', {
          ...sample('im2-5.2-announcement'),
          title: 'Lasting',
          expiresAt: '2099-01-20T23:59:59Z',
        })
        await alice.goesTo('Announcements')
        await expect.poll(() => notices().count()).toBe(3)
        await detail('Lasting')
        expect(await shown().innerText()).toMatch(
          /Important[\s\S]*Announcement[\s\S]*maintenance[\s\S]*Valid until[\s\S]*2099/,
        )
        await detail('系统维护')
        expect(await shown().innerText()).toMatch(
          /Important[\s\S]*Maintenance[\s\S]*Begins in[\s\S]*planned[\s\S]*2小时/,
        )
        expect(await notices().nth(2).isVisible()).toBe(false)
        await panel().getByRole('button', { name: '1 expired' }).click()
        await detail('系统公告')
        expect(await shown().innerText()).toContain('(expired)')
        expect(await shown().getByRole('button').count()).toBe(0)
      })

      it('an alert opens the conversation it names; what cannot be done is not offered', async () => {
        const row = server.control.message({ from: 'bob', to: 'alice', text: 'see the alert' })
        const alert = sample('im2-5.2-alert')
        notice(21, 'n-alert', { ...alert, data: { conversationId: row.conversationId } })
        notice(21, 'n-nowhere', { ...alert, title: 'Nowhere', data: { conversationId: 'not-here' } })
        notice(21, 'n-odd', { ...alert, title: 'Odd', action: 'self_destruct' })
        await expect.poll(() => notices().count()).toBe(6)
        for (const title of ['Nowhere', 'Odd']) {
          await detail(title)
          expect(await shown().getByRole('button').count()).toBe(0)
        }
        await detail('新消息提醒')
        await shown().getByRole('button', { name: 'Open the chat' }).click()
        await alice.sees('see the alert')
        await alice.goesTo('Announcements')
      })

      it('a promotion is quiet: it counts for nothing and asks for nothing', async () => {
        const rail = alice.page
          .getByRole('navigation', { name: 'Sections' })
          .getByRole('button', { name: /^Announcements/ })
        const before = await rail.getAttribute('aria-label')
        notice(22, 'n-promotion', { title: 'Half price', content: 'today only', priority: 'low' })
        await detail('Half price')
        expect(await shown().getByRole('button').count()).toBe(0)
        expect(await rail.getAttribute('aria-label')).toBe(before)
      })

      it('an acknowledgement outlives a restart', async () => {
        await detail('系统维护')
        await shown().getByRole('button', { name: 'Acknowledge' }).click()
        await shown().getByText('You acknowledged it').waitFor()
        await alice.quit()
        await alice.start()
        await alice.isOnline()
        await alice.goesTo('Announcements')
        await notices().filter({ hasText: '系统维护' }).getByText('Acknowledged').waitFor()
        await notices().filter({ hasText: 'Lasting' }).getByText('Waits to be acknowledged').waitFor()
        await alice.goesTo('Chats')
      })

      it("the server's status is a line of plain words that can be put away, until the next", async () => {
        await Promise.all([alice.opens('Bob Keller'), bob.opens('Alice Hart')])
        const banner = alice.page.getByRole('region', { name: 'Server status' })
        server.control.systemStatus({ status: 'degraded', message: '<img src=x onerror=alert(1)> slow' })
        await banner.getByText('The server says: <img src=x onerror=alert(1)> slow').waitFor()
        expect(await banner.locator('img').count()).toBe(0)
        server.control.systemStatus({ status: 'worse', message: 'slower' })
        await banner.getByText('The server says: slower').waitFor()
        await banner.getByRole('button', { name: 'Dismiss' }).click()
        await banner.waitFor({ state: 'detached' })
        server.control.systemStatus({ status: 'ok', message: 'fast again' })
        await banner.getByText('The server says: fast again').waitFor()
        await banner.getByRole('button', { name: 'Dismiss' }).click()
      })

      it('a pinned message stands above the chat of both, leads to its place, and can be taken down', async () => {
        await alice.says('the plan')
        await alice.hasDelivered('the plan')
        await bob.sees('the plan')
        await bob.does('Pin for everyone', 'the plan')
        for (let n = 1; n <= 60; n++) server.control.message({ from: 'bob', to: 'alice', text: `line ${n} of many` })
        await alice.sees('line 60 of many')
        const plan = alice.page.getByRole('article', { name: 'You: the plan' })
        await expect.poll(() => plan.count()).toBe(0)
        const bar = alice.page.getByRole('region', { name: 'Pinned messages' })
        await bar.getByText('You: the plan').waitFor()
        await bob.page.getByRole('region', { name: 'Pinned messages' }).getByText('Alice Hart: the plan').waitFor()
        await bar.getByRole('button', { name: 'Go to the pinned message' }).click()
        await plan.waitFor()
        await bar.getByRole('button', { name: 'Unpin on this computer' }).click()
        await bar.waitFor({ state: 'detached' })
        expect(await bob.page.getByRole('region', { name: 'Pinned messages' }).count()).toBe(1)
      })

      it('a refused message says why, in the words of the server, and can be tried again', async () => {
        await alice.startsChatWith('ghost')
        await alice.says('to a ghost')
        await alice.seesState('to a ghost', 'failed')
        const row = alice.page.getByText('The server says: receiver or conversation is unknown')
        await row.waitFor()
        server.control.addUser({ userId: 'ghost', nickname: 'Ghost' })
        await alice.page.getByRole('button', { name: 'Try again' }).click()
        await alice.hasDelivered('to a ghost')
        await row.waitFor({ state: 'detached' })
      })

      it('people come, go and are called otherwise', async () => {
        await alice.opens('Bob Keller')
        const chat = alice.page.locator('.chat header')
        await chat.getByText('Online').waitFor()
        await bob.quit()
        await chat.getByText('Away').waitFor()
        server.control.updateProfile({ userId: 'bob', nickname: 'Robert Keller' })
        await chat.getByText('Robert Keller').waitFor()
        await alice.conversation('Robert Keller').waitFor()
      })

      it('a group tells who did what, counts its people, takes a new name, and closes when we are sent away', async () => {
        await alice.opens('午饭 Lunch')
        const chat = alice.page.locator('.chat header')
        await chat.getByText('5 members').waitFor()
        server.control.addMember({ groupId: 'g-lunch', userId: 'lin.mei', by: 'zhang.wei' })
        await alice.sees('张伟 added 林梅')
        await chat.getByText('6 members').waitFor()
        server.control.setRole({ groupId: 'g-lunch', userId: 'lin.mei', role: 'admin', by: 'zhang.wei' })
        await alice.sees('林梅 is now administrator')
        server.control.renameGroup({ groupId: 'g-lunch', name: '晚饭 Dinner', by: 'zhang.wei' })
        await alice.sees('张伟 renamed the group to “晚饭 Dinner”')
        await chat.getByText('晚饭 Dinner').waitFor()
        await alice.drafts('shall we')
        server.control.removeMember({ groupId: 'g-lunch', userId: 'alice', by: 'zhang.wei' })
        await alice.sees('张伟 removed You from the group')
        expect(await alice.composer().isDisabled()).toBe(true)
        await alice.page.getByText('You are no longer in this group and cannot write here.').waitFor()
        server.control.addMember({ groupId: 'g-lunch', userId: 'alice', by: 'zhang.wei' })
        await expect.poll(() => alice.composer().isDisabled()).toBe(false)
        expect(await alice.composer().inputValue()).toBe('shall we')
        server.control.dismissGroup({ groupId: 'g-lunch', by: 'zhang.wei' })
        await alice.sees('张伟 dismissed the group')
        await expect.poll(() => alice.composer().isDisabled()).toBe(true)
      })

      it('heart-beats are measured and shown, and a clock that goes wrong is named beside the server time', async () => {
        await alice.quit()
        server.control.skewClock({ ms: 3_600_000 })
        await alice.start()
        await alice.isOnline()
        await alice.goesTo('Diagnostics')
        const facts = alice.page.getByRole('region', { name: 'Diagnostics' })
        await facts.getByText('Heart-beat round trip').waitFor()
        await expect.poll(() => facts.innerText()).toMatch(/Heart-beat round trip\s+\d+ ms/)
        expect(await facts.innerText()).toMatch(/Server’s clock against ours\s+\+(59\.9|60) min/)
        await alice.goesTo('Chats')
        await alice.opens('Ghost')
        await alice.does('Details', 'to a ghost')
        await alice.page.getByText(/the server’s clock is \+(59\.9|60) min from this computer’s/).waitFor()
      })

      it('and nothing was said that the document does not allow', () => {
        expectNoViolations(server)
      })
    })
  })
}
