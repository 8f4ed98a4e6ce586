import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { appError } from '#common/base/errors.ts'
import { type DoctorStep, type Examination, doctorFindings, doctorSteps, stepStates } from '#common/domain/doctor.ts'
import DiagnosticsPanel from '../../renderer/src/features/diagnostics/DiagnosticsPanel.vue'
import { ratesOf } from '../../renderer/src/features/diagnostics/meter.ts'
import en from '../../renderer/src/i18n/en.json'
import zhCN from '../../renderer/src/i18n/zh-CN.json'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, meterReading } from './fakes/rows.ts'

let bridge: FakeBridge
let page: MountedPage

beforeEach(() => {
  bridge = createFakeBridge(createWorld())
  bridge.world.accounts = [account()]
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
  vi.useRealTimers()
})

async function open(locale: 'en' | 'zh-CN' = 'en'): Promise<void> {
  page = await mountPage({ bridge, component: DiagnosticsPanel, locale, before: () => startStores() })
}

const button = (name: string) => page.wrapper.findAll('button').find((one) => one.text() === name)
const status = (name: string) => page.wrapper.get(`[role="status"][aria-label="${name}"]`).text()
async function press(name: string): Promise<void> {
  await button(name)?.trigger('click')
  await flushPromises()
}

function steps(...told: readonly Partial<DoctorStep>[]): DoctorStep[] {
  return doctorSteps.map((name, index) => ({
    name,
    state: 'waiting',
    ms: null,
    finding: null,
    data: {},
    problem: null,
    ...told[index],
  }))
}
async function found(examination: Partial<Examination>): Promise<void> {
  bridge.push({
    type: 'examination',
    examination: { accountId, startedAt: 1, state: 'done', steps: steps(), clockOffsetMs: null, ...examination },
  })
  await flushPromises()
}

describe('the test of the connection', () => {
  it('says beforehand what it does, shows each step as it comes, and can be stopped', async () => {
    await open()
    expect(page.wrapper.text()).toContain('it reads and sends no message')
    await press('Test the connection')
    expect(bridge.inputsOf('doctor.start')).toEqual([{ accountId }])
    await found({
      state: 'running',
      steps: steps(
        { state: 'passed', ms: 3.2, finding: 'nameFound', data: { host: 'a.example', address: '10.0.0.1' } },
        { state: 'running' },
      ),
    })
    expect(status('Result of the test')).toBe('Testing…')
    const shown = page.wrapper.findAll('ol li').map((item) => item.text())
    expect(shown).toHaveLength(doctorSteps.length)
    expect(shown[0]).toMatch(/in order.*a\.example is 10\.0\.0\.1\..*3 ms/s)
    expect(shown[1]).toContain('under way')
    await press('Stop the test')
    expect(bridge.inputsOf('doctor.stop')).toHaveLength(1)
    await found({ state: 'stopped' })
    expect(status('Result of the test')).toBe('The test was stopped.')
    expect(button('Test again')).toBeDefined()
  })

  it('names the step it gets stuck at, why, and what can be done', async () => {
    await open()
    await found({
      steps: steps({}, { state: 'failed', ms: 1, problem: { code: 'link.refused', detail: 'ECONNREFUSED' } }),
    })
    expect(status('Result of the test')).toBe('It gets stuck here: Reach the server.')
    const stuck = page.wrapper.findAll('ol li')[1]?.text()
    expect(stuck).toContain(en.errors.link.refused)
    expect(stuck).toContain('link.refused · ECONNREFUSED')
  })

  it('tells of a page in place of the server, of a certificate that ends, and of a clock that is wrong', async () => {
    await open()
    await found({
      steps: steps(
        {},
        {},
        {},
        { state: 'warned', finding: 'certificateEnding', data: { issuer: 'Example CA', days: 1 } },
        {
          state: 'failed',
          finding: 'portal',
          data: { status: 200 },
          problem: { code: 'link.httpUnexpected', detail: null },
        },
        {},
        {},
        { state: 'warned', finding: 'clockOff', data: { ms: 4, offsetMs: -3_600_000 } },
      ),
    })
    expect(page.wrapper.text()).toContain('The certificate of Example CA ends in 1 day. Tell')
    expect(page.wrapper.text()).toContain('(HTTP 200). Open a browser')
    expect(page.wrapper.text()).toContain('differs by −60 min')
  })

  it('shows what was found before the page was loaded anew', async () => {
    bridge.world.examination = { accountId, startedAt: 1, state: 'done', steps: steps(), clockOffsetMs: null }
    await open('zh-CN')
    expect(status('测试结果')).toBe('一切正常：可以连上服务器，并且有应答。')
  })

  it('has words for every step, state and finding in both languages', async () => {
    await open()
    for (const { diagnostics } of [en, zhCN]) {
      expect(Object.keys(diagnostics.doctor.steps)).toEqual([...doctorSteps])
      expect(Object.keys(diagnostics.doctor.states)).toEqual([...stepStates])
      expect(Object.keys(diagnostics.doctor.findings).sort()).toEqual([...doctorFindings].sort())
    }
  })
})

