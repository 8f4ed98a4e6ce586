/**
 * The whole app on a desktop with a real notification daemon: what the server sends is seen by dunst, as dbus-monitor
 * witnesses, and what is clicked there happens in the app.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backends } from '../e2e/launch.ts'
import { Person } from '../e2e/person.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import {
  type DesktopSession,
  type Witnessed,
  desktopPrograms,
  keepEvidence,
  missingPrograms,
  skippedTitle,
  startDesktopSession,
} from './session.ts'

const chromium = backends().find(({ name }) => name === 'chromium')
const missing = missingPrograms(desktopPrograms) ?? chromium?.missing ?? null

describe.skipIf(missing !== null)(`the app and dunst${skippedTitle(missing)}`, () => {
  let dir: string
  let session: DesktopSession
  let server: DemoServer
  let alice: Person

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-app-desktop-'))
    session = await startDesktopSession()
    await session.startDaemon()
    server = await createDemoServer({ dialects: ['im2'] })
    const env = { DBUS_SESSION_BUS_ADDRESS: session.address }
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium', env })
    await start()
  })
  afterAll(async () => {
    keepEvidence('app', session)
    await alice.quit()
    await server.close()
    await session.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  async function start(): Promise<void> {
    await alice.start()
    await alice.isOnline()
    await window('hide')
  }
  async function window(act: 'hide' | 'show'): Promise<void> {
    const [main] = await alice.app.control().windows()
    if (main === undefined) throw new Error('there is no window')
    await alice.app.control().window(main.id, act)
  }
  const calls = (): readonly Witnessed[] => session.witnessed('Notify').filter(({ kind }) => kind === 'method call')
  const words = ({ strings }: Witnessed): string => strings.slice(2, 4).join(' | ')
  const told = () => calls().map(words)
  async function one(expected: string): Promise<Witnessed> {
    await expect.poll(told).toContain(expected)
    const found = calls().findLast((call) => words(call) === expected)
    if (found === undefined) throw new Error('gone')
    await expect.poll(() => session.numberOf(found)).not.toBeNull()
    return found
  }
  const onScreen = () => expect.poll(() => session.run('dunstctl', 'count', 'displayed').trim())
  function click(button: 1 | 2 | 3): void {
    session.run('xdotool', 'mousemove', '800', '40', 'click', String(button))
  }
  const bobSays = (text: string): string => server.control.message({ from: 'bob', to: 'alice', text }).serverId
  const unread = (count: string) => alice.page.getByRole('option', { name: new RegExp(`^Bob Keller, ${count}`) })

  it('a chat comes with who wrote and what, the next message takes its place, a click shows the very message', async () => {
    bobSays('lunch?')
    const first = await one('Bob Keller | lunch?')
    expect(first.strings).toEqual(
      expect.arrayContaining(['default', 'Open', 'markRead', 'Mark as read', 'muteHour', 'Mute for 1 hour']),
    )
    bobSays('or dinner?')
    const second = await one('Bob Keller | 2 new messages\nlunch?\nor dinner?')
    expect(session.numberOf(second)).toBe(session.numberOf(first))
    await onScreen().toBe('1')
    click(1)
    await alice.sees('lunch?')
    expect((await alice.app.control().windows())[0]).toMatchObject({ visible: true })
    await onScreen().toBe('0')
    await unread('no unread').waitFor()
    await window('hide')
  })

  it('what is read on another device is taken away', async () => {
    session.forget()
    const serverId = bobSays('on my phone')
    await one('Bob Keller | on my phone')
    await onScreen().toBe('1')
    server.control.event({ userId: 'alice', type: 42, content: { messageId: serverId, status: 'READ' } })
    await onScreen().toBe('0')
    await expect.poll(() => session.witnessed('CloseNotification').length).toBe(1)
  })

  it('it is marked as read from the daemon’s menu', async () => {
    session.forget()
    bobSays('just so you know')
    await one('Bob Keller | just so you know')
    await onScreen().toBe('1')
    await unread('1 unread').waitFor({ state: 'attached' })
    session.choose('Mark as read')
    click(3)
    await unread('no unread').waitFor({ state: 'attached' })
    await onScreen().toBe('0')
  })

  it('strangers’ markup is text to a daemon that reads markup', async () => {
    session.forget()
    const serverId = bobSays('<a href="file:///etc/passwd">x</a> & <b>')
    await one('Bob Keller | &lt;a href=&quot;file:///etc/passwd&quot;&gt;x&lt;/a&gt; &amp; &lt;b&gt;')
    server.control.event({ userId: 'alice', type: 42, content: { messageId: serverId, status: 'READ' } })
    await onScreen().toBe('0')
  })

  it('what must be acknowledged stays, leaves with the program, comes back with it, and ends with the action', async () => {
    session.forget()
    server.control.notify({ type: 'alert', title: 'Change your password', content: 'Today.', priority: 'urgent' })
    const call = await one('Change your password | Today.')
    expect(call.text).toMatch(/int32 0\n$/)
    expect(call.text).toMatch(/"urgency"\s+variant\s+byte 2/)
    await onScreen().toBe('1')
    await alice.quit()
    await onScreen().toBe('0')
    session.forget()
    await start()
    const again = await one('Change your password | Today.')
    expect(again.strings).toEqual(expect.arrayContaining(['acknowledge', 'Acknowledge']))
    await onScreen().toBe('1')
    session.choose('Acknowledge')
    click(3)
    await onScreen().toBe('0')
    await expect.poll(() => alice.page.getByRole('region', { name: 'Alert' }).count()).toBe(0)
  })

  it('a daemon that was started again tells what comes then', async () => {
    await session.stopDaemon()
    bobSays('while it was away')
    await unread('1 unread').waitFor({ state: 'attached' })
    session.forget()
    await session.startDaemon()
    await one('Bob Keller | while it was away')
    bobSays('and back')
    await one('Bob Keller | 2 new messages\nwhile it was away\nand back')
  })

  it('an announcement and what an administrator changes come with their urgency', async () => {
    session.run('dunstctl', 'close-all')
    await onScreen().toBe('0')
    session.forget()
    server.control.notify({ title: 'The canteen opens at 11', content: 'From Monday on.' })
    const announcement = await one('The canteen opens at 11 | From Monday on.')
    server.control.permission({ userId: 'alice', permission: 'read_only', by: 'admin', reason: 'Audit' })
    const admin = await one('You can read, but not write | admin: Audit')
    for (const call of [announcement, admin]) expect(call.text).toMatch(/"urgency"\s+variant\s+byte [12]/)
    await onScreen().toBe('2')
  })
})
