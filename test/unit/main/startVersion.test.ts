/** What is settled with the user before a version begins: the way back, and the older copies of his data. */
import { describe, expect, it } from 'vitest'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { OlderCopy } from '#electron/adapters/sqlite/backup.ts'
import type { Updater } from '#electron/core/ports/updater.ts'
import { type VersionRecord, judgeStart } from '#electron/core/updates/versionRecord.ts'
import type { Question } from '../../../electron/main/startTrouble.ts'
import { type StartVersionOptions, startVersion } from '../../../electron/main/startVersion.ts'

const record: VersionRecord = { version: '0.2.0', settled: false, starts: 2, before: '0.1.0', installing: null }
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const copy: OlderCopy = { file: '/data/messages.db', copy: '/data/copy.db', takenAt: Date.UTC(2026, 10, 20, 9) }

interface World extends StartVersionOptions {
  readonly asked: Question[]
  readonly steps: string[]
}

interface Given {
  readonly last?: VersionRecord
  readonly running?: string
  /** What the user presses, by the text of the button. */
  readonly answers?: readonly RegExp[]
  readonly found?: Result<{ version: string } | null>
  readonly installed?: Result<{ ends: boolean }>
  readonly hasUpdater?: boolean
  readonly cancels?: boolean
  readonly copies?: readonly OlderCopy[]
  readonly locale?: 'zh-CN' | 'en'
}

function world(given: Given): World {
  const { last = record, running = '0.2.0', answers = [], hasUpdater = true, cancels = false, copies = [] } = given
  const asked: Question[] = []
  const steps: string[] = []
  const waiting = [...answers]
  const updater: Updater = {
    check: () => Promise.resolve(given.found ?? ok({ version: '0.1.0' })),
    load: () => {
      steps.push('load')
      return Promise.resolve(ok(undefined))
    },
    install: ({ restart }) => {
      steps.push(`install ${restart ? 'and start' : ''}`)
      return Promise.resolve(given.installed ?? ok({ ends: true }))
    },
  }
  return {
    asked,
    steps,
    run: {
      start: judgeStart(last, running),
      keepsCopies: true,
      noteShown: () => undefined,
      noteInstalling: (version, { back }) => void steps.push(`note ${version} ${back ? 'back' : ''}`),
      noteEnd: () => undefined,
      dispose: () => undefined,
    },
    running,
    updaterFor: (version) => {
      steps.push(`updater for ${version}`)
      return Promise.resolve(hasUpdater ? updater : null)
    },
    olderCopies: () => copies,
    restore: ({ file }) => void steps.push(`restore ${file}`),
    locale: given.locale ?? 'en',
    ask: (question) => {
      asked.push(question)
      const wish = waiting.shift()
      if (wish === undefined) throw new Error(`nobody expected: ${question.message}`)
      return Promise.resolve(question.buttons.findIndex((button) => wish.test(button)))
    },
    show: async (question, until) => {
      asked.push(question)
      if (cancels) return true
      await until
      return false
    },
    log: quiet,
  }
}

describe('a version that failed twice', () => {
  it('offers the version before, fetches it, notes it and starts it', async () => {
    const w = world({ answers: [/Go back to 0\.1\.0/] })
    expect(await startVersion(w)).toBe('left')
    expect(w.steps).toEqual(['updater for 0.1.0', 'load', 'note 0.1.0 back', 'install and start'])
    expect(w.asked.map(({ message }) => message)).toEqual([
      'Godwit 0.2.0 did not start 2 times in a row.',
      'Fetching Godwit 0.1.0…',
    ])
  })

  it('begins all the same when the user wants to try it again', async () => {
    const w = world({ answers: [/Try again/] })
    expect(await startVersion(w)).toBe('begin')
    expect(w.steps).toEqual(['updater for 0.1.0'])
  })

  it('ends when he has had enough', async () => {
    expect(await startVersion(world({ answers: [/Quit/] }))).toBe('quit')
  })

  it('tells what to install where packages bring the versions, and offers no button for it', async () => {
    const w = world({ hasUpdater: false, answers: [/Try again/] })
    expect(await startVersion(w)).toBe('begin')
    expect(w.asked[0]?.buttons).toEqual(['Try again', 'Quit'])
    expect(w.asked[0]?.detail).toContain('install version 0.1.0 again')
  })

  it.each<[what: string, given: Given]>([
    ['the feed does not answer', { found: fail('update.unreachable') }],
    ['the version is not there', { found: ok(null) }],
    ['it cannot be put in place', { installed: fail('update.notInstalled') }],
  ])('says that nothing was changed when %s, and asks again', async (_what, given) => {
    const w = world({ ...given, answers: [/Go back/, /Try again/, /Quit/] })
    expect(await startVersion(w)).toBe('quit')
    expect(w.asked.some(({ detail }) => detail.startsWith('Nothing was changed.'))).toBe(true)
  })

  it('can be told to stop fetching, and is asked again', async () => {
    const w = world({ cancels: true, answers: [/Go back/, /Quit/] })
    expect(await startVersion(w)).toBe('quit')
    expect(w.steps).not.toContain('install and start')
  })

  it('speaks Chinese', async () => {
    const w = world({ locale: 'zh-CN', answers: [/退回 0\.1\.0/] })
    expect(await startVersion(w)).toBe('left')
    expect(w.asked[0]?.message).toBe('Godwit 0.2.0 连续 2 次未能启动。')
  })
})

describe('an older version after a newer one', () => {
  const settled = { ...record, settled: true, starts: 0, before: null }

  it('asks before it uses the copies, and uses all of them', async () => {
    const other = { ...copy, file: '/data/app.db' }
    const w = world({ last: settled, running: '0.1.0', copies: [copy, other], answers: [/Use the copy/] })
    expect(await startVersion(w)).toBe('begin')
    expect(w.steps).toEqual(['restore /data/messages.db', 'restore /data/app.db'])
    expect(w.asked[0]?.detail).toContain('November 20, 2026')
  })

  it('touches nothing when the user says so', async () => {
    const w = world({ last: settled, running: '0.1.0', copies: [copy], answers: [/Leave/] })
    expect(await startVersion(w)).toBe('begin')
    expect(w.steps).toEqual([])
  })

  it('uses them without a question when the way back was chosen', async () => {
    const last = { ...record, installing: { version: '0.1.0', back: true } }
    const w = world({ last, running: '0.1.0', copies: [copy] })
    expect(await startVersion(w)).toBe('begin')
    expect(w.steps).toEqual(['restore /data/messages.db'])
  })

  it('asks nothing where no copy is needed, as after every ordinary update', async () => {
    const w = world({ last: { ...settled, version: '0.1.0' }, running: '0.2.0' })
    expect(await startVersion(w)).toBe('begin')
    expect(w.asked).toEqual([])
  })
})
