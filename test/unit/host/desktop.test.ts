import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FixtureEvent, type StartedFixture, fixtureForTest, startFixture } from './fixture.ts'

let fixture: StartedFixture
beforeAll(async () => {
  fixture = await startFixture()
}, 60_000)
afterAll(() => fixture.dispose())

const events = (): Promise<FixtureEvent[]> => fixture.invoke('events')

describe('what the app asks of the desktop', () => {
  it('is recorded, not done, and dialogs are answered as prepared', async () => {
    const control = fixture.app.control()
    await control.answerDialog({ kind: 'message', response: 1 })
    expect(await fixture.invoke('desktop')).toEqual({ response: 1, text: 'copied' })
    expect(await control.calls('shell.openExternal')).toMatchObject([{ args: ['https://example.org/', null] }])
    expect(await control.calls('app.setBadgeCount')).toEqual([{ name: 'app.setBadgeCount', args: [3] }])
    expect((await control.calls()).map(({ name }) => name)).toContain('app.setAsDefaultProtocolClient')
  })

  it('shows in its notifications, which a test clicks and answers', async () => {
    const control = fixture.app.control()
    const [notification] = await control.notifications()
    expect(notification).toMatchObject({ title: 'Ada', body: 'hello', hasReply: true, state: 'shown' })
    await control.notification(notification?.id ?? '', { kind: 'click' })
    await control.notification(notification?.id ?? '', { kind: 'reply', text: 'hi' })
    expect(await events()).toEqual(
      expect.arrayContaining([{ name: 'notification-click' }, { name: 'notification-reply', text: 'hi' }]),
    )
  })

  it('shows in its tray menu, whose items a test presses', async () => {
    const control = fixture.app.control()
    const [tray] = await control.trays()
    expect(tray).toMatchObject({ toolTip: 'Fixture', menu: [{ label: 'Open', type: 'normal' }, { role: 'quit' }] })
    await control.clickMenu('tray', ['Open'])
    expect(await events()).toContainEqual({ name: 'tray-open' })
    await expect(control.clickMenu('tray', ['Nothing'])).rejects.toThrow('no menu item "Nothing" among: Open, Quit')
  })
})

describe('what the system does', () => {
  it('reaches the app: power, activation', async () => {
    await fixture.app.control().powerEvent('suspend')
    await fixture.app.control().appEvent('activate')
    expect((await events()).map(({ name }) => name)).toEqual(expect.arrayContaining(['suspend', 'activate']))
  })

  it('moves the focus between windows and hides them', async () => {
    const control = fixture.app.control()
    const state = async () => {
      const [window] = await control.windows()
      return { id: window?.id ?? 0, visible: window?.visible, focused: window?.focused }
    }
    const { id } = await state()
    expect(await state()).toEqual({ id, visible: true, focused: true })
    await control.window(id, 'blur')
    expect(await state()).toEqual({ id, visible: true, focused: false })
    await control.window(id, 'hide')
    expect(await state()).toEqual({ id, visible: false, focused: false })
    await control.window(id, 'show')
    expect(await state()).toEqual({ id, visible: true, focused: true })
  })
})

describe('permissions', () => {
  it.each([
    ['notifications', true],
    ['media', false],
    ['geolocation', false],
  ])('are as the app’s handlers say: %s', async (permission, granted) => {
    const control = fixture.app.control()
    const [window] = await control.windows()
    const answer = await control.permission(window?.id ?? 0, permission, 'app://fixture/index.html')
    expect(answer).toEqual({ requested: granted, checked: granted })
  })
})

describe('a window', () => {
  it('tells its web preferences as they take effect', async () => {
    const [window] = await fixture.app.control().windows()
    expect(window?.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
    })
  })
})

describe('what is not emulated', () => {
  it('throws its name', async () => {
    expect(await fixture.invoke('unknown')).toEqual({
      method: 'host: electron.app.getMagic is not emulated',
      property: 'host: electron.WebContents.sorcery is not emulated',
      module: 'host: electron.inAppPurchase is not emulated',
      window: 'host: webPreferences.sandbox other than true is not emulated',
      forkedProcess: 'host: electron.utilityProcess.fork is not emulated',
    })
  })
})

describe('safeStorage', () => {
  const canary = 'canary-5d1c'

  it('gives a secret back after a restart, and keeps neither it nor its key in the user data folder', async () => {
    const first = await fixtureForTest()
    await first.invoke('save-secret', canary)
    await first.app.quit()
    const keyring = `${first.folder}-keyring`
    const second = await fixtureForTest({ userDataDir: first.folder, env: { GODWIT_HOST_KEYRING: keyring } })
    expect(await second.invoke('read-secret')).toBe(canary)
    await second.app.quit()

    const key = readFileSync(join(keyring, 'safe-storage.key'))
    expect(statSync(join(keyring, 'safe-storage.key')).mode & 0o777).toBe(0o600)
    const files = readdirSync(first.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name))
      expect(bytes.includes(canary) || bytes.includes(key), file.name).toBe(false)
    }
  })

  it('notices a changed byte', async () => {
    const { invoke, folder } = await fixtureForTest()
    await invoke('save-secret', canary)
    const sealed = readFileSync(join(folder, 'secret.bin'))
    sealed[sealed.length - 20] = (sealed[sealed.length - 20] ?? 0) ^ 1
    writeFileSync(join(folder, 'secret.bin'), sealed)
    await expect(invoke('read-secret')).rejects.toThrow('Error while decrypting the ciphertext')
  })

  it.each([
    ['basic_text', { available: false, backend: 'basic_text' }],
    ['unavailable', { available: false, backend: 'basic_text' }],
    ['', { available: true, backend: 'gnome_libsecret' }],
  ])('can be as weak as a Linux desktop may be: %s', async (mode, expected) => {
    const { invoke } = await fixtureForTest({ env: { GODWIT_HOST_SAFE_STORAGE: mode } })
    expect(await invoke('secrets')).toEqual(expected)
    if (expected.available) return
    await expect(invoke('save-secret', canary)).rejects.toThrow('Encryption is not available')
  })
})
