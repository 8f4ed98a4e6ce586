/** How this program came onto the computer, and with that, whether it may renew itself. */
import { constants } from 'node:fs'
import { posix, win32 } from 'node:path'
import type { NoUpdateReason } from '#common/domain/update.ts'

/** What is put in place, and how. */
export type UpdateKind = 'appImage' | 'installer' | 'bundle'

export interface ProgramPlace {
  readonly platform: NodeJS.Platform
  readonly isPackaged: boolean
  /** From a store, which renews what it brought. */
  readonly isFromStore: boolean
  readonly execPath: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Throws as `fs.accessSync` does. */
  readonly access: (path: string, mode: number) => void
}

export function updateKind(place: ProgramPlace): UpdateKind | NoUpdateReason {
  const { platform, isPackaged, isFromStore, execPath, env } = place
  if (!isPackaged) return 'sources'
  if (isFromStore || env['SNAP'] !== undefined || env['FLATPAK_ID'] !== undefined) return 'store'
  if (platform === 'linux') return linuxKind(place)
  if (platform === 'win32') {
    // Only the installer leaves it; what was unpacked from the archive is renewed by whoever unpacked it.
    const uninstaller = win32.join(win32.dirname(execPath), 'Uninstall Godwit.exe')
    return can(place, uninstaller, constants.F_OK) ? 'installer' : 'unpacked'
  }
  // A disk image, or where macOS runs what was never moved out of the downloads.
  if (execPath.startsWith('/Volumes/') || execPath.includes('/AppTranslocation/')) return 'readOnly'
  return 'bundle'
}

function linuxKind(place: ProgramPlace): UpdateKind | NoUpdateReason {
  const { APPIMAGE: image, APPDIR: mounted } = place.env
  // Both are inherited by what an AppImage starts, a terminal for example: only what runs out of it is one.
  const isImage = image !== undefined && mounted !== undefined && place.execPath.startsWith(`${mounted}/`)
  if (!isImage) return 'packages'
  const replaceable = can(place, image, constants.W_OK) && can(place, posix.dirname(image), constants.W_OK)
  return replaceable ? 'appImage' : 'readOnly'
}

function can({ access }: ProgramPlace, path: string, mode: number): boolean {
  try {
    access(path, mode)
    return true
  } catch {
    return false
  }
}
