/** The notifier of Linux before a real notification daemon, with dbus-monitor as the witness. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFreedesktopNotifier } from '#electron/adapters/notifier/freedesktopNotifier.ts'
import { openSessionBus } from '#electron/adapters/dbus/sessionBus.ts'
import type { DesktopNotification, NotificationAnswer, Notifier } from '#electron/core/ports/notifier.ts'
import {
  type DesktopSession,
  daemons,
  desktopPrograms,
  isThere,
  keepEvidence,
  missingPrograms,
  skippedTitle,
  startDesktopSession,
} from './session.ts'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const chat: DesktopNotification = {
  key: 'a1/c7',
  title: '林晓月',
  body: '明天十点见',
  sound: true,
  urgency: 'normal',
  lasting: false,
  actions: [
    { id: 'markRead', label: 'Mark as read' },
    { id: 'muteHour', label: 'Mute for an hour' },
  ],
  reply: 'Reply to 林晓月',
}
const mustAcknowledge: DesktopNotification = {
  ...chat,
  key: 'a1/notice/9',
  title: 'Fire drill',
  body: 'Leave by the stairs.',
  urgency: 'critical',
  lasting: true,
  actions: [{ id: 'acknowledge', label: 'Acknowledge' }],
  reply: null,
}

async function openNotifier(session: DesktopSession, locale: 'en' | 'zh-CN' = 'en'): Promise<Notifier> {
  const bus = await openSessionBus({ log: quiet, address: session.address })
  if (bus === null) throw new Error('no bus')
  return createFreedesktopNotifier({ bus, locale: () => locale, log: quiet, desktopEntry: 'godwit' })
}

const missing = missingPrograms(desktopPrograms)

describe.skipIf(missing !== null)(`dunst${skippedTitle(missing)}`, () => {
  let session: DesktopSession
  let notifier: Notifier
  let answers: NotificationAnswer[]

  beforeAll(async () => {
    session = await startDesktopSession()
    await session.startDaemon()
  })
  beforeEach(async () => {
    session.forget()
    answers = []
    notifier = await openNotifier(session)
    notifier.onAnswer((answer) => answers.push(answer))
  })
  afterEach(async () => {
    notifier.dispose()
    await expect.poll(displayed).toBe(0)
  })
  afterAll(async () => {
    keepEvidence('everything', session)
    await session.stop()
  })

  function displayed(): number {
    return Number(session.run('dunstctl', 'count', 'displayed'))
  }
  async function seen(count = 1): Promise<void> {
    await expect.poll(displayed).toBe(count)
  }
  function notified() {
    return session.witnessed('Notify').filter(({ kind }) => kind === 'method call')
  }
  /** Newest first on the screen: the topmost is under the pointer. */
  function click(button: 1 | 2 | 3): void {
    session.run('xdotool', 'mousemove', '800', '40', 'click', String(button))
  }

  it('shows a chat with what it says, its sender’s name and its actions', async () => {
    notifier.show(chat)
    await seen()
    expect(notifier.trouble).toBeNull()
    const [call] = notified()
    expect(call?.strings.slice(0, 4)).toEqual(['Godwit', '', '林晓月', '明天十点见'])
    expect(call?.strings).toEqual(
      expect.arrayContaining(['default', 'Open', 'markRead', 'Mark as read', 'muteHour', 'Mute for an hour']),
    )
    expect(call?.text).toMatch(/"urgency"\s+variant\s+byte 1/)
    expect(call?.text).toMatch(/"desktop-entry"\s+variant\s+string "godwit"/)
    expect(call?.text).toMatch(/int32 -1\n$/)
  })

  it('does not offer an answer where the daemon declares none', async () => {
    notifier.show(chat)
    await seen()
    expect(notified()[0]?.strings).not.toContain('inline-reply')
  })

  it.each([
    ['an announcement', { title: 'Announcement', body: 'The canteen opens at 11.', urgency: 'normal' }, 1],
    ['a quiet promotion', { title: 'News', body: 'Two new stickers.', urgency: 'low', sound: false }, 0],
    ['an admin push', { title: 'Group rules changed', body: 'Only admins write now.', urgency: 'critical' }, 2],
  ] as const)('shows %s with its urgency', async (_what, given, urgency) => {
    notifier.show({ ...chat, actions: [], reply: null, ...given })
    await seen()
    const [call] = notified()
    expect(call?.strings.slice(2, 4)).toEqual([given.title, given.body])
    expect(call?.text).toMatch(new RegExp(`"urgency"\\s+variant\\s+byte ${urgency}`))
    expect(call?.text.includes('suppress-sound')).toBe('sound' in given)
  })

  it('keeps what must be acknowledged until it is', async () => {
    notifier.show(mustAcknowledge)
    await seen()
    expect(notified()[0]?.text).toMatch(/int32 0\n$/)
    session.choose('Acknowledge')
    click(3)
    await expect.poll(() => answers).toEqual([{ key: mustAcknowledge.key, kind: 'action', id: 'acknowledge' }])
    await seen(0)
  })

  it.each([
    ['everything', '林晓月', '明天十点见'],
    ['the name only', '林晓月', ''],
    ['nothing', 'Godwit', 'New message'],
  ])('shows the privacy level “%s” as it is given', async (_level, title, body) => {
    notifier.show({ ...chat, title, body })
    await seen()
    expect(notified()[0]?.strings.slice(2, 4)).toEqual([title, body])
  })

  it('opens what was clicked, and takes it away', async () => {
    notifier.show(chat)
    await seen()
    click(1)
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'open' }])
    await seen(0)
    expect(session.witnessed('ActionInvoked')[0]?.strings).toEqual(['default'])
  })

  it('marks as read by the action in the daemon’s menu', async () => {
    notifier.show(chat)
    await seen()
    session.choose('Mark as read')
    click(3)
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'action', id: 'markRead' }])
    await seen(0)
  })

  it('tells that it was put away, once', async () => {
    notifier.show(chat)
    await seen()
    click(2)
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'closed' }])
  })

  it('replaces what is shown of the same key, and leaves others beside it', async () => {
    notifier.show(chat)
    notifier.show({ ...chat, key: 'a1/c8', title: 'Ben' })
    await seen(2)
    notifier.show({ ...chat, body: '改到十一点' })
    await expect.poll(() => notified().length).toBe(3)
    await seen(2)
    const [first, second, third] = notified()
    await expect.poll(() => session.numberOf(third)).not.toBeNull()
    expect(session.numberOf(third)).toBe(session.numberOf(first))
    expect(session.numberOf(second)).not.toBe(session.numberOf(first))
    expect(third?.text).toContain(`uint32 ${session.numberOf(first) ?? 'none'}\n`)
    expect(answers).toEqual([])
  })

  it('shows the newest of a burst in one key, and asks for one at a time', async () => {
    for (let i = 1; i <= 50; i += 1) notifier.show({ ...chat, body: `message ${i}` })
    await expect.poll(() => notified().at(-1)?.strings[3]).toBe('message 50')
    await seen()
    expect(notified().length).toBeLessThan(50)
  })

  it('withdraws what was read elsewhere, without an answer', async () => {
    notifier.show(chat)
    await seen()
    notifier.withdraw(chat.key)
    await seen(0)
    await expect.poll(() => session.witnessed('NotificationClosed').length).toBe(1)
    expect(answers).toEqual([])
  })

  it('withdraws what is still on its way', async () => {
    notifier.show(chat)
    await expect.poll(() => notified().length).toBe(1)
    notifier.show({ ...chat, body: 'again' })
    notifier.withdraw(chat.key)
    await seen(0)
    expect(answers).toEqual([])
  })

  it('shows hostile markup as the letters it is made of', async () => {
    const hostile = '<img src="file:///etc/passwd"><a href="javascript:1">x</a> & <b>'
    notifier.show({ ...chat, title: '<b>Eve</b>\u0000\n&amp;', body: `${hostile}\u0000\u0007\ud800` })
    await seen()
    const [title, body] = notified()[0]?.strings.slice(2, 4) ?? []
    expect(title).toBe('<b>Eve</b> &amp;')
    expect(body).toBe(
      '&lt;img src=&quot;file:///etc/passwd&quot;&gt;&lt;a href=&quot;javascript:1&quot;&gt;x&lt;/a&gt; &amp; &lt;b&gt;',
    )
  })

  it('says whether the desktop asks for silence', async () => {
    notifier.show(chat)
    await seen()
    await expect.poll(() => notifier.focusMode()).toBe(false)
    session.run('dunstctl', 'set-paused', 'true')
    await expect.poll(() => notifier.focusMode()).toBe(true)
    session.run('dunstctl', 'set-paused', 'false')
    await expect.poll(() => notifier.focusMode()).toBe(false)
  })

  it('speaks Chinese where the program does', async () => {
    notifier.dispose()
    notifier = await openNotifier(session, 'zh-CN')
    notifier.show(chat)
    await seen()
    expect(notified()[0]?.strings).toEqual(expect.arrayContaining(['default', '打开']))
  })
})

