/** What diagnostics count, against rows made for it. */
import { describe, expect, it } from 'vitest'
import { frame, memoryStore, now, received, send, team } from './support.ts'

describe('the counts for diagnostics', () => {
  it('are nothing for a new store', () => {
    expect(memoryStore().counts(true)).toEqual({
      queued: 0,
      undecoded: 0,
      quarantined: 0,
      holes: 0,
      conversations: 0,
      messages: 0,
    })
  })

  it('tell of gaps, of what waits, of what was not understood; and count messages only when asked to', () => {
    const store = memoryStore()
    const numbered = [1, 2, 4, 9].map((sequence) =>
      frame(received({ serverId: `s${sequence}`, sequence: String(sequence), text: `t${sequence}` })),
    )
    store.ingest(
      numbered.map((inbound, index) => ({
        ...inbound,
        covers: { conversation: team, sequence: String([1, 2, 4, 9][index]) },
      })),
      now,
    )
    send(store, 'waits')
    store.keepUndecoded([{ destination: '/x', contentType: null, reason: 'typeUnknown', body: new Uint8Array(3) }], now)
    const counts = { queued: 1, undecoded: 1, quarantined: 0, holes: 2, conversations: 1 }
    expect(store.counts(false)).toEqual({ ...counts, messages: null })
    expect(store.counts(true)).toEqual({ ...counts, messages: 5 })
  })
})
