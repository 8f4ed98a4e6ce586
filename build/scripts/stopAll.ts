/** The end of a script: when it comes, and how child processes are ended: asked first, and after a while no longer. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

const patienceMs = 5_000

/** Settles with 0, the exit code of an orderly end, when a person or a supervisor asks this process to stop. */
export function askedToStop(): Promise<number> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done(0))
  })
}

/** Stops the given processes one after another, in order; returns when all are gone. */
export async function stopAll(children: readonly ChildProcess[]): Promise<void> {
  for (const child of children) await stop(child)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const lastResort = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await gone
  clearTimeout(lastResort)
}
