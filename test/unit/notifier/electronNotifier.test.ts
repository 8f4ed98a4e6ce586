/** Notifications by Electron on each system, before the host's emulation of Electron's documented behaviour. */
import { Window } from 'happy-dom'
import { beforeEach, describe, expect, it } from 'vitest'
import { type ElectronNotifierOptions, createElectronNotifier } from '#electron/adapters/notifier/electronNotifier.ts'
import type { DesktopNotification, NotificationAnswer, Notifier } from '#electron/core/ports/notifier.ts'
import { createNotifications } from '../../host/electron/notification.ts'
import { createRecorder } from '../../host/recorder.ts'

const key = 'chat/a1/c%2F7'
const chat: DesktopNotification = {
  key,
  title: '林晓月',
  body: '明天十点见',
  sound: true,
  urgency: 'normal',
  lasting: false,
  actions: [
    { id: 'markRead', label: 'Mark as read' },
    { id: 'muteHour', label: 'Mute for an hour' },
  ],
  reply: 'Reply',
}

let system: ReturnType<typeof createNotifications>
let answers: NotificationAnswer[]
let logged: string[]
let count: number

beforeEach(() => {
  system = createNotifications({ recorder: createRecorder() })
  answers = []
  logged = []
  count = 0
})

function start(platform: NodeJS.Platform, options: Partial<ElectronNotifierOptions> = {}): Notifier {
  const note = (message: string, facts?: object): void => void logged.push(`${message} ${JSON.stringify(facts)}`)
  const notifier = createElectronNotifier({
    Notification: system.Notification,
    platform,
    locale: () => 'zh-CN',
    uuid: () => `u${++count}`,
    log: { info: note, warn: note, error: note },
    ...options,
  })
  notifier.onAnswer((answer) => answers.push(answer))
  return notifier
}

function last() {
  const shown = system.all.at(-1)
  if (shown === undefined) throw new Error('nothing is shown')
  return shown
}

/** The toast's XML as a document; an error in it is an element of its own. */
function toast() {
  const document = new new Window().DOMParser().parseFromString(last().toastXml, 'application/xml')
  expect(document.querySelector('parsererror')).toBeNull()
  return document
}

/** The arguments of the button with that label, or of the toast itself. */
function argumentsOf(label: string | null): string {
  const document = toast()
  if (label === null) return document.querySelector('toast')?.getAttribute('launch') ?? ''
  const buttons = [...document.querySelectorAll('action')]
  return buttons.find((button) => button.getAttribute('content') === label)?.getAttribute('arguments') ?? ''
}

describe.each(['linux', 'darwin', 'win32'] as const)('a notification on %s', (platform) => {
  it('is on the screen with its words, urgency and sound', () => {
    start(platform).show({ ...chat, urgency: 'critical', sound: false })
    expect(last()).toMatchObject({
      hostState: 'shown',
      title: '林晓月',
      body: '明天十点见',
      urgency: 'critical',
      silent: true,
      timeoutType: 'default',
    })
    expect(last().actions.map(({ text }) => text)).toEqual(['Mark as read', 'Mute for an hour'])
  })

  it('stays where it lasts', () => {
    start(platform).show({ ...chat, lasting: true })
    expect(last().timeoutType).toBe('never')
  })

  it('opens by a click, once, and is gone then', () => {
    start(platform).show(chat)
    last().hostAct({ kind: 'click' })
    last().hostAct({ kind: 'click' })
    expect(answers).toEqual([{ key, kind: 'open' }])
    expect(last().hostState).toBe('closed')
  })

  it('tells when it was put away', () => {
    start(platform).show(chat)
    last().hostAct({ kind: 'close' })
    expect(answers).toEqual([{ key, kind: 'closed' }])
  })

  it('that is withdrawn is gone, and gives no answer', () => {
    const notifier = start(platform)
    notifier.show(chat)
    notifier.withdraw(key)
    notifier.withdraw(key)
    expect(last().hostState).toBe('closed')
    last().hostAct({ kind: 'click' })
    last().hostAct({ kind: 'action', index: 0 })
    expect(answers).toEqual([])
  })

  it('takes the place of the one with its key, which gives no answer', () => {
    const notifier = start(platform)
    notifier.show(chat)
    notifier.show({ ...chat, body: 'newer' })
    notifier.show({ ...chat, key: 'chat/a1/other' })
    const [older, newer, other] = system.all
    older?.hostAct({ kind: 'click' })
    expect(answers).toEqual([])
    newer?.hostAct({ kind: 'click' })
    other?.hostAct({ kind: 'click' })
    expect(answers).toEqual([
      { key, kind: 'open' },
      { key: 'chat/a1/other', kind: 'open' },
    ])
  })

  it('that could not be shown says why, and the next one is tried', async () => {
    const notifier = start(platform)
    notifier.show(chat)
    last().hostAct({ kind: 'fail', error: 'disabled by settings' })
    expect(notifier.trouble).toBe('disabled by settings')
    notifier.show(chat)
    await Promise.resolve()
    expect(notifier.trouble).toBeNull()
    expect(logged.join()).not.toMatch(/林晓月|十点/)
  })

  it('is not asked for where the system has none', () => {
    const none = class extends system.Notification {
      static override isSupported(): boolean {
        return false
      }
      static override handleActivation(): void {
        throw new Error('asked for')
      }
    }
    const notifier = start(platform, { Notification: none })
    notifier.show(chat)
    notifier.withdraw(key)
    expect(system.all).toEqual([])
    expect(notifier.trouble).toBe('the system has no notifications')
    expect(notifier.focusMode()).toBeNull()
  })

  it('gives no answer once the program has let go of it', () => {
    const notifier = start(platform)
    notifier.show(chat)
    notifier.dispose()
    last().hostAct({ kind: 'click' })
    notifier.show(chat)
    expect(system.all).toHaveLength(1)
    expect(answers).toEqual([])
  })
})

