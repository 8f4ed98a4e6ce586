/** Notifications turned off in the real app: nothing comes, the ledger says why, and at the end all is told in one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NotificationInfo } from '../host/control/control.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

// The host alone shows what came before the user.
const [backend] = backends().filter(({ name }) => name === 'chromium')
if (backend === undefined) throw new Error('no such back end')

describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
  let dir: string
  let server: DemoServer
  let alice: Person

  const control = () => alice.app.control()
  const told = async (): Promise<NotificationInfo[]> =>
    (await control().notifications()).filter(({ state }) => state !== 'created')
  const words = async (): Promise<string[]> => (await told()).map(({ title, body }) => `${title} | ${body}`)
  const says = (from: string, text: string): void => void server.control.message({ from, to: 'alice', text })
  const unread = (name: string, count: number): Promise<void> =>
    alice.page.getByRole('option', { name: new RegExp(`^${name}, ${count} unread`) }).waitFor()

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-silence-'))
    server = await createDemoServer({ dialects: ['im2'] })
    // A desktop with a daemon of its own would show what is looked for here.
    const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium', env })
    await alice.start()
    await alice.isOnline()
  })
  afterAll(async () => {
    await alice.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('from the palette, nothing is told any more, and the ledger says why', async () => {
    await alice.page.keyboard.press('Control+K')
    await alice.page.getByRole('combobox').fill('do not disturb until i turn')
    await alice.page.getByRole('option', { name: /Do not disturb/, selected: true }).waitFor()
    await alice.page.keyboard.press('Enter')
    const offered = async (): Promise<string[]> =>
      (await control().menu('application'))[0]?.submenu?.map(({ label }) => label) ?? []
    await expect.poll(offered).toContain('Turn Notifications On Again')

    says('bob', 'one')
    says('bob', 'two')
    says('sofia', 'three')
    await unread('Bob Keller', 2)
    await unread('Sofia Lindqvist', 1)
    await alice.page.keyboard.press('Control+K')
    await alice.page.getByRole('combobox').fill('notified')
    await alice.page.getByRole('option', { selected: true }).waitFor()
    await alice.page.keyboard.press('Enter')
    await alice.page.getByText('Notifications were turned off').first().waitFor()
    await expect.poll(() => alice.page.getByText('Notifications were turned off').count()).toBe(3)
    expect(await words()).toEqual([])
    await alice.page.keyboard.press('Escape')
  })

  it('outlives the program, with what was held back', async () => {
    await alice.quit()
    await alice.start()
    await alice.isOnline()
    says('bob', 'four')
    await unread('Bob Keller', 3)
    expect(await words()).toEqual([])
  })

  it('turned on again from the menu, all of it is told in one that leads to the catch-up', async () => {
    await control().clickMenu('application', ['File', 'notifyAgain'])
    await expect
      .poll(words)
      .toEqual(['While notifications were off | 4 messages in 2 chats\nBob Keller, Sofia Lindqvist'])
    const [summary] = await told()
    await control().notification(summary?.id ?? '', { kind: 'click' })
    await alice.page.getByRole('region', { name: 'Catch up' }).waitFor()
    await control().window((await control().windows())[0]?.id ?? 0, 'blur')
    says('sofia', 'loud again')
    await expect.poll(words).toContain('Sofia Lindqvist | loud again')
  })
  it('ends by itself when its time has come, and tells what came since', async () => {
    // No menu offers so short a time.
    await alice.page.evaluate(`godwit.call('settings.set', { settings: { doNotDisturbUntil: Date.now() + 10_000 } })`)
    const offered = async (): Promise<string[]> =>
      (await control().menu('application'))[0]?.submenu?.map(({ label }) => label) ?? []
    await expect.poll(offered).toContain('Turn Notifications On Again')
    says('bob', 'in the last seconds')
    await expect.poll(words).toContain('While notifications were off | 1 message in one chat\nBob Keller')
    expect(await words()).not.toContain('Bob Keller | in the last seconds')
    await expect.poll(offered).toContain('Do Not Disturb')
  })
})
