/** When there is an icon in the tray, what it says, and what becomes of a window that was hidden in one that went. */
import { beforeEach, describe, expect, it } from 'vitest'
import { settingsFrom } from '#common/contract/settings.ts'
import { muteForEver } from '#common/domain/conversation.ts'
import type { TrayLook } from '#electron/adapters/tray/trayIcon.ts'
import { blinkMs, mayBlink } from '#electron/main/blink.ts'
import {
  type TrayControl,
  type TraySituation,
  createTrayControl,
  totalsText,
  trayGraceMs,
  trayState,
} from '#electron/main/tray.ts'
import { FakeClock } from '../../fakes/fakeClock.ts'

/** By then nobody asks any more whether there is a tray. */
const probedMs = 5_000
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
let clock: FakeClock
let icons: TrayLook[][]
let living: number
let lost: number
let refuse: boolean
let tellHost: (present: boolean) => void
let situation: TraySituation
let chosen: unknown[]

beforeEach(() => {
  clock = new FakeClock()
  icons = []
  living = 0
  lost = 0
  refuse = false
  tellHost = () => undefined
  chosen = []
  situation = {
    state: 'online',
    totals: { messages: 2, notices: 1 },
    locale: 'en',
    doNotDisturbUntil: null,
    blinks: false,
  }
})

function start({ probed }: { probed: boolean }): TrayControl {
  return createTrayControl({
    clock,
    log,
    create: (look) => {
      if (refuse) throw new Error('no tray')
      const looks = [look]
      icons.push(looks)
      living++
      return { show: (next) => void looks.push(next), dispose: () => void living-- }
    },
    watchHost: probed
      ? (onChanged) => {
          tellHost = onChanged
          return { dispose: () => undefined }
        }
      : null,
    situation: () => situation,
    onDoNotDisturb: (span) => void chosen.push(span),
    onOpen: () => undefined,
    onQuit: () => undefined,
    onLost: () => void lost++,
  })
}

describe('an icon', () => {
  it('is there at once where the system always shows it', async () => {
    const tray = start({ probed: false })
    expect(tray.exists).toBe(true)
    await tray.known
    expect(icons[0]?.[0]).toMatchObject({
      unread: true,
      toolTip: 'Godwit · Online\n2 unread messages, 1 announcement waits',
    })
  })

  it('is there only once somebody shows it', async () => {
    const tray = start({ probed: true })
    expect(tray.exists).toBe(false)
    tellHost(true)
    await tray.known
    expect([tray.exists, living]).toEqual([true, 1])
  })

  it('is not promised where the system refuses it', () => {
    refuse = true
    expect(start({ probed: false }).exists).toBe(false)
  })

  it('is known not to be there when nobody answers', async () => {
    const tray = start({ probed: true })
    await clock.pass(2_000)
    await tray.known
    expect(tray.exists).toBe(false)
  })

  it('comes anew with each tray, and never twice', () => {
    const tray = start({ probed: true })
    for (const present of [true, false, true, true]) tellHost(present)
    expect([tray.exists, living, icons.length]).toEqual([true, 1, 3])
    tray.dispose()
    expect([living, clock.pending]).toEqual([0, 0])
  })
})

describe('do not disturb', () => {
  const shown = (): TrayLook | undefined => icons.at(-1)?.at(-1)
  const labels = (): unknown[] =>
    shown()?.menu.map(({ label, type, enabled }) =>
      type === 'separator' ? '–' : enabled === false ? [label] : label,
    ) ?? []
  const press = (id: string, look = shown()): void => {
    const all = look?.menu.flatMap(({ submenu, ...item }) => [item, ...(Array.isArray(submenu) ? submenu : [])]) ?? []
    const click = all.find((item) => item.id === id)?.click as (() => void) | undefined
    if (click === undefined) throw new Error(`no ${id}`)
    click()
  }
  const todayAt = (hours: number, minutes = 0): number => {
    const at = new Date(clock.now())
    at.setHours(hours, minutes, 0, 0)
    return at.getTime()
  }

  it('is offered for an hour, until tomorrow, or until it is turned off', () => {
    start({ probed: false })
    expect(labels()).toEqual([
      ['2 unread messages, 1 announcement waits'],
      '–',
      'Open Godwit',
      'Do Not Disturb',
      '–',
      'Quit Godwit',
    ])
    for (const span of ['hour', 'tomorrow', 'forEver']) press(span)
    expect(chosen).toEqual(['hour', 'tomorrow', 'forEver'])
  })

  it('says until when in menu and tooltip, and is turned off there', () => {
    const tray = start({ probed: false })
    situation = { ...situation, doNotDisturbUntil: todayAt(23, 59) }
    tray.update()
    expect(labels().slice(2, 5)).toEqual(['Open Godwit', ['Do not disturb until 23:59'], 'Turn Notifications On Again'])
    expect(shown()?.toolTip).toContain('\nDo not disturb until 23:59')
    press('notifyAgain')
    expect(chosen).toEqual([null])
    situation = { ...situation, doNotDisturbUntil: null }
    tray.update()
    expect(shown()?.toolTip).not.toContain('disturb')
  })

  it.each([
    ['en', 24 + 8, /^Do not disturb until \w{3} 08:00$/],
    ['zh-CN', 24 + 8, /^勿扰模式至 周. 08:00$/],
    ['zh-CN', 0, /^勿扰模式至 00:00$/],
  ] as const)('of another day it says the weekday, in %s', (locale, hours, said) => {
    situation = { ...situation, locale, doNotDisturbUntil: todayAt(hours) }
    start({ probed: false })
    expect(shown()?.toolTip.split('\n').at(-1)).toMatch(said)
  })

  it('without an end says none', () => {
    situation = { ...situation, doNotDisturbUntil: muteForEver }
    start({ probed: false })
    expect(shown()?.toolTip.split('\n').at(-1)).toBe('Do not disturb')
  })
})

