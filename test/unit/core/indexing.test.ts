import { describe, expect, it, vi } from 'vitest'
import { Indexing, indexingPauseMs } from '#electron/core/search/indexing.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'

function setUp(left: (number | Error)[]) {
  const clock = new FakeClock()
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const indexForSearch = vi.fn(() => {
    const next = left.shift() ?? 0
    return next instanceof Error ? Promise.reject(next) : Promise.resolve({ left: next, total: 1000 })
  })
  const indexing = new Indexing({ store: { indexForSearch }, clock, log })
  const pass = (): Promise<void> => clock.pass(indexingPauseMs)
  return { indexing, indexForSearch, log, pass }
}

describe('taking old messages into the index', () => {
  it('goes on bit by bit until none is left, and then rests', async () => {
    const { indexing, indexForSearch, log, pass } = setUp([500, 0])
    indexing.start()
    expect(indexForSearch).not.toHaveBeenCalled()
    for (let turn = 0; turn < 5; turn++) await pass()
    expect(indexForSearch).toHaveBeenCalledTimes(2)
    expect(log.info).toHaveBeenCalledOnce()
  })

  it('ends with the account', async () => {
    const { indexing, indexForSearch, pass } = setUp([500, 400, 300])
    indexing.start()
    await pass()
    indexing.dispose()
    await pass()
    expect(indexForSearch).toHaveBeenCalledOnce()
  })

  it('that fails is told, and does not go on against a broken database', async () => {
    const { indexing, indexForSearch, log, pass } = setUp([new Error('storage.failed'), 0])
    indexing.start()
    await pass()
    await pass()
    expect(indexForSearch).toHaveBeenCalledOnce()
    expect(log.error).toHaveBeenCalledWith('search: not indexed', { error: 'storage.failed' })
  })
})
