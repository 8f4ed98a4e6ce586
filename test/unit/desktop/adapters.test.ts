/** What the adapters of tray and badge ask of Electron, on each system, and that they ask nothing where it has nothing. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { projectDir } from '../../../build/scripts/run.ts'
import type { TrayIcon, TrayLook, TrayState } from '#electron/adapters/tray/trayIcon.ts'
import type { NativeImage } from '../../host/electron/nativeImage.ts'

const iconsDir = join(projectDir, 'build/icons/tray')

// Electron as the host has it, written to Electron's documentation.
const host = await vi.hoisted(async () => {
  const { createTrays } = await import('../../host/electron/tray.ts')
  const { hostedMenu } = await import('../../host/electron/menu.ts')
  const { nativeImage } = await import('../../host/electron/nativeImage.ts')
  const { Tray, all } = createTrays()
  return { Tray, Menu: hostedMenu, nativeImage, trays: all }
})
vi.mock('electron', () => host)
const { createTrayIcon, trayIconFile } = await import('#electron/adapters/tray/trayIcon.ts')
const { createBadge, overlayFile } = await import('#electron/adapters/badge/badge.ts')

const states: readonly TrayState[] = ['online', 'connecting', 'offline', 'signedOut']
const look: TrayLook = { state: 'online', unread: false, toolTip: 'Godwit', menu: [{ id: 'open', label: 'Open' }] }
const shown = () => {
  const [tray] = host.trays()
  if (tray === undefined) throw new Error('no icon')
  return tray
}

describe.each(['linux', 'win32', 'darwin'] as const)('the tray icon on %s', (platform) => {
  let icon: TrayIcon
  let opened: number
  beforeEach(() => {
    for (const tray of host.trays()) tray.destroy()
    opened = 0
    icon = createTrayIcon(look, { platform, iconsDir, onOpen: () => void opened++ })
  })

  it('has a drawing for each state, with and without unread, and one for fine screens beside it', () => {
    for (const state of states) {
      for (const unread of [false, true]) {
        const file = trayIconFile(platform, state, unread)
        expect([file, existsSync(join(iconsDir, file))]).toEqual([file, true])
        expect(existsSync(join(iconsDir, file.replace('.png', '@2x.png')))).toBe(true)
        icon.show({ ...look, state, unread })
        expect(shown().hostState.image).toMatchObject({ hostPath: join(iconsDir, file) })
      }
    }
  })

  it('is a template image on macOS, and only there', () => {
    expect(trayIconFile(platform, 'online', true).endsWith('Template.png')).toBe(platform === 'darwin')
  })

  it('shows tooltip and menu anew when they are others', () => {
    icon.show({ ...look, toolTip: '2 unread', menu: [{ id: 'open', label: '打开' }] })
    const { toolTip, menu } = shown().hostState
    expect([toolTip, menu?.items.map(({ label }) => label)]).toEqual(['2 unread', ['打开']])
    const before = menu
    icon.show({ ...look, toolTip: '3 unread', menu: [{ id: 'open', label: '打开' }] })
    expect(shown().hostState.menu).toBe(before)
  })

  it('opens the window by a click, but for macOS, where a click opens the menu', () => {
    shown().hostClick()
    expect(opened).toBe(platform === 'darwin' ? 0 : 1)
  })

  it('leaves nothing behind', () => {
    icon.dispose()
    icon.dispose()
    expect(host.trays()).toEqual([])
  })
})

describe('the badge', () => {
  function badgeOn(platform: NodeJS.Platform) {
    const counts: number[] = []
    const overlays: [string | null, string][] = []
    const window = {
      setOverlayIcon: (image: object | null, description: string) =>
        void overlays.push([image === null ? null : (image as NativeImage).hostPath, description]),
    }
    const app = { setBadgeCount: (count?: number) => counts.push(count ?? -1) > 0 }
    return { badge: createBadge({ app, platform, windows: () => [window, window], iconsDir }), counts, overlays }
  }

  it.each(['darwin', 'linux'] as const)('is a number on the icon on %s', (platform) => {
    const { badge, counts, overlays } = badgeOn(platform)
    badge.show(3, 'three')
    badge.show(0, '')
    expect([counts, overlays]).toEqual([[3, 0], []])
  })

  it('is an overlay with its words on Windows, on every window, and goes when nothing waits', () => {
    const { badge, counts, overlays } = badgeOn('win32')
    badge.show(3, 'three messages')
    badge.show(0, 'nothing')
    const three = [join(iconsDir, 'overlay-3.png'), 'three messages']
    expect(overlays).toEqual([three, three, [null, ''], [null, '']])
    expect(counts).toEqual([])
  })

  it('has a drawing for every number', () => {
    for (let count = 1; count < 20; count++) expect(existsSync(join(iconsDir, overlayFile(count)))).toBe(true)
    expect(overlayFile(10)).toBe(overlayFile(4_000))
  })
})