describe('blinking', () => {
  const lights = (): boolean[] => icons.at(-1)?.map(({ unread }) => unread) ?? []
  beforeEach(() => (situation = { ...situation, blinks: true }))

  it('goes on and off while something is unread, and stays on when it is no longer wanted', async () => {
    const tray = start({ probed: false })
    await clock.pass(3 * blinkMs)
    expect(lights()).toEqual([true, false, true, false])
    situation = { ...situation, blinks: false }
    tray.update()
    await clock.pass(3 * blinkMs)
    expect(lights()).toEqual([true, false, true, false, true])
  })

  it('is not begun where it is not wanted', async () => {
    situation = { ...situation, blinks: false }
    start({ probed: false })
    await clock.pass(10 * blinkMs)
    expect(lights()).toEqual([true])
  })

  it('ends when all is read', async () => {
    const tray = start({ probed: false })
    await clock.pass(blinkMs)
    situation = { ...situation, totals: { messages: 0, notices: 0 } }
    tray.update()
    await clock.pass(10 * blinkMs)
    expect(lights()).toEqual([true, false, false])
    situation = { ...situation, totals: { messages: 1, notices: 0 } }
    tray.update()
    expect(lights().at(-1)).toBe(true)
  })

  it.each([
    ['as it comes', {}, false, false],
    ['where it is wished', { blinkTray: true }, false, true],
    ['not with less motion in the settings', { blinkTray: true, reducedMotion: 'on' }, false, false],
    ['not where the system wants less motion', { blinkTray: true }, true, false],
  ] as const)('may be: %s', (_says, wished, system, may) => {
    expect(mayBlink({ ...settingsFrom(new Map()), ...wished }, () => system)).toBe(may)
  })

  it('leaves no timer with a tray that went, or a program that ends', async () => {
    const tray = start({ probed: true })
    tellHost(true)
    await tray.known
    await clock.pass(probedMs)
    expect(clock.pending).toBe(1)
    tellHost(false)
    tray.noteLocked(true)
    expect(clock.pending).toBe(0)
    tellHost(true)
    expect(clock.pending).toBe(1)
    tray.dispose()
    expect(clock.pending).toBe(0)
  })
})

describe('a tray that goes', () => {
  it('gives the window back when it stays away', async () => {
    start({ probed: true })
    tellHost(true)
    tellHost(false)
    await clock.pass(trayGraceMs - 1)
    expect(lost).toBe(0)
    await clock.pass(1)
    expect(lost).toBe(1)
  })

  it('is not missed when it comes back soon', async () => {
    start({ probed: true })
    for (const present of [true, false, true]) tellHost(present)
    await clock.pass(10 * trayGraceMs)
    expect(lost).toBe(0)
  })

  it('is not missed behind a locked screen, but after it', async () => {
    const tray = start({ probed: true })
    tellHost(true)
    tray.noteLocked(true)
    tellHost(false)
    await clock.pass(10 * trayGraceMs)
    expect(lost).toBe(0)
    tray.noteLocked(false)
    await clock.pass(trayGraceMs)
    expect(lost).toBe(1)
  })

  it('that never was is not missed', async () => {
    start({ probed: true })
    tellHost(false)
    await clock.pass(10 * trayGraceMs)
    expect(lost).toBe(0)
  })
})

describe('the state of all accounts', () => {
  it.each([
    [[], 'signedOut'],
    [['online'], 'online'],
    [['offline', 'online'], 'online'],
    [['offline', 'connecting'], 'connecting'],
    [['syncing'], 'connecting'],
    [['authenticating', 'rejected'], 'connecting'],
    [['offline', 'kicked'], 'offline'],
    [['offline'], 'offline'],
    [['rejected', 'kicked'], 'signedOut'],
  ] as const)('%j is %s', (states, shown) => {
    const accounts = states.map((_state, index) => ({ id: String(index), signedIn: true }))
    expect(trayState(accounts, (id) => states[Number(id)] ?? 'offline')).toBe(shown)
  })

  it('counts no account that is signed out', () => {
    expect(trayState([{ id: 'a', signedIn: false }], () => 'online')).toBe('signedOut')
  })
})

describe('what waits, in words', () => {
  it.each([
    [0, 0, 'Nothing unread', '没有未读消息'],
    [1, 0, '1 unread message', '1 条未读消息'],
    [0, 2, '2 announcements wait', '2 条公告待处理'],
    [5, 1, '5 unread messages, 1 announcement waits', '5 条未读消息，1 条公告待处理'],
  ])('%d messages, %d announcements', (messages, notices, english, chinese) => {
    expect(totalsText({ messages, notices }, 'en')).toBe(english)
    expect(totalsText({ messages, notices }, 'zh-CN')).toBe(chinese)
  })
})
