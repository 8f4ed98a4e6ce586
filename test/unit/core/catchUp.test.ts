import { beforeEach, describe, expect, it } from 'vitest'
import type { ServerEvent } from '#common/domain/events.ts'
import { CatchUp, earliestLiveMs, syncQuietMs } from '#electron/core/catchUp.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'

let clock: FakeClock
let catchUp: CatchUp

beforeEach(() => {
  clock = new FakeClock()
  catchUp = new CatchUp(clock)
  catchUp.start()
})

function message(serverTime: number | null): ServerEvent {
  return {
    type: 'message.received',
    conversation: { kind: 'group', groupId: 'g' },
    serverId: null,
    clientId: null,
    senderId: 'bob',
    content: { kind: 'text', text: 'x' },
    sequence: null,
    serverTime,
    state: 'sent',
    recalled: false,
  }
}

describe('being up to date', () => {
  it('is believed once nothing came for a while', async () => {
    await clock.pass(500)
    catchUp.came([])
    expect(catchUp.remainingMs()).toBe(syncQuietMs)
    await clock.pass(syncQuietMs - 1)
    expect(catchUp.remainingMs()).toBe(1)
    await clock.pass(1)
    expect(catchUp.remainingMs()).toBe(0)
  })

  it('is not believed while missed messages pour in, however long that takes', async () => {
    for (let index = 0; index < 2_000; index++) {
      catchUp.came([message(index * 60_000)])
      await clock.pass(20)
      expect(catchUp.remainingMs()).toBeGreaterThan(0)
    }
  })

  it('is believed although live messages never pause, whatever the clock of the server says', async () => {
    for (let index = 0; index < 1_000; index++) {
      catchUp.came([message(index * 60_000)])
      await clock.pass(10)
    }
    for (let waited = 0; catchUp.remainingMs() > 0; waited += 100) {
      expect(waited).toBeLessThan(3_000)
      catchUp.came([message(9e12 + clock.monotonic())])
      await clock.pass(100)
    }
  })

  it('is not believed before the second question was answered', async () => {
    while (clock.monotonic() < earliestLiveMs - 100) {
      catchUp.came([message(clock.monotonic())])
      await clock.pass(100)
      if (clock.monotonic() < earliestLiveMs) expect(catchUp.remainingMs()).toBeGreaterThan(0)
    }
  })
})
