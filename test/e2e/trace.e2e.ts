/** The details of a message tell how it got to the server, while it is getting there and ever after. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultProxy, createFaultProxy } from '../faults/proxy.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

describe.each(backends())('$name', (backend) => {
  describe.skipIf(backend.missing !== null)(`the trace of a message ${backendTitle(backend)}`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'godwit-trace-'))
    let server: DemoServer
    let proxy: FaultProxy
    let alice: Person
    let bob: Person

    const details = (): Locator => alice.page.getByRole('dialog', { name: 'Message details' })
    const standing = (): Locator => details().getByRole('status', { name: 'What happened' })
    const step = (text: string): Locator => details().getByRole('listitem').filter({ hasText: text })

    async function looksAt(text: string): Promise<void> {
      await alice.does('Details', text)
      await details().waitFor()
    }
    async function looksAway(): Promise<void> {
      await alice.page.keyboard.press('Escape')
      await details().waitFor({ state: 'detached' })
    }
    /** The steps in their order, by their first words. */
    async function inOrder(...texts: readonly string[]): Promise<void> {
      await step(texts.at(-1) ?? '')
        .first()
        .waitFor()
      const shown = await details().getByRole('listitem').allInnerTexts()
      const places = texts.map((text) => shown.findIndex((line) => line.includes(text)))
      expect(places).toEqual([...places].sort((a, b) => a - b))
      expect(places).not.toContain(-1)
    }

    beforeAll(async () => {
      server = await createDemoServer({ dialects: ['im2'] })
      proxy = await createFaultProxy(server.port)
      alice = new Person({
        server,
        dialect: 'im2',
        userId: 'alice',
        dir,
        backend: backend.name,
        configure: (account) => ({ ...account, url: proxy.through(account.url) }),
      })
      bob = new Person({ server, dialect: 'im2', userId: 'bob', dir, backend: backend.name })
      await Promise.all([alice.start(), bob.start()])
      await Promise.all([alice.isOnline(), bob.isOnline()])
      await alice.startsChatWith('bob')
    })
    afterAll(async () => {
      await Promise.all([alice.quit(), bob.quit()])
      await proxy.close()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('names its steps with their times, what proves it, and ids that can be copied', async () => {
      await alice.says('straight there')
      await alice.hasDelivered('straight there')
      await looksAt('straight there')
      await standing().getByText('Proof: the server').waitFor()
      await inOrder('Stored on this computer', 'Sent, first try', 'The server confirmed it')
      for (const line of await details().getByRole('listitem').allInnerTexts()) expect(line).toMatch(/\d\d:\d\d:\d\d/)
      const [sent] = server.messages('im2')
      await details()
        .getByText(sent?.serverId ?? '', { exact: true })
        .waitFor()
      const copy = details().getByRole('button', { name: 'Copy Client ID' })
      await copy.focus()
      await alice.page.keyboard.press('Enter')
      await details().getByRole('button', { name: 'Copied' }).waitFor()
      await looksAway()
    })

    it('says that a message waits for the link, and follows it while it is looked at', async () => {
      await proxy.listen(false)
      proxy.reset()
      await alice.seesStatus('Offline')
      await alice.says('written in the dark')
      await looksAt('written in the dark')
      await standing().getByText('it goes out when the connection is back').waitFor()
      expect(await details().getByRole('listitem').count()).toBe(1)
      await proxy.listen(true)
      await step('The server confirmed it').first().waitFor()
      await standing().getByText('Proof: the server').waitFor()
      await inOrder('Stored on this computer', 'Sent, first try', 'The server confirmed it')
      await looksAway()
    })

    it('says why a message went out twice, and that it was stored once', async () => {
      await alice.isOnline()
      server.control.loseSends({ userId: 'alice', count: 1 })
      await alice.says('into the void')
      await looksAt('into the void')
      await standing().getByText('waiting for the server’s answer').waitFor()
      proxy.reset()
      await inOrder('Sent, first try', 'The connection was lost – sent again', 'The server confirmed it')
      expect(await step('sent again').innerText()).toContain('try 2')
      expect(server.messages('im2').filter(({ content }) => content.includes('into the void'))).toHaveLength(1)
      await looksAway()
    })

    it('tells what became of an edit, and knows all of it after a restart', async () => {
      await alice.isOnline()
      await alice.does('Edit', 'into the void')
      await alice.composer().fill('out of the void')
      await alice.composer().press('Enter')
      await bob.opens('Alice Hart')
      await bob.sees('out of the void')
      await alice.quit()
      await alice.start()
      await alice.opens('Bob Keller')
      await looksAt('out of the void')
      await inOrder('Sent, first try', 'sent again', 'Edit: Stored on this computer', 'Edit: Sent, first try')
      await step('Edit: The server confirmed it').waitFor()
      await looksAway()
    })

    it('is for messages written here: what others wrote has facts and no steps', async () => {
      await bob.says('from the other side')
      await alice.sees('from the other side')
      await looksAt('from the other side')
      await details().getByText('Server ID').first().waitFor()
      expect(await details().getByRole('listitem').count()).toBe(0)
      expect(await standing().count()).toBe(0)
      await looksAway()
    })
  })
})
