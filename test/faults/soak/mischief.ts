/** Random faults for a soak, one after the other, each by the seed and with an end of its own. */
import type { DemoServer } from '#test/server/server.ts'
import { type FaultProxy, jittered, trickled } from '../proxy.ts'

export interface Victim {
  readonly userId: string
  readonly proxy: FaultProxy
}

export interface MischiefOptions {
  readonly server: DemoServer
  readonly victims: readonly Victim[]
  readonly random: () => number
  readonly restart: (userId: string) => void
  readonly endThread: (userId: string) => void
}

export interface Mischief {
  /** How many of each kind were done. */
  readonly done: ReadonlyMap<string, number>
  /** No more of it; what lasts is ended. */
  stop(): Promise<void>
}

const usualLength = 2_000
const betweenMs = 4_000
const longestMs = 15_000

type Fault = (victim: Victim, lastsMs: number) => (() => void) | void

export function startMischief({ server, victims, random, restart, endThread }: MischiefOptions): Mischief {
  const { control } = server
  const done = new Map<string, number>()
  const lasting = new Map<NodeJS.Timeout, () => void>()
  let isOver = false
  let next: NodeJS.Timeout | undefined

  const faults: Readonly<Record<string, Fault>> = {
    reset: ({ proxy }) => proxy.reset(),
    end: ({ proxy }) => proxy.end(),
    closed: ({ userId }) => void control.closeSockets({ userId, code: 1011 }),
    blackHole: ({ proxy }) => {
      proxy.blackHole('both')
      return () => proxy.heal()
    },
    blackHoleIn: ({ proxy }) => {
      proxy.blackHole('in')
      return () => proxy.heal()
    },
    blackHoleOut: ({ proxy }) => {
      proxy.blackHole('out')
      return () => proxy.heal()
    },
    jitter: ({ proxy }) => {
      proxy.shape('both', jittered(500, random))
      return () => proxy.shape('both', null)
    },
    trickle: ({ proxy }) => {
      proxy.shape('both', trickled(20_000))
      return () => proxy.shape('both', null)
    },
    notListening: ({ proxy }) => {
      void proxy.listen(false)
      proxy.reset()
      return () => void proxy.listen(true)
    },
    doubled: ({ userId }) => control.doublePushes({ userId, count: 50, times: 3 }),
    reordered: ({ userId }) => {
      control.reorderPushes({ userId, window: 20, seed: Math.floor(random() * 1e6) })
      return () => control.reorderPushes({ window: 1 })
    },
    dropped: ({ userId }) => control.dropPushes({ userId, count: 30 }),
    ackLost: ({ userId }) => control.dropAcks({ userId, count: 10 }),
    serverRestart: () => void control.stop({ forMs: random() * 4_000 }),
    clientRestart: ({ userId }) => restart(userId),
    threadEnded: ({ userId }) => endThread(userId),
    limit: () => {
      control.policy({ maxMessageLength: 25 })
      return () => control.policy({ maxMessageLength: usualLength })
    },
    readOnly: ({ userId }) => {
      control.permission({ userId, permission: 'read_only' })
      return () => control.permission({ userId, permission: 'full_access' })
    },
  }
  const kinds = Object.keys(faults)

  function act(): void {
    const kind = kinds[Math.floor(random() * kinds.length)]
    const victim = victims[Math.floor(random() * victims.length)]
    const fault = kind === undefined ? undefined : faults[kind]
    if (kind !== undefined && victim !== undefined && fault !== undefined) {
      done.set(kind, (done.get(kind) ?? 0) + 1)
      const lastsMs = 1_000 + random() * longestMs
      const end = fault(victim, lastsMs)
      if (end !== undefined) {
        const timer = setTimeout(() => {
          lasting.delete(timer)
          end()
        }, lastsMs)
        lasting.set(timer, end)
      }
    }
    if (!isOver) next = setTimeout(act, random() * 2 * betweenMs)
  }
  next = setTimeout(act, betweenMs)

  return {
    done,
    async stop() {
      isOver = true
      clearTimeout(next)
      for (const [timer, end] of lasting) {
        clearTimeout(timer)
        end()
      }
      lasting.clear()
      control.clearFaults()
      for (const { proxy } of victims) {
        proxy.heal()
        proxy.shape('both', null)
        await proxy.listen(true)
      }
      await control.start()
    },
  }
}
