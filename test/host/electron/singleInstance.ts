/**
 * `app.requestSingleInstanceLock`: one instance per user data folder, and the message from a second one to the first.
 *
 * The call is synchronous, and the second instance usually quits right after it, so nothing here may depend on the
 * second one living on: the lock is a file with the holder's process id, a message is a file moved into its inbox.
 * A lock whose holder is dead (or whose id now belongs to another process) is taken over.
 */
import { type FSWatcher, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { isRunning, processStat } from '../chromium/profile.ts'

export interface SecondInstance {
  argv: string[]
  workingDirectory: string
  additionalData: unknown
}

export interface SingleInstance {
  /** True if this process holds the lock now; else the holder has been told. */
  request(message: SecondInstance): boolean
  has(): boolean
  release(): void
}

export function createSingleInstance(options: {
  folder: () => string
  onSecondInstance(message: SecondInstance): void
}): SingleInstance {
  let held: { file: string; watcher: FSWatcher } | undefined
  const self = `${process.pid} ${startOf(process.pid)}`

  function readInbox(inbox: string): void {
    for (const name of readdirSync(inbox)) {
      if (!name.endsWith('.json')) continue
      const path = join(inbox, name)
      const message = JSON.parse(readFileSync(path, 'utf8')) as SecondInstance
      rmSync(path)
      options.onSecondInstance(message)
    }
  }

  function take(file: string): boolean {
    try {
      writeFileSync(file, self, { flag: 'wx' })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (isHeld(readFileSync(file, 'utf8'))) return false
      rmSync(file, { force: true })
      return take(file)
    }
  }

  function release(): void {
    held?.watcher.close()
    if (held) rmSync(held.file, { force: true })
    held = undefined
  }

  return {
    request(message) {
      if (held) return true
      const inbox = join(options.folder(), 'SingletonInbox')
      const file = join(options.folder(), 'SingletonOwner')
      mkdirSync(inbox, { recursive: true })
      if (!take(file)) {
        const draft = join(inbox, randomUUID())
        writeFileSync(draft, JSON.stringify(message))
        renameSync(draft, `${draft}.json`)
        return false
      }
      for (const stale of readdirSync(inbox)) rmSync(join(inbox, stale), { force: true })
      const watcher = watch(inbox, { persistent: false }, () => readInbox(inbox))
      held = { file, watcher }
      process.once('exit', release)
      return true
    },
    has: () => held !== undefined,
    release,
  }
}

function isHeld(owner: string): boolean {
  const [pid = '', start = ''] = owner.split(' ')
  return isRunning(Number(pid)) && startOf(Number(pid)) === start
}

/** When the process started, where the system tells: a process id alone is used again sooner or later. */
function startOf(pid: number): string {
  return processStat(pid)[19] ?? '-'
}
