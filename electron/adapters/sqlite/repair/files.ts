/**
 * Where files go when another takes their place: what was damaged, or written by a newer version, is moved aside under a
 * telling name and stays there; the repaired file, or the older copy, takes its place. Every step is a renaming, done in
 * an order in which it can end at any point and be taken up again.
 *
 * Must never remove or overwrite a file that holds a user's words.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

const logEnds = ['-wal', '-shm'] as const

/** What waits to take the file's place, and what the file is called then. */
const marks = { repaired: 'damaged', older: 'newer' } as const

/** `messages.db` → `messages.damaged-20261121T104122Z.db` */
function nameBeside(file: string, mark: string): string {
  const extension = extname(file)
  return join(dirname(file), `${basename(file, extension)}.${mark}${extension}`)
}

/** UTC, to the second; a number behind it where that name is taken. */
export function freeStamp(file: string, at: Date): string {
  const stamp = at.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const isTaken = (one: string): boolean =>
    Object.entries(marks)
      .flat()
      .some((mark) => existsSync(nameBeside(file, `${mark}-${one}`)))
  let free = stamp
  for (let count = 2; isTaken(free); count++) free = `${stamp}-${count}`
  return free
}

export function damagedName(file: string, stamp: string): string {
  return nameBeside(file, `damaged-${stamp}`)
}

/** The complete new file, until it has taken its place. */
export function repairedName(file: string, stamp: string): string {
  return nameBeside(file, `repaired-${stamp}`)
}

/** A copy from before a newer version's changes, until it has taken its place. */
export function olderName(file: string, stamp: string): string {
  return nameBeside(file, `older-${stamp}`)
}

/** What a newer version changed, once the older copy has its place. */
export function newerName(file: string, stamp: string): string {
  return nameBeside(file, `newer-${stamp}`)
}

/**
 * Puts a repaired file or an older copy in its place, the other aside. To be called before every opening: it may be half
 * done.
 */
export function finishReplacing(file: string): void {
  for (const [waiting, aside] of Object.entries(marks)) {
    const stamp = waitingStamp(file, waiting)
    if (stamp === null) continue
    // The log first: beside a new file it would be taken for that one's.
    for (const end of [...logEnds, '']) {
      if (existsSync(file + end)) renameSync(file + end, nameBeside(file, `${aside}-${stamp}`) + end)
    }
    renameSync(nameBeside(file, `${waiting}-${stamp}`), file)
    syncFolder(dirname(file))
  }
}

function waitingStamp(file: string, mark: string): string | null {
  if (!existsSync(dirname(file))) return null
  const extension = extname(file)
  const start = `${basename(file, extension)}.${mark}-`
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
