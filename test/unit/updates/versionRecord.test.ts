/** Which start of a version is a failure, and when the way back is offered. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type VersionRecord, failuresBorne, judgeStart } from '#electron/core/updates/versionRecord.ts'

const settled: VersionRecord = { version: '0.1.0', settled: true, starts: 0, before: null, installing: null }

/** As a program that never comes up, or is killed before it has. */
const startedAgain = (record: VersionRecord | null, version: string) => judgeStart(record, version)

describe('a start', () => {
  it('is the first where nothing is known, and leads nowhere back', () => {
    let start = judgeStart(null, '0.1.0')
    expect(start).toMatchObject({ isOther: false, wayBack: null, record: { settled: false, starts: 1, before: null } })
    for (let count = 0; count < 5; count++) start = startedAgain(start.record, '0.1.0')
    expect(start.wayBack).toBeNull()
  })

  it('of a settled version changes nothing', () => {
    expect(judgeStart(settled, '0.1.0')).toEqual({
      record: settled,
      isOther: false,
      isWayBack: false,
      notInstalled: null,
      wayBack: null,
    })
  })

  it('of another version begins its trial, and remembers what ran well before it', () => {
    expect(judgeStart(settled, '0.2.0')).toMatchObject({
      isOther: true,
      wayBack: null,
      record: { version: '0.2.0', settled: false, starts: 1, before: '0.1.0' },
    })
  })

  it('offers the way back when a new version has failed twice, and again at every further start', () => {
    const first = judgeStart(settled, '0.2.0')
    const second = startedAgain(first.record, '0.2.0')
    expect(second.wayBack).toBeNull()
    const third = startedAgain(second.record, '0.2.0')
    expect(third.wayBack).toBe('0.1.0')
    expect(startedAgain(third.record, '0.2.0').wayBack).toBe('0.1.0')
  })

  it('leads back to what ran well, not to what failed in between', () => {
    const failed = judgeStart(settled, '0.2.0')
    expect(judgeStart(failed.record, '0.3.0').record.before).toBe('0.1.0')
  })

  it('after the way back was chosen knows that it was, and has nowhere further to go', () => {
    const failing = { ...judgeStart(settled, '0.2.0').record, installing: { version: '0.1.0', back: true } }
    expect(judgeStart(failing, '0.1.0')).toMatchObject({
      isOther: true,
      isWayBack: true,
      notInstalled: null,
      record: { version: '0.1.0', before: null, installing: null },
    })
  })

  it('by hand of the version before is no way back that was chosen here', () => {
    expect(judgeStart({ ...settled, version: '0.2.0' }, '0.1.0')).toMatchObject({ isOther: true, isWayBack: false })
  })

  it('of the old version tells that the new one was not put in place, once', () => {
    const waiting = { ...settled, installing: { version: '0.2.0', back: false } }
    const start = judgeStart(waiting, '0.1.0')
    expect(start.notInstalled).toBe('0.2.0')
    expect(judgeStart(start.record, '0.1.0').notInstalled).toBeNull()
  })

  it('never offers a version that is the running one, whatever is written', () => {
    const version = fc.constantFrom('0.1.0', '0.2.0', '0.3.0')
    const record = fc.record({
      version,
      settled: fc.boolean(),
      starts: fc.nat(5),
      before: fc.option(version),
      installing: fc.option(fc.record({ version, back: fc.boolean() })),
    })
    fc.assert(
      fc.property(record, version, (last, running) => {
        // What was written was written by this code: a version is not its own past.
        const start = judgeStart({ ...last, before: last.before === last.version ? null : last.before }, running)
        expect(start.wayBack).not.toBe(running)
        expect(start.record.before).not.toBe(running)
        expect(start.record.version).toBe(running)
        if (start.wayBack !== null) expect(start.record.starts).toBeGreaterThan(failuresBorne)
      }),
    )
  })
})
