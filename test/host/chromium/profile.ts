/** Who is using a Chromium profile: a browser whose host was killed takes a moment to die, and writes until it has. */
import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 20

/** Process id of the Chromium that holds the profile; its lock is a link to `host-pid`. */
export function profileOwner(profileDir: string): number | undefined {
  try {
    return Number(readlinkSync(join(profileDir, 'SingletonLock')).split('-').at(-1))
  } catch {
    return undefined
  }
}

/** Whether a process is alive; one that has ended but was not yet waited for is not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return processStat(pid)[0] !== 'Z'
}

/** Fields of /proc/PID/stat from the third on, the state; empty where there is no such thing. */
export function processStat(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before it may hold anything, blanks and brackets too.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** Resolves when the process has ended, or the time is over. */
export async function untilEnded(pid: number | undefined, timeoutMs: number): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; pid !== undefined && isRunning(pid); await delay(pollMs)) {
    if (Date.now() > deadline) return
  }
}
