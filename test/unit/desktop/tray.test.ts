/** When there is an icon in the tray, what it says, and what becomes of a window that was hidden in one that went. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { TrayLook } from '#electron/adapters/tray/trayIcon.ts'
import { type TrayControl, createTrayControl, totalsText, trayGraceMs, trayState } from '#electron/main/tray.ts'
import { FakeClock } from '../../fakes/fakeClock.ts'

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
let clock: FakeClock
let icons: TrayLook[][]
let living: number
let lost: number
let refuse: boolean
let tellHost: (present: boolean) => void

beforeEach(() => {
  clock = new FakeClock()
  icons = []
  living = 0
  lost = 0
  refuse = false
  tellHost = () => undefined
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
    situation: () => ({ state: 'online', totals: { messages: 2, notices: 1 }, locale: 'en' }),
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
