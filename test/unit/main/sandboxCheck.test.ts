/** A program without its sandbox: where that is found out, when it may run all the same, and what is said instead. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { programPart } from '#electron/core/doctor/report.ts'
import { readManagedConfig } from '#electron/main/managedConfigFile.ts'
import { isSandboxOff, mayRun, refusalText } from '#electron/main/sandboxCheck.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'

const started = (switches: readonly string[], env: NodeJS.ProcessEnv = {}): boolean => {
  const commandLine = {
    hasSwitch: (name: string) => switches.includes(name),
    getSwitchValue: () => '',
    appendSwitch: () => undefined,
    appendArgument: () => undefined,
    removeSwitch: () => undefined,
  }
  return isSandboxOff({ commandLine }, env)
}

describe('the sandbox is off', () => {
  it.each([
    ['as an AppImage starts where there are no namespaces', ['no-sandbox'], {}],
    ['by the variable', [], { ELECTRON_DISABLE_SANDBOX: '1' }],
    ['by the variable, whatever it says', [], { ELECTRON_DISABLE_SANDBOX: '' }],
  ])('%s', (_says, switches, env) => expect(started(switches, env)).toBe(true))

  it('not otherwise', () => expect(started(['hidden', 'lang'], { PATH: '/bin' })).toBe(false))
})

describe('a program may run', () => {
  const never = (): boolean => {
    throw new Error('nobody has to be asked')
  }
  it.each([
    ['in its sandbox, whatever is configured', { isOff: false, isPackaged: true, isAllowed: never }, true],
    ['without one where it is developed', { isOff: true, isPackaged: false, isAllowed: never }, true],
    ['without one not, once it is packaged', { isOff: true, isPackaged: true, isAllowed: () => false }, false],
    ['without one where an administrator allowed it', { isOff: true, isPackaged: true, isAllowed: () => true }, true],
  ])('%s', (_says, facts, may) => expect(mayRun(facts)).toBe(may))
})

describe('what is said instead of starting', () => {
  it.each(['en', 'zh-CN'] as const)('names the ways on in %s', (locale) => {
    const { message, detail, buttons } = refusalText(locale)
    expect(message).toContain('Godwit')
    for (const way of ['deb', 'rpm', 'AppArmor', 'unprivileged_userns_clone', 'allowWithoutSandbox'])
      expect(detail).toContain(way)
    expect(buttons).toHaveLength(1)
  })
})

describe('the managed configuration', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'godwit-managed-'))))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))
  const allows = (text: string): boolean => {
    const file = join(dir, 'config.json')
    writeFileSync(file, text)
    return readManagedConfig(file, silentLog).allowWithoutSandbox
  }

  it('allows it in so many words, with accounts or without', () => {
    expect(allows('{"allowWithoutSandbox": true}')).toBe(true)
    expect(allows('{"accounts": [], "allowWithoutSandbox": true}')).toBe(true)
  })
  it.each(['{}', '{"accounts": []}', '{"allowWithoutSandbox": false}', '{"allowWithoutSandbox": "true"}', 'true', ''])(
    'does not allow it by %j',
    (text) => expect(allows(text)).toBe(false),
  )
  it('that is not there allows nothing', () => {
    expect(readManagedConfig(join(dir, 'none.json'), silentLog)).toMatchObject({
      accounts: [],
      allowWithoutSandbox: false,
    })
  })
})

it('a report says it', () => {
  const facts = (sandboxed: boolean) => programPart({ program: '1.0.0', parts: [], system: 'linux', sandboxed }, 0)[1]
  expect(facts(true)).toContainEqual(['Sandbox', 'on'])
  expect(facts(false)).toContainEqual(['Sandbox', 'OFF'])
})
