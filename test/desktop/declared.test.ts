/** The notifier of Linux by what a daemon declares, on a real bus: answers, silence, plain bodies, races and liars. */
import { Variant } from '@jellybrick/dbus-next'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSessionBus } from '#electron/adapters/dbus/sessionBus.ts'
import { createFreedesktopNotifier } from '#electron/adapters/notifier/freedesktopNotifier.ts'
import type { DesktopNotification, NotificationAnswer, Notifier } from '#electron/core/ports/notifier.ts'
import { type OwnService, type ServiceCall, startService } from './ownService.ts'
import { type DesktopSession, desktopPrograms, missingPrograms, skippedTitle, startDesktopSession } from './session.ts'

const missing = missingPrograms(desktopPrograms)
const name = 'org.freedesktop.Notifications'
const at = { path: '/org/freedesktop/Notifications', interface: name }
const chat: DesktopNotification = {
  key: 'chat/a1/c7',
  title: '林晓月',
  body: '<b>1 < 2 & 3</b>',
  sound: true,
  urgency: 'normal',
  lasting: false,
  actions: [{ id: 'markRead', label: '标为已读' }],
  reply: '回复林晓月',
}

describe.skipIf(missing !== null)(`a notification daemon that declares${skippedTitle(missing)}`, () => {
  let session: DesktopSession
  let daemon: OwnService
  let notifier: Notifier
  let answers: NotificationAnswer[]
  let logged: string[]
  let capabilities: string[]
  let inhibited: boolean | null
  /** What it does with `Notify`; by itself it gives 7 to each. */
  let onNotify: (call: ServiceCall) => void

  beforeEach(async () => {
    capabilities = ['actions', 'body', 'inline-reply', 'sound']
    inhibited = null
    answers = []
    logged = []
    onNotify = (call) => call.answer('u', 7)
    session = await startDesktopSession()
  })
  afterEach(async () => {
    notifier.dispose()
    await daemon.stop()
    await session.stop()
  })

  function serve(call: ServiceCall): void {
    if (call.member === 'Notify') return onNotify(call)
    if (call.member === 'GetCapabilities') return call.answer('as', capabilities)
    if (call.member === 'GetServerInformation') return call.answer('ssss', 'Test', 'Test', '1', '1.2')
    if (call.member === 'CloseNotification') return call.answer('')
    if (call.member === 'Get' && call.body[1] === 'Inhibited' && inhibited !== null)
      return call.answer('v', new Variant('b', inhibited))
    call.refuse('org.freedesktop.DBus.Error.UnknownProperty')
  }
  async function start(): Promise<void> {
    daemon = await startService({ address: session.address, name, onCall: serve })
    const note = (message: string, facts?: object): void =>
      void logged.push(`${message} ${JSON.stringify(facts ?? null)}`)
    const log = { info: note, warn: note, error: note }
    const bus = await openSessionBus({ log, address: session.address })
    if (bus === null) throw new Error('no bus')
    notifier = await createFreedesktopNotifier({ bus, locale: () => 'zh-CN', log, desktopEntry: 'godwit' })
    notifier.onAnswer((answer) => answers.push(answer))
  }
  const called = (member: string) => daemon.calls.filter((call) => call.member === member)
  const shown = () => expect.poll(() => called('Notify').length).toBeGreaterThan(0)
  /** After what was sent to the notifier before it has been heard: its own next call has come. */
  async function heard(): Promise<void> {
    const before = called('Notify').length
    notifier.show({ ...chat, key: 'chat/a1/after' })
    await expect.poll(() => called('Notify').length).toBeGreaterThan(before)
  }

  it('answers takes the words typed into it', async () => {
    await start()
    notifier.show(chat)
    await shown()
    const [, , , , , actions, hints] = called('Notify')[0]?.body ?? []
    expect(actions).toEqual(['default', '打开', 'inline-reply', '回复', 'markRead', '标为已读'])
    expect(hints).toMatchObject({
      'x-kde-reply-placeholder-text': { value: '回复林晓月' },
      'x-kde-reply-submit-button-text': { value: '发送' },
      'sound-name': { value: 'message-new-instant' },
    })
    daemon.signal(at, 'NotificationReplied', 'us', 7, '好的 & <b>')
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'reply', text: '好的 & <b>' }])
    await expect.poll(() => called('CloseNotification').map(({ body }) => body)).toEqual([[7]])
    expect(logged.join('\n')).not.toMatch(/好的|林晓月|1 < 2/)
  })

  it('an answer without words opens the message instead', async () => {
    await start()
    notifier.show(chat)
    await shown()
    daemon.signal(at, 'NotificationReplied', 'us', 7, '  ')
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'open' }])
  })

  it('no markup gets the words as they are', async () => {
    await start()
    notifier.show(chat)
    await shown()
    expect(called('Notify')[0]?.body[4]).toBe(chat.body)
  })

  it('no actions is asked for none', async () => {
    capabilities = ['body', 'inline-reply']
    await start()
    notifier.show({ ...chat, sound: false })
    await shown()
    const [, , , , , actions, hints] = called('Notify')[0]?.body ?? []
    expect(actions).toEqual([])
    expect(Object.keys(Object(hints))).not.toContain('x-kde-reply-placeholder-text')
    expect(hints).toMatchObject({ 'suppress-sound': { value: true } })
  })

  it('a sound plays it once, though a quiet one took the place of the first before it was up', async () => {
    await start()
    const silent = (): boolean[] =>
      called('Notify').map(({ body }) => Object.keys(Object(body[6])).includes('suppress-sound'))
    notifier.show(chat)
    notifier.show({ ...chat, body: 'without what was recalled', sound: false })
    await expect.poll(() => called('Notify').at(-1)?.body[4]).toBe('without what was recalled')
    expect(silent().filter((quiet) => !quiet)).toHaveLength(1)
    notifier.show({ ...chat, body: 'quiet now', sound: false })
    await expect.poll(() => called('Notify').at(-1)?.body[4]).toBe('quiet now')
    expect(silent().at(-1)).toBe(true)
  })

  it('nothing more of a sound that was withdrawn before it was up', async () => {
    await start()
    notifier.show(chat)
    notifier.withdraw(chat.key)
    notifier.show({ ...chat, body: 'quiet', sound: false })
    await expect.poll(() => called('Notify').at(-1)?.body[4]).toBe('quiet')
    expect(called('Notify').at(-1)?.body[6]).toMatchObject({ 'suppress-sound': { value: true } })
  })

  it('silence, and its end', async () => {
    inhibited = true
    await start()
    await expect.poll(() => notifier.focusMode()).toBe(true)
    daemon.signal(
      { ...at, interface: 'org.freedesktop.DBus.Properties' },
      'PropertiesChanged',
      'sa{sv}as',
      name,
      {
        Inhibited: new Variant('b', false),
      },
      [],
    )
    await expect.poll(() => notifier.focusMode()).toBe(false)
    inhibited = true
    daemon.signal({ ...at, interface: 'org.freedesktop.DBus.Properties' }, 'PropertiesChanged', 'sa{sv}as', name, {}, [
      'Inhibited',
    ])
    await expect.poll(() => notifier.focusMode()).toBe(true)
  })

  it('nothing of silence leaves it open', async () => {
    await start()
    notifier.show(chat)
    await shown()
    expect(notifier.focusMode()).toBeNull()
  })

  it('a click that overtakes the number it is about is heard all the same', async () => {
    onNotify = (call) => {
      daemon.signal(at, 'ActionInvoked', 'us', 9, 'default')
      call.answer('u', 9)
    }
    await start()
    notifier.show(chat)
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'open' }])
  })

  it('one answer is all a notification gives', async () => {
    await start()
    notifier.show(chat)
    await shown()
    daemon.signal(at, 'ActionInvoked', 'us', 7, 'markRead')
    daemon.signal(at, 'ActionInvoked', 'us', 7, 'default')
    daemon.signal(at, 'NotificationClosed', 'uu', 7, 2)
    await expect.poll(() => answers.length).toBeGreaterThan(0)
    onNotify = (call) => call.answer('u', 8)
    await heard()
    expect(answers).toEqual([{ key: chat.key, kind: 'action', id: 'markRead' }])
  })

  it('an action it was not given does nothing', async () => {
    await start()
    notifier.show(chat)
    await shown()
    daemon.signal(at, 'ActionInvoked', 'us', 7, 'acknowledge')
    daemon.signal(at, 'ActionInvoked', 'us', 7, 'toString')
    daemon.signal(at, 'ActionInvoked', 's', 'default')
    daemon.signal(at, 'ActionInvoked', 'us', 7, 'markRead')
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'action', id: 'markRead' }])
  })

  it('is not to be confused with a stranger who says the same', async () => {
    await start()
    notifier.show(chat)
    await shown()
    const stranger = await startService({ address: session.address, name: null })
    stranger.signal(at, 'NotificationReplied', 'us', 7, 'transfer the money')
    stranger.signal(at, 'ActionInvoked', 'us', 7, 'default')
    await expect.poll(() => session.witnessed('ActionInvoked').length).toBe(1)
    daemon.signal(at, 'ActionInvoked', 'us', 7, 'markRead')
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'action', id: 'markRead' }])
    await stranger.stop()
  })

  it('nothing, and refuses: the reason is told, the next one is tried', async () => {
    onNotify = (call) => call.refuse('org.freedesktop.Notifications.Error.ExcessNotificationGeneration')
    await start()
    notifier.show(chat)
    await expect
      .poll(() => notifier.trouble)
      .toBe('notification not shown: org.freedesktop.Notifications.Error.ExcessNotificationGeneration')
    onNotify = (call) => call.answer('u', 8)
    notifier.show(chat)
    await expect.poll(() => notifier.trouble).toBeNull()
    expect(called('Notify')).toHaveLength(2)
  })

  it('a newer message is not lost with the click on the one before it', async () => {
    const held: ServiceCall[] = []
    await start()
    notifier.show(chat)
    await shown()
    onNotify = (call) => void held.push(call)
    // The first has its number before the second is asked for.
    await expect.poll(() => session.witnessed('Notify').length).toBe(1)
    notifier.show({ ...chat, body: 'newer' })
    await expect.poll(() => held.length).toBe(1)
    expect(held[0]?.body[1]).toBe(7)
    daemon.signal(at, 'ActionInvoked', 'us', 7, 'default')
    await expect.poll(() => answers).toEqual([{ key: chat.key, kind: 'open' }])
    held[0]?.answer('u', 8)
    daemon.signal(at, 'ActionInvoked', 'us', 8, 'markRead')
    await expect.poll(() => answers.at(-1)).toEqual({ key: chat.key, kind: 'action', id: 'markRead' })
    expect(answers).toHaveLength(2)
  })

  it('is left with nothing on the screen, even what was still on its way', async () => {
    const held: ServiceCall[] = []
    onNotify = (call) => void held.push(call)
    await start()
    notifier.show(chat)
    await expect.poll(() => held.length).toBe(1)
    notifier.dispose()
    held[0]?.answer('u', 11)
    await expect.poll(() => called('CloseNotification').map(({ body }) => body)).toEqual([[11]])
    expect(answers).toEqual([])
  })
})
