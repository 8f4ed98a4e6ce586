/**
 * Where a repair puts files: what was damaged is moved aside under a telling name and stays there; the new file takes
 * its place. Every step is a renaming, done in an order in which it can end at any point and be taken up again.
 *
 * Must never remove or overwrite a file that holds a user's words.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

const logEnds = ['-wal', '-shm'] as const

/** `messages.db` → `messages.damaged-20261121T104122Z.db` */
function nameBeside(file: string, mark: string): string {
  const extension = extname(file)
  return join(dirname(file), `${basename(file, extension)}.${mark}${extension}`)
}

/** UTC, to the second; a number behind it where that name is taken. */
export function freeStamp(file: string, at: Date): string {
  const stamp = at.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  let free = stamp
  for (let count = 2; existsSync(damagedName(file, free)) || existsSync(repairedName(file, free)); count++) {
    free = `${stamp}-${count}`
  }
  return free
}

export function damagedName(file: string, stamp: string): string {
  return nameBeside(file, `damaged-${stamp}`)
}

/** The complete new file, until it has taken its place. */
export function repairedName(file: string, stamp: string): string {
  return nameBeside(file, `repaired-${stamp}`)
}

/** Puts a repaired file in its place, the damaged one aside. To be called before every opening: it may be half done. */
export function finishRepair(file: string): void {
  const stamp = waitingStamp(file)
  if (stamp === null) return
  // The log first: beside a new file it would be taken for that one's.
  for (const end of [...logEnds, '']) {
    if (existsSync(file + end)) renameSync(file + end, damagedName(file, stamp) + end)
  }
  renameSync(repairedName(file, stamp), file)
  syncFolder(dirname(file))
}

function waitingStamp(file: string): string | null {
  if (!existsSync(dirname(file))) return null
  const extension = extname(file)
  const start = `${basename(file, extension)}.repaired-`
  const name = readdirSync(dirname(file)).find((other) => other.startsWith(start) && other.endsWith(extension))
  return name === undefined ? null : name.slice(start.length, name.length - extension.length)
}

/** Renamings are on stable storage only when their folder is. Windows has no such thing and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform !== 'win32') syncPath(folder)
}

export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
