/** How a version proves itself, on the disk. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type VersionRun, beginVersion } from '../../../electron/main/versionRun.ts'
import { FakeClock } from '../../fakes/fakeClock.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
let dir = ''
let clock: FakeClock

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'godwit-version-'))
  clock = new FakeClock()
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const begin = (running: string): VersionRun =>
  beginVersion({ file: join(dir, 'version.json'), running, clock, log: quiet })
const written = (): unknown => JSON.parse(readFileSync(join(dir, 'version.json'), 'utf8'))

/** Started, its page stood long enough, ended. */
async function ranWell(running: string): Promise<void> {
  const run = begin(running)
  run.noteShown()
  await clock.pass(15_000)
  run.dispose()
  run.noteEnd()
}

describe('a run', () => {
  it('settles its version once its page has stood for a while', async () => {
    await ranWell('0.1.0')
    expect(written()).toMatchObject({ version: '0.1.0', settled: true })
    expect(begin('0.1.0').keepsCopies).toBe(false)
  })

  it('that is killed before that counts, and the third one is offered the way back', async () => {
    await ranWell('0.1.0')
    for (const _failed of [1, 2]) expect(begin('0.2.0').start.wayBack).toBeNull()
    const third = begin('0.2.0')
    expect(third.start.wayBack).toBe('0.1.0')
    expect(third.keepsCopies).toBe(true)
  })

  it('that its user ended soon is no failure, when its page was there', async () => {
    await ranWell('0.1.0')
    for (let count = 0; count < 5; count++) {
      const run = begin('0.2.0')
      expect(run.start.wayBack).toBeNull()
      run.noteShown()
      await clock.pass(1_000)
      run.dispose()
      run.noteEnd()
    }
  })

  it('whose page never came is a failure, also when its user ended it', async () => {
    await ranWell('0.1.0')
    for (const _failed of [1, 2]) {
      const run = begin('0.2.0')
      run.dispose()
      run.noteEnd()
    }
    expect(begin('0.2.0').start.wayBack).toBe('0.1.0')
  })

  it('of an ordinary day writes nothing', async () => {
    await ranWell('0.1.0')
    const before = statSync(join(dir, 'version.json')).ino
    begin('0.1.0')
    expect(statSync(join(dir, 'version.json')).ino).toBe(before)
  })

  it.each(['', 'not json', '{"version":1}', '{"version":"0.1.0"}', '[]'])(
    'begins anew from a record that says %j',
    (text) => {
      writeFileSync(join(dir, 'version.json'), text)
      expect(begin('0.1.0').start).toMatchObject({ isOther: false, wayBack: null, notInstalled: null })
      expect(written()).toMatchObject({ version: '0.1.0', settled: false, starts: 1 })
    },
  )

  it('goes on where the disk takes nothing', () => {
    const run = beginVersion({ file: join(dir, 'nowhere/version.json'), running: '0.1.0', clock, log: quiet })
    expect(run.start.wayBack).toBeNull()
    run.noteShown()
  })
})
