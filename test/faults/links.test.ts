/** What networks do to a link: F1 to F5. Each way the client notices, comes back, and nothing is lost or doubled. */
import { describe, expect } from 'vitest'
import { rigFault } from './rig.ts'

const heartbeatMs = 1_000

describe('a link that breaks', () => {
  rigFault('F1', 'reset while messages go both ways', {}, async (rig, notes) => {
    const alice = await rig.client('alice', { heartbeatMs })
    const bob = await rig.client('bob', { heartbeatMs, direct: true })
    await Promise.all([alice.reaches('online'), bob.reaches('online')])
    const chat = await alice.opens({ person: 'bob' })
    const back = await bob.opens({ person: 'alice' })
    for (let n = 0; n < 5; n++) {
      await alice.says(chat, `from alice ${n}`)
      await bob.says(back, `from bob ${n}`)
    }
    const cutAt = performance.now()
    rig.proxy.reset()
    await expect.poll(() => alice.states.some(({ at, status }) => at > cutAt && status.state === 'offline')).toBe(true)
    const noticed = alice.states.find(({ at, status }) => at > cutAt && status.state === 'offline')
    notes.detectedAfter((noticed?.at ?? Infinity) - cutAt)
    for (let n = 5; n < 10; n++) await alice.says(chat, `from alice ${n}`)
  })
})
