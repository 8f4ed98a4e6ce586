/**
 * Notifications of the real app, as the system is asked to show them: what is told and what is not, in how many, when it
 * goes away, and where an answer leads.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NotificationInfo } from '../host/control/control.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { type Backend, backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

/** Electron itself shows what it is told where no test can look. */
const withControl = (backend: Backend): Backend =>
  backend.name === 'electron'
    ? { ...backend, missing: backend.missing ?? 'notifications are seen through the host' }
    : backend

for (const backend of backends().map(withControl)) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('notifications', () => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let page: Page

      const onScreen = async (): Promise<NotificationInfo[]> =>
        (await alice.app.control().notifications()).filter(({ state }) => state === 'shown')
      const everShown = async (): Promise<string[]> =>
        (await alice.app.control().notifications()).map(({ title, body }) => `${title} | ${body}`)
      const shown = async (): Promise<string[]> => (await onScreen()).map(({ title, body }) => `${title} | ${body}`)
      const one = async (words: string): Promise<NotificationInfo> => {
        await expect.poll(shown).toContain(words)
        const found = (await onScreen()).find(({ title, body }) => `${title} | ${body}` === words)
        if (found === undefined) throw new Error(`gone again: ${words}`)
        return found
      }
      const window = async (act: 'hide' | 'show' | 'blur' | 'focus'): Promise<void> => {
        const [main] = await alice.app.control().windows()
        if (main === undefined) throw new Error('there is no window')
        await alice.app.control().window(main.id, act)
      }
      const bobIsRead = () => page.getByRole('option', { name: /^Bob Keller, no unread/ }).waitFor()
      const bobSays = (text: string): string => server.control.message({ from: 'bob', to: 'alice', text }).serverId
      const sofiaSays = (text: string): string => server.control.message({ from: 'sofia', to: 'alice', text }).serverId
      /** What came up to now has been decided. */
      const decided = async (): Promise<void> => {
        const mark = `mark ${Date.now()}`
        server.control.notify({ title: mark, content: '' })
        const last = await one(`${mark} | `)
        await alice.app.control().notification(last.id, { kind: 'close' })
      }
      const start = async (): Promise<void> => {
        await alice.start()
        page = alice.page
        await alice.isOnline()
      }
      const readsAll = async (): Promise<void> => {
        await window('show')
        for (const name of ['Bob Keller', 'Sofia Lindqvist']) {
          if ((await alice.conversation(name).count()) === 0) continue
          await alice.opens(name)
          await page.getByRole('option', { name: new RegExp(`^${name}, no unread`) }).waitFor()
        }
        await expect.poll(shown).toEqual([])
        await alice.goesTo('Settings')
      }

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-notifications-'))
        server = await createDemoServer({ dialects: ['im2'] })
        alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
        await start()
      })
      afterAll(async () => {
        await alice.quit()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('a message to a hidden window is told, with who wrote and what', async () => {
        await window('hide')
        bobSays('lunch?')
        const notification = await one('Bob Keller | lunch?')
        expect(notification).toMatchObject({ silent: false, actions: ['Mark as read', 'Mute for 1 hour'] })
      })

      it('one that is newer joins it, and takes its place', async () => {
        bobSays('or dinner?')
        await one('Bob Keller | 2 new messages\nlunch?\nor dinner?')
        expect(await shown()).toHaveLength(1)
      })

      it('a click shows the window with the very message, and what is read there is withdrawn', async () => {
        const { id } = await one('Bob Keller | 2 new messages\nlunch?\nor dinner?')
        await alice.app.control().notification(id, { kind: 'click' })
        await alice.sees('lunch?')
        expect((await alice.app.control().windows())[0]).toMatchObject({ visible: true, focused: true })
        expect(await shown()).toEqual([])
        await bobIsRead()
      })

      it('what is being read is not told', async () => {
        bobSays('you see this')
        await alice.sees('you see this')
        await decided()
        expect(await shown()).toEqual([])
        await bobIsRead()
      })

      it('what is open but hidden, or without the focus, or behind the lock, is told', async () => {
        await window('blur')
        bobSays('behind another window')
        // The page of a test never loses the focus, and reads at once what it thinks is seen.
        await expect.poll(everShown).toContain('Bob Keller | behind another window')
        await window('focus')
        await expect.poll(shown).toEqual([])
        await alice.app.control().powerEvent('lock-screen')
        bobSays('behind the lock')
        await one('Bob Keller | behind the lock')
        await alice.app.control().powerEvent('unlock-screen')
        await expect.poll(shown).toEqual([])
        await window('hide')
        bobSays('hidden')
        await one('Bob Keller | hidden')
        await window('show')
        await expect.poll(shown).toEqual([])
        await alice.goesTo('Settings')
      })

      it('what is read on another device is withdrawn', async () => {
        const serverId = bobSays('on my phone')
        await one('Bob Keller | on my phone')
        server.control.event({ userId: 'alice', type: 42, content: { messageId: serverId, status: 'READ' } })
        await expect.poll(shown).toEqual([])
      })

      it('what is recalled is taken out of it', async () => {
        bobSays('stays')
        const serverId = bobSays('a slip')
        await one('Bob Keller | 2 new messages\nstays\na slip')
        server.control.recall({ serverId })
        await one('Bob Keller | stays')
        expect((await onScreen())[0]?.silent).toBe(true)
      })

      it('a reply is delivered, without the window', async () => {
        const { id } = await one('Bob Keller | stays')
        await window('hide')
        await alice.app.control().notification(id, { kind: 'reply', text: 'from the notification' })
        await expect
          .poll(() => server.control.messages().some(({ content }) => content.includes('from the notification')))
          .toBe(true)
        await window('show')
        await bobIsRead()
      })

      it('it can be marked as read from there', async () => {
        bobSays('just so you know')
        const { id } = await one('Bob Keller | just so you know')
        await alice.app.control().notification(id, { kind: 'action', index: 0 })
        await bobIsRead()
      })

      it('muted from there the chat is silent for an hour, and swallows no message of another', async () => {
        bobSays('noise')
        const { id } = await one('Bob Keller | noise')
        await alice.app.control().notification(id, { kind: 'action', index: 1 })
        await page.getByRole('option', { name: /^Bob Keller,.* muted/ }).waitFor()
        bobSays('more noise')
        sofiaSays('important')
        bobSays('and more')
        sofiaSays('very')
        await one('Sofia Lindqvist | 2 new messages\nimportant\nvery')
        expect(await shown()).toHaveLength(1)
        await readsAll()
      })

      it('who is named is heard through the mute', async () => {
        server.control.message({
          from: 'bob',
          to: 'alice',
          content: JSON.stringify({ content: '@alice look', contentExtra: { mentions: ['alice'] } }),
        })
        await one('Bob Keller | @alice look')
        await readsAll()
      })

      it('strangers’ markup comes as plain text', async () => {
        sofiaSays('<img src=x onerror=alert(1)> &lt;b&gt;')
        await expect
          .poll(async () => (await shown()).join())
          .toMatch(/^Sofia Lindqvist \| (<|&lt;)img src=x onerror=alert\(1\)/)
        await readsAll()
      })

      it('says only who wrote, or nothing at all, as the settings wish', async () => {
        const shows = (choice: string) =>
          page
            .getByRole('group', { name: 'Chats' })
            .getByRole('radiogroup', { name: 'What they show' })
            .getByText(choice)
        await page.getByRole('tab', { name: 'Notifications' }).click()
        await shows('Name only').click()
        sofiaSays('a secret')
        await one('Sofia Lindqvist | New message')
        await shows('Neither').click()
        sofiaSays('another')
        const { actions } = await one('Godwit | 2 new messages')
        expect(actions).toEqual([])
        await shows('Name and text').click()
        await readsAll()
      })

      it('in quiet hours only what matters most is told', async () => {
        await page.getByRole('tab', { name: 'Notifications' }).click()
        const chats = page.getByRole('group', { name: 'Chats' })
        await chats.getByRole('switch', { name: 'Quiet hours' }).click()
        await chats.getByLabel('Quiet from').fill('00:00')
        await chats.getByLabel('Quiet from').blur()
        await chats.getByLabel('Quiet until').fill('00:00')
        await chats.getByLabel('Quiet until').blur()
        sofiaSays('at night')
        await decided()
        expect(await shown()).toEqual([])
        await chats.getByRole('switch', { name: 'Quiet hours' }).click()
        sofiaSays('by day')
        await one('Sofia Lindqvist | by day')
        await readsAll()
      })

      it('what must be acknowledged comes back after a restart until it is', async () => {
        server.control.notify({ type: 'alert', title: 'Change your password', content: 'Today.', priority: 'urgent' })
        await one('Change your password | Today.')
        await alice.quit()
        await start()
        const { id, actions, urgency } = await one('Change your password | Today.')
        expect({ actions, urgency }).toEqual({ actions: ['Acknowledge'], urgency: 'critical' })
        await alice.app.control().notification(id, { kind: 'click' })
        await page.getByRole('heading', { name: 'Change your password' }).waitFor()
        await alice.quit()
        await start()
        const again = await one('Change your password | Today.')
        await alice.app.control().notification(again.id, { kind: 'action', index: 0 })
        await expect.poll(() => page.getByRole('region', { name: 'Alert' }).count()).toBe(0)
        await alice.quit()
        await start()
        await decided()
        expect(await shown()).toEqual([])
      })

      it('what came during an absence is told in few', async () => {
        await alice.quit()
        for (const from of ['lin.mei', 'zhang.wei', 'chen.yu', 'sofia']) {
          server.control.message({ from, to: 'alice', text: 'one' })
          server.control.message({ from, to: 'alice', text: 'two' })
        }
        await start()
        await window('hide')
        await expect.poll(async () => (await shown()).join()).toMatch(/^8 new messages \| In 4 chats\n/)
        const [summary] = await onScreen()
        await alice.app.control().notification(summary?.id ?? '', { kind: 'click' })
        await page.getByRole('region', { name: 'Catch up' }).waitFor()
      })

      it('what an administrator changes is told, with who and why', async () => {
        await window('hide')
        server.control.permission({ userId: 'alice', permission: 'read_only', by: 'admin', reason: 'Audit' })
        await one('You can read, but not write | admin: Audit')
      })
    })
  })
}