describe('on Linux', () => {
  it('strangers’ words reach the daemon escaped: Electron hands them on as they are', () => {
    start('linux').show({ ...chat, title: '<b>a</b>\nb', body: '<a href="x">&\u0000' })
    expect(last()).toMatchObject({ title: '<b>a</b> b', body: '&lt;a href=&quot;x&quot;&gt;&amp;' })
  })

  it('an action is told by its place', () => {
    start('linux').show(chat)
    last().hostAct({ kind: 'action', index: 1 })
    expect(answers).toEqual([{ key, kind: 'action', id: 'muteHour' }])
  })

  it('nothing stays behind: nobody would hear the answer', () => {
    const notifier = start('linux')
    notifier.show(chat)
    notifier.dispose()
    expect(last().hostState).toBe('closed')
  })
})

describe('on macOS', () => {
  it('an answer is typed into it', () => {
    start('darwin').show(chat)
    expect(last()).toMatchObject({ hasReply: true, replyPlaceholder: 'Reply' })
    last().hostAct({ kind: 'reply', text: '好的' })
    expect(answers).toEqual([{ key, kind: 'reply', text: '好的' }])
  })

  it('no answer is offered where none is taken', () => {
    start('darwin').show({ ...chat, reply: null })
    expect(last().hasReply).toBe(false)
  })

  it('those of one key stand together, each under an id of its own', () => {
    const notifier = start('darwin')
    notifier.show(chat)
    notifier.show(chat)
    const [first, second] = system.all
    expect(first?.groupId).toBe(key)
    expect(second?.groupId).toBe(key)
    expect(first?.id).not.toBe(second?.id)
    expect(first?.hostState).toBe('closed')
  })

  it('what was shown before a restart is answered, replaced and withdrawn as any other', async () => {
    const before = start('darwin')
    before.show(chat)
    before.show({ ...chat, key: 'chat/a1/c2' })
    before.show({ ...chat, key: 'chat/a1/c3' })
    before.dispose()
    const live = system.Notification.getHistory()
    const after = start('darwin', { Notification: withHistory(live) })
    await live
    await Promise.resolve()
    const [first, second, third] = await live
    first?.hostAct({ kind: 'reply', text: 'yes' })
    after.withdraw('chat/a1/c2')
    after.show({ ...chat, key: 'chat/a1/c3' })
    expect(second?.hostState).toBe('closed')
    expect(third?.hostState).toBe('closed')
    expect(answers).toEqual([{ key, kind: 'reply', text: 'yes' }])
  })

  it('a button of before a restart opens: which one it was is not known any more', async () => {
    const before = start('darwin')
    before.show(chat)
    before.dispose()
    const live = system.Notification.getHistory()
    start('darwin', { Notification: withHistory(live) })
    const [first] = await live
    await Promise.resolve()
    first?.hostAct({ kind: 'action', index: 0 })
    expect(answers).toEqual([{ key, kind: 'open' }])
  })

  it.each([
    ['a click', { identifier: `u9:${key}`, actionIdentifier: 'default' }, [{ key, kind: 'open' }]],
    ['words', { identifier: `u9:${key}`, userText: 'yes' }, [{ key, kind: 'reply', text: 'yes' }]],
    ['nothing of ours', { identifier: 'something' }, []],
    ['an empty key', { identifier: 'u9:' }, []],
    ['no notification', {}, []],
    ['nothing at all', undefined, []],
  ])('started by %s, the program answers that', (_what, launch, expected) => {
    start('darwin', { launch })
    expect(answers).toEqual(expected)
  })

  function withHistory(live: ReturnType<typeof system.Notification.getHistory>) {
    return class extends system.Notification {
      static override getHistory() {
        return live
      }
    }
  }
})

