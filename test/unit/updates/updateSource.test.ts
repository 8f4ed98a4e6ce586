/** Which installations renew themselves, and by what; the others know why they do not. */
import { constants } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ProgramPlace, updateKind } from '#electron/adapters/updater/updateSource.ts'

const linux: ProgramPlace = {
  platform: 'linux',
  isPackaged: true,
  isFromStore: false,
  execPath: '/usr/lib/godwit/godwit',
  env: {},
  access: () => undefined,
}
const image = {
  execPath: '/tmp/.mount_abc/godwit',
  env: { APPIMAGE: '/home/me/Godwit.AppImage', APPDIR: '/tmp/.mount_abc' },
}
const windows = { platform: 'win32', execPath: 'C:\\Users\\me\\Godwit\\Godwit.exe' } as const
const mac = { platform: 'darwin', execPath: '/Applications/Godwit.app/Contents/MacOS/Godwit' } as const
const refusing =
  (refused: string) =>
  (path: string, mode: number): void => {
    if (path === refused && (mode === constants.W_OK || mode === constants.F_OK)) throw new Error('EACCES')
  }

describe('what renews an installation', () => {
  it.each<[what: string, place: Partial<ProgramPlace>, kind: ReturnType<typeof updateKind>]>([
    ['run from the sources', { isPackaged: false }, 'sources'],
    ['a deb or rpm', {}, 'packages'],
    ['an AppImage', image, 'appImage'],
    ['a deb started from a terminal that is an AppImage', { env: image.env }, 'packages'],
    ['an AppImage in a read-only place', { ...image, access: refusing('/home/me') }, 'readOnly'],
    ['an AppImage of somebody else', { ...image, access: refusing('/home/me/Godwit.AppImage') }, 'readOnly'],
    ['a snap', { env: { SNAP: '/snap/godwit/1' } }, 'store'],
    ['a flatpak', { env: { FLATPAK_ID: 'org.godwit.desktop' } }, 'store'],
    ['installed on Windows', windows, 'installer'],
    [
      'unpacked from the zip on Windows',
      { ...windows, access: refusing('C:\\Users\\me\\Godwit\\Uninstall Godwit.exe') },
      'unpacked',
    ],
    ['from the Microsoft Store', { ...windows, isFromStore: true }, 'store'],
    ['in Applications on macOS', mac, 'bundle'],
    ['from the Mac App Store', { ...mac, isFromStore: true }, 'store'],
    ['run from the disk image', { ...mac, execPath: '/Volumes/Godwit/Godwit.app/Contents/MacOS/Godwit' }, 'readOnly'],
    [
      'run from the downloads, moved aside by macOS',
      { ...mac, execPath: '/private/var/folders/x/AppTranslocation/1/d/Godwit.app/Contents/MacOS/Godwit' },
      'readOnly',
    ],
  ])('%s', (_what, place, kind) => {
    expect(updateKind({ ...linux, ...place })).toBe(kind)
  })
})