describe('the check of what is stored', () => {
  it('tells what it counted, and what it put right', async () => {
    const release = bridge.hold('database.check')
    bridge.world.check = {
      ms: 12,
      repaired: 0,
      messages: 1_234_567,
      conversations: 7,
      queued: 1,
      undecoded: 2,
      quarantined: 0,
      holes: 3,
      databaseBytes: 5 * 1024 * 1024,
      filesBytes: 0,
    }
    await open()
    await press('Check now')
    expect(status('Result of the check')).toBe('Checking…')
    expect(button('Check now')?.attributes('disabled')).toBeDefined()
    release()
    await flushPromises()
    expect(status('Result of the check')).toBe('All counts are right.')
    expect(page.wrapper.text()).toContain('1,234,567')
    expect(page.wrapper.text()).toContain('5 MB')
    bridge.world.check = { ...bridge.world.check, repaired: 2 }
    await press('Check now')
    expect(status('Result of the check')).toBe('2 counts were wrong and have been put right.')
  })

  it('says why it cannot be made', async () => {
    bridge.refuse('database.check', appError('storage.corrupt'))
    await open()
    await press('Check now')
    expect(status('Result of the check')).toBe(en.errors.storage.corrupt)
  })
})

describe('the meter', () => {
  it('asks once a second while it is looked at, and never after', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    let asked = 0
    bridge.world.meter = () => meterReading({ at: asked++ * 1_000, framesIn: asked * 30, queued: 4 })
    await open()
    vi.advanceTimersByTime(1_000)
    await flushPromises()
    expect(bridge.inputsOf('meter.read')).toEqual([{ accountId }, { accountId }])
    const region = page.wrapper.findAll('section').find((one) => one.find('h2').text() === 'Meter')
    expect(region?.text()).toContain('30 /s')
    expect(region?.text()).toContain('99 % within 7.2 ms')
    // Of two readings: two values, but only one difference.
    expect(region?.findAll('svg.spark').length).toBe(4)
    expect(region?.findAll('svg.spark polyline').length).toBe(2)
    page.unmount()
    vi.advanceTimersByTime(10_000)
    expect(bridge.inputsOf('meter.read')).toHaveLength(2)
    await open()
  })

  it('says so when nothing can be measured', async () => {
    bridge.refuse('meter.read', appError('internal'))
    await open()
    expect(page.wrapper.get('[role="alert"]').text()).toBe(en.errors.internal)
  })

  it('counts by what lies between two readings, and never less than nothing', () => {
    const readings = [
      meterReading({ at: 0, framesIn: 10 }),
      meterReading({ at: 500, framesIn: 20 }),
      meterReading({ at: 1_500, framesIn: 5 }),
      meterReading({ at: 1_500, framesIn: 5 }),
    ]
    expect(ratesOf(readings, ({ framesIn }) => framesIn)).toEqual([20, 0, 0])
  })
})

describe('what is handed on', () => {
  it('is copied, or saved where the person wishes; closing the dialog says nothing', async () => {
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await open()
    await press('Copy the report')
    expect(writeText).toHaveBeenCalledWith('Godwit 0.1.0\n')
    expect(status('What was done')).toBe('Copied.')
    await press('Save the report…')
    expect(status('What was done')).toBe('Saved.')
    await press('Save the log…')
    expect(status('What was done')).toBe('')
  })
})

describe('a sandbox that is off', () => {
  it.each([
    ['en', 'Off: what others send is not kept away from your files'],
    ['zh-CN', '已关闭：无法防止他人发来的内容接触您的文件'],
  ] as const)('is named among the versions for as long as it is, in %s', async (locale, words) => {
    bridge.world.sandboxed = false
    await open(locale)
    await flushPromises()
    expect(page.wrapper.text()).toContain(words)
  })

  it('is not spoken of where it is on', async () => {
    await open()
    await flushPromises()
    expect(page.wrapper.text()).toContain('Node.js')
    expect(page.wrapper.text()).not.toContain('Sandbox')
  })
})