describe('on Windows', () => {
  it('a toast is written with field, buttons and what names it', () => {
    start('win32').show(chat)
    const document = toast()
    expect([...document.querySelectorAll('text')].map(({ textContent }) => textContent)).toEqual([
      '林晓月',
      '明天十点见',
    ])
    expect(document.querySelector('input')?.getAttribute('placeHolderContent')).toBe('Reply')
    expect([...document.querySelectorAll('action')].map((action) => action.getAttribute('content'))).toEqual([
      'Mark as read',
      'Mute for an hour',
      '发送',
    ])
    expect(document.querySelector('audio')).toBeNull()
    expect(last().id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('strangers’ words are words in it, whatever they are made of', () => {
    const hostile = `]]><!--</text><action content="x" arguments='y'/>&amp;\u0000\u0008\uffff\ud800`
    start('win32').show({
      ...chat,
      title: hostile,
      body: hostile,
      reply: hostile,
      key: `chat/"'<>&/${encodeURIComponent(hostile.slice(0, 8))}`,
      actions: [{ id: 'markRead', label: hostile }],
    })
    const document = toast()
    const words = `]]><!--</text><action content="x" arguments='y'/>&amp;`
    expect([...document.querySelectorAll('text')].map(({ textContent }) => textContent)).toEqual([words, words])
    expect(document.querySelectorAll('action')).toHaveLength(2)
    expect(document.querySelector('action')?.getAttribute('content')).toBe(words)
  })

  it('a toast stays below what Windows takes, and is cut between characters', () => {
    start('win32').show({ ...chat, title: '&'.repeat(5_000), body: '👩'.repeat(5_000) })
    expect(Buffer.byteLength(last().toastXml)).toBeLessThan(5_000)
    expect(toast().querySelectorAll('text')[1]?.textContent).toMatch(/^(?:👩)+…$/u)
  })

  it.each([
    ['stays', { lasting: true }, 'reminder'],
    ['presses', { urgency: 'critical' }, 'urgent'],
    ['is like any other', {}, null],
  ] as const)('a toast that %s says so', (_what, given, scenario) => {
    start('win32').show({ ...chat, ...given })
    expect(toast().querySelector('toast')?.getAttribute('scenario')).toBe(scenario)
  })

  it('a toast that stays has a button, without which it would not', () => {
    start('win32').show({ ...chat, lasting: true, actions: [], reply: null })
    expect(toast().querySelector('action')?.getAttribute('arguments')).toBe('dismiss')
  })

  it('a toast without sound says so', () => {
    start('win32').show({ ...chat, sound: false })
    expect(toast().querySelector('audio')?.getAttribute('silent')).toBe('true')
  })

  it('a button, the field and the toast itself are told by the activator', () => {
    const notifier = start('win32')
    notifier.show(chat)
    system.activate({ type: 'action', actionIndex: 1, arguments: argumentsOf('Mute for an hour') })
    notifier.show(chat)
    system.activate({ type: 'reply', reply: '好的', arguments: argumentsOf('发送') })
    notifier.show(chat)
    system.activate({ type: 'click', arguments: argumentsOf(null) })
    expect(answers).toEqual([
      { key, kind: 'action', id: 'muteHour' },
      { key, kind: 'reply', text: '好的' },
      { key, kind: 'open' },
    ])
  })

  it('a click that is told twice, by toast and activator, is one', () => {
    start('win32').show(chat)
    const launch = argumentsOf(null)
    last().hostAct({ kind: 'click' })
    system.activate({ type: 'click', arguments: launch })
    system.activate({ type: 'click', arguments: launch })
    expect(answers).toEqual([{ key, kind: 'open' }])
  })

  it('a toast in the Action Center is still answered and still withdrawn', () => {
    const notifier = start('win32')
    notifier.show(chat)
    last().hostAct({ kind: 'timeOut' })
    expect(answers).toEqual([])
    notifier.withdraw(key)
    expect(last().hostState).toBe('closed')
    notifier.show(chat)
    last().hostAct({ kind: 'timeOut' })
    system.activate({ type: 'click', arguments: argumentsOf(null) })
    expect(answers).toEqual([{ key, kind: 'open' }])
  })

  it('a toast of before a restart that starts the program is answered, once somebody listens', () => {
    const before = start('win32')
    before.show(chat)
    const reply = argumentsOf('发送')
    before.dispose()
    system = createNotifications({ recorder: createRecorder() })
    system.activate({ type: 'reply', reply: 'yes', arguments: reply })
    expect(answers).toEqual([])
    start('win32')
    expect(answers).toEqual([{ key, kind: 'reply', text: 'yes' }])
  })

  it('a toast that was withdrawn or replaced gives no answer', () => {
    const notifier = start('win32')
    notifier.show(chat)
    const first = argumentsOf(null)
    notifier.show({ ...chat, body: 'newer' })
    const second = argumentsOf('Mark as read')
    system.activate({ type: 'click', arguments: first })
    notifier.withdraw(key)
    system.activate({ type: 'action', actionIndex: 0, arguments: second })
    expect(answers).toEqual([])
  })

  it.each([
    '',
    'type=click',
    'type=click&tag=1234',
    'type=action&action=0&key=k&toast=t&act=deleteAll',
    'type=action&action=0&key=k&toast=t&act=toString',
    'key=&toast=t&act=open',
    'key=k&act=open',
    '%',
  ])('whoever starts the activator with “%s” gets nothing', (given) => {
    start('win32')
    system.activate({ type: 'click', arguments: given })
    expect(answers).toEqual([])
  })
})
