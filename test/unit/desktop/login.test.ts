/** Starting with the system: what is written where, what is read back, and who decides. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Settings, settingsFrom } from '#common/contract/settings.ts'
import { createAutostart } from '#electron/main/autostart.ts'
import { type Login, createLogin } from '#electron/main/login.ts'

let home: string
let asked: object[]
let item: { openAtLogin: boolean; executableWillLaunchAtLogin: boolean; wasOpenedAtLogin: boolean }

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'godwit-login-'))
  asked = []
  item = { openAtLogin: false, executableWillLaunchAtLogin: false, wasOpenedAtLogin: false }
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function loginOn(platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}, execPath = '/opt/Godwit/godwit'): Login {
  const app = {
    isPackaged: true,
    getAppPath: () => '/opt/Godwit/resources/app.asar',
    getLoginItemSettings: () => ({ ...item, status: 'enabled' as const, launchItems: [] }),
    setLoginItemSettings: (settings: object) => void asked.push(settings),
  }
  return createLogin({ app, platform, execPath, env: { HOME: home, ...env } })
}
const entry = (): string => readFileSync(join(home, '.config/autostart/godwit.desktop'), 'utf8')

describe('on Linux', () => {
  it('is an autostart file, and no file when it is taken back', () => {
    const login = loginOn('linux')
    expect(login.isEnabled()).toBe(false)
    login.set(true, true)
    expect(login.isEnabled()).toBe(true)
    expect(entry()).toContain('[Desktop Entry]\nType=Application\nName=Godwit\n')
    expect(entry()).toContain('\nExec=/opt/Godwit/godwit --hidden\n')
    login.set(true, false)
    expect(entry()).toContain('\nExec=/opt/Godwit/godwit\n')
    login.set(false, true)
    expect([login.isEnabled(), readdirSync(join(home, '.config/autostart'))]).toEqual([false, []])
    login.set(false, true)
    expect(asked).toEqual([])
  })

  it('keeps to the folder that the desktop names, and to the AppImage itself', () => {
    const config = join(home, 'elsewhere')
    loginOn('linux', { XDG_CONFIG_HOME: config, APPIMAGE: '/home/a b/Godwit 100%$x".AppImage' }).set(true, false)
    const text = readFileSync(join(config, 'autostart/godwit.desktop'), 'utf8')
    expect(text).toContain('\nExec="/home/a b/Godwit 100%%\\\\$x\\\\".AppImage"\n')
  })

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])('is off where the desktop has written %s', (line) => {
    const login = loginOn('linux')
    login.set(true, false)
    const file = join(home, '.config/autostart/godwit.desktop')
    writeFileSync(file, entry().replace('X-GNOME-Autostart-enabled=true', line))
    expect(login.isEnabled()).toBe(false)
  })

  it.each([{ FLATPAK_ID: 'org.godwit' }, { SNAP: '/snap/godwit/1' }])('is left to the confinement: %j', (env) => {
    const login = loginOn('linux', env)
    login.set(true, true)
    expect([login.isEnabled(), existsSync(join(home, '.config'))]).toEqual([null, false])
  })
})

describe('on Windows', () => {
  it('is a login item that says by its arguments whether to hide', () => {
    const login = loginOn('win32')
    login.set(true, true)
    login.set(true, false)
    login.set(false, true)
    expect(asked).toEqual([
      { openAtLogin: true, args: ['--hidden'] },
      { openAtLogin: true, args: [] },
      { openAtLogin: false, args: ['--hidden'] },
    ])
    expect(existsSync(join(home, '.config'))).toBe(false)
  })

  it('is off where the task manager has switched it off', () => {
    item = { ...item, openAtLogin: true }
    expect(loginOn('win32').isEnabled()).toBe(false)
    item = { ...item, executableWillLaunchAtLogin: true }
    expect(loginOn('win32').isEnabled()).toBe(true)
  })
})

describe('on macOS', () => {
  it('is a login item without arguments; who started the program is asked of the system', () => {
    const login = loginOn('darwin')
    login.set(true, true)
    expect(asked).toEqual([{ openAtLogin: true }])
    expect(login.startedUs()).toBe(false)
    item = { ...item, openAtLogin: true, wasOpenedAtLogin: true }
    expect([login.startedUs(), login.isEnabled()]).toEqual([true, true])
  })
})

it('is nothing on any other system', () => {
  const login = loginOn('freebsd')
  login.set(true, true)
  expect([login.isEnabled(), login.startedUs(), asked, existsSync(join(home, '.config'))]).toEqual([
    null,
    false,
    [],
    false,
  ])
})

describe('setting and system', () => {
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void told.push(message) }
  let told: string[]
  let saved: Map<string, unknown>
  beforeEach(() => {
    told = []
    saved = new Map()
  })
  const settings = (values: Partial<Settings> = {}): Settings => settingsFrom(new Map(Object.entries(values)))
  const autostart = (login: Login) =>
    createAutostart({ login, log, appStore: { saveSetting: (key, value) => void saved.set(key, value) } })

  it('what was switched off outside is off here, and not written again', () => {
    autostart(loginOn('linux')).reconcile(settings({ startAtLogin: true }))
    expect([[...saved], existsSync(join(home, '.config'))]).toEqual([[['startAtLogin', false]], false])
  })

  it('what was switched on outside is on here', () => {
    loginOn('linux').set(true, true)
    autostart(loginOn('linux')).reconcile(settings())
    expect([...saved]).toEqual([['startAtLogin', true]])
  })

  it('a program that has moved writes its new place at the start', () => {
    loginOn('linux', {}, '/old/godwit').set(true, true)
    autostart(loginOn('linux', {}, '/new/godwit')).reconcile(settings({ startAtLogin: true }))
    expect(entry()).toContain('\nExec=/new/godwit --hidden\n')
    expect([...saved]).toEqual([])
  })

  it('another setting changes nothing of it', () => {
    const parts = autostart(loginOn('win32'))
    parts.reconcile(settings())
    parts.apply(settings({ theme: 'dark' }))
    expect(asked).toEqual([])
    parts.apply(settings({ startAtLogin: true }))
    parts.apply(settings({ startAtLogin: true, theme: 'light' }))
    expect(asked).toEqual([{ openAtLogin: true, args: ['--hidden'] }])
  })

  it('a folder that cannot be written is told to the log and ends nothing', () => {
    mkdirSync(join(home, '.config'), { recursive: true })
    writeFileSync(join(home, '.config/autostart'), 'a file in the way')
    autostart(loginOn('linux')).apply(settings({ startAtLogin: true }))
    expect(told).toEqual(['start with the system not changed'])
  })
})
