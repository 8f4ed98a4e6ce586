/**
 * Heart-beats of all kinds: F36. Whatever a server promises, says or leaves out, a healthy link is never dropped and a
 * dead one is noticed within two intervals and a second.
 */
import { describe, expect } from 'vitest'
import { pingPeriodMs } from '#electron/core/watchdog.ts'
import type { Shaper } from './proxy.ts'
import { type Rig, type RigFaultOptions, rigFault } from './rig.ts'
import { attempts, isOnline, noticing, talking } from './watch.ts'

/** What the server wrote, exchanged for words of the same length, so that the message around it stays whole. */
function rewritten(from: string, to: string, onDone: () => void): Shaper {
  if (from.length !== to.length) throw new Error('of another length')
  return (chunk, write) => {
    const at = chunk.indexOf(from)
    if (at >= 0) {
      chunk.write(to, at)
      onDone()
    }
    write(chunk)
    return Promise.resolve()
  }
}

interface Beats {
  readonly what: string
  readonly options: RigFaultOptions
  /** The client asks for so much, ms. */
  readonly heartbeatMs?: number
  readonly speed: number
  /** The interval by which a dead link has to be noticed, ms of the client's time. */
  readonly intervalMs: number
  /** In CONNECTED: what the server says, and what arrives in its place. */
  readonly rewrite?: readonly [string, string]
  /** The server beats this often beside what was agreed, ms. */
  readonly beatsEveryMs?: number
}

const fast = { speed: 1, heartbeatMs: 1_000, intervalMs: 1_000 }
/** Nothing agreed: pings, in the time of a client ten times as fast. */
const pinging = { speed: 10, intervalMs: pingPeriodMs }

const kinds: readonly Beats[] = [
  { what: 'none: 0,0', options: { dialects: ['im2'], heartbeat: [0, 0] }, ...pinging },
  {
    what: 'the header is missing',
    options: { dialects: ['im2'], heartbeat: [0, 0] },
    rewrite: ['heart-beat:0,0', 'heart-lost:0,0'],
    ...pinging,
  },
  {
    what: 'the header is nonsense',
    options: { dialects: ['im2'], heartbeat: [0, 0] },
    rewrite: ['heart-beat:0,0', 'heart-beat:-,é'.slice(0, 14)],
    ...pinging,
  },
  {
    what: 'faster than agreed',
    options: { dialects: ['im2'], heartbeat: [1_000, 1_000] },
    beatsEveryMs: 100,
    ...fast,
  },
  {
    what: 'slower than agreed',
    options: { dialects: ['im2'], heartbeat: [5_000, 5_000] },
    rewrite: ['heart-beat:5000,5000', 'heart-beat:1000,1000'],
    ...fast,
  },
  {
    what: 'promised and never sent',
    options: { dialects: ['im2'], heartbeat: [0, 0] },
    rewrite: ['heart-beat:0,0', 'heart-beat:1,1'],
    ...fast,
  },
  { what: 'the server wants none of ours', options: { dialects: ['im2'], heartbeat: [1_000, 0] }, ...fast },
  {
    what: 'a server of the other kind that beats',
    options: { dialects: ['xuqm'], xuqmHeartbeat: [1_000, 1_000] },
    ...pinging,
  },
]

async function beats(rig: Rig, kind: Beats): Promise<number> {
  const { speed, heartbeatMs, intervalMs, rewrite, beatsEveryMs } = kind
  let rewrites = 0
  if (rewrite !== undefined)
    rig.proxy.shape(
      'in',
      rewritten(...rewrite, () => rewrites++),
    )
  const { alice, says, answers } = await talking(rig, { speed, ...(heartbeatMs !== undefined && { heartbeatMs }) })
  expect(rewrites).toBe(rewrite === undefined ? 0 : 1)
  const beating =
    beatsEveryMs === undefined
      ? undefined
      : setInterval(() => rig.server.control.raw({ userId: 'alice', text: '\n' }), beatsEveryMs)
  try {
    await says('there')
    await answers('back')
    await new Promise((resolve) => setTimeout(resolve, (3.5 * intervalMs) / speed))
    expect(attempts(alice)).toBe(1)
    expect(alice.session.connection.state).toBe('online')
    const holeAt = performance.now()
    rig.proxy.blackHole('both')
    await says('into the hole')
    const noticedMs = await noticing(alice, holeAt, speed)
    expect(noticedMs).toBeLessThanOrEqual(2 * intervalMs + 1_000)
    rig.proxy.heal()
    await isOnline(alice)
    return noticedMs
  } finally {
    clearInterval(beating)
  }
}

describe.concurrent('heart-beats', () => {
  for (const kind of kinds) {
    rigFault('F36', kind.what, { heardMarginMs: 120_000, ...kind.options }, async (rig, notes) =>
      notes.detectedAfter(await beats(rig, kind)),
    )
  }
})