describe.skipIf(missing !== null)(`a daemon that comes and goes${skippedTitle(missing)}`, () => {
  let session: DesktopSession
  let notifier: Notifier
  let answers: NotificationAnswer[]

  async function start(options: { activatable?: true } = {}): Promise<void> {
    session = await startDesktopSession(options)
    answers = []
    notifier = await openNotifier(session)
    notifier.onAnswer((answer) => answers.push(answer))
  }
  afterEach(async () => {
    notifier.dispose()
    await session.stop()
  })
  const titles = () =>
    session
      .witnessed('Notify')
      .filter(({ kind }) => kind === 'method call')
      .map(({ strings }) => strings[2])

  it('shows what waited for one that starts later than the program', async () => {
    await start()
    notifier.show(chat)
    notifier.show(mustAcknowledge)
    notifier.show({ ...chat, key: 'a1/c9', title: 'read meanwhile' })
    notifier.withdraw('a1/c9')
    await expect.poll(() => notifier.trouble).toBe('no notification daemon')
    expect(notifier.focusMode()).toBeNull()
    await session.startDaemon()
    await expect.poll(titles).toEqual([chat.title, mustAcknowledge.title])
    expect(notifier.trouble).toBeNull()
  })

  it('shows what lasts again to the next one, and the rest not twice', async () => {
    await start()
    await session.startDaemon()
    notifier.show(chat)
    notifier.show(mustAcknowledge)
    await expect.poll(() => titles().length).toBe(2)
    await expect.poll(() => session.run('dunstctl', 'count', 'displayed').trim()).toBe('2')
    await session.stopDaemon()
    await expect.poll(() => notifier.trouble).toBe('no notification daemon')
    expect(answers).toEqual([{ key: chat.key, kind: 'closed' }])
    session.forget()
    await session.startDaemon()
    await expect.poll(titles).toEqual([mustAcknowledge.title])
    notifier.show({ ...chat, body: 'and on it goes' })
    await expect.poll(() => session.run('dunstctl', 'count', 'displayed').trim()).toBe('2')
    expect(notifier.trouble).toBeNull()
  })

  it('starts one that the bus can start, and shows it there', async () => {
    await start({ activatable: true })
    expect(notifier.trouble).toBeNull()
    notifier.show(chat)
    await expect.poll(titles).toEqual([chat.title])
    await expect.poll(() => session.run('dunstctl', 'count', 'displayed').trim()).toBe('1')
  })

  it('takes away what it shows when the program ends: nobody would hear the answer', async () => {
    await start()
    await session.startDaemon()
    notifier.show(chat)
    await expect.poll(() => session.run('dunstctl', 'count', 'displayed').trim()).toBe('1')
    notifier.dispose()
    await expect.poll(() => session.run('dunstctl', 'count', 'displayed').trim()).toBe('0')
    expect(answers).toEqual([])
  })

  it('says so when the session bus itself is gone', async () => {
    await start()
    await session.startDaemon()
    notifier.show(chat)
    await expect.poll(() => titles().length).toBe(1)
    await session.stop()
    await expect.poll(() => notifier.trouble).toBe('the session bus is gone')
    notifier.show(chat)
    notifier.withdraw(chat.key)
  })
})

describe.each(daemons)('$name', (daemon) => {
  const absent = missing ?? (isThere(daemon) ? null : `no ${daemon.name}`)

  describe.skipIf(absent !== null)(`as it declares itself${skippedTitle(absent)}`, () => {
    let session: DesktopSession
    let notifier: Notifier

    beforeAll(async () => {
      session = await startDesktopSession()
      await session.startDaemon(daemon)
      notifier = await openNotifier(session)
    })
    afterAll(async () => {
      keepEvidence(daemon.name, session)
      notifier.dispose()
      await session.stop()
    })

    it('takes a chat, its replacement and its withdrawal', async () => {
      const calls = () => session.witnessed('Notify').filter(({ kind }) => kind === 'method call')
      notifier.show(chat)
      await expect.poll(() => session.numberOf(calls()[0])).not.toBeNull()
      notifier.show({ ...chat, body: '改到十一点' })
      await expect.poll(() => session.numberOf(calls()[1])).not.toBeNull()
      expect(session.numberOf(calls()[1])).toBe(session.numberOf(calls()[0]))
      notifier.withdraw(chat.key)
      await expect.poll(() => session.witnessed('NotificationClosed').length).toBeGreaterThan(0)
      expect(notifier.trouble).toBeNull()
    })
  })
})
