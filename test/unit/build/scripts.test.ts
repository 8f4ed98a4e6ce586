import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chromiumBinary, electronBinary, hasDisplay } from '../../../build/scripts/preflight.ts'
import { projectDir } from '../../../build/scripts/run.ts'
import { chooseShell } from '../../../build/scripts/shell.ts'

function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      cwd: projectDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    }
    child.once('error', fail)
    child.once('close', (code) => done({ code, output }))
  })
}

const pretendNode = (version: string): string =>
  `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`

describe('the guard of the scripts', () => {
  const guarded = (version: string) =>
    runNode([
      '--import',
      pretendNode(version),
      '--import',
      './build/scripts/requireNode.mjs',
      '--eval',
      'console.log("ran")',
    ])

  it.each(['20.20.2', '22.17.1', '18.0.0'])('refuses Node %s in one line that says what to get', async (version) => {
    const { code, output } = await guarded(version)
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toEqual([
      expect.stringContaining(`Node ${version} is too old: Godwit needs 22.18`),
    ])
  })

  it.each(['22.18.0', '24.0.0', '25.1.0'])('lets Node %s run', async (version) => {
    expect(await guarded(version)).toEqual({ code: 0, output: 'ran\n' })
  })
})

describe('the preflight', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-preflight-'))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(dir, { recursive: true, force: true })
  })

  const program = (name: string): string => {
    const path = join(dir, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, '')
    chmodSync(path, 0o755)
    return path
  }

  it('finds Chromium where GODWIT_CHROMIUM says, before any other', () => {
    vi.stubEnv('GODWIT_CHROMIUM', program('mine'))
    vi.stubEnv('PATH', dir)
    program('chromium')
    expect(chromiumBinary()).toBe(join(dir, 'mine'))
  })

  it('does not take another Chromium than the one that was named', () => {
    vi.stubEnv('GODWIT_CHROMIUM', join(dir, 'absent'))
    vi.stubEnv('PATH', dir)
    program('chromium')
    expect(chromiumBinary()).toBeUndefined()
  })

  it('finds Chromium on the PATH', () => {
    vi.stubEnv('GODWIT_CHROMIUM', undefined)
    vi.stubEnv('PATH', dir)
    const path = program('chromium')
    expect(chromiumBinary()).toBe(path)
  })

  it('believes in an Electron only when its executable is there', () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', dir)
    expect(electronBinary()).toBeUndefined()
    const names: Partial<Record<NodeJS.Platform, string>> = {
      darwin: 'Electron.app/Contents/MacOS/Electron',
      win32: 'electron.exe',
    }
    const path = program(names[process.platform] ?? 'electron')
    expect(electronBinary()).toBe(path)
  })

  it('runs the app in Electron when there is one and a display', async () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', dir)
    vi.stubEnv('DISPLAY', ':0')
    const names: Partial<Record<NodeJS.Platform, string>> = {
      darwin: 'Electron.app/Contents/MacOS/Electron',
      win32: 'electron.exe',
    }
    const path = program(names[process.platform] ?? 'electron')
    expect(await chooseShell({ forceHost: false, mayFetch: false })).toMatchObject({ kind: 'electron', program: path })
  })

  it('runs the app in the Chromium host when there is no Electron and none may be fetched', async () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', dir)
    vi.stubEnv('DISPLAY', ':0')
    expect(await chooseShell({ forceHost: false, mayFetch: false })).toMatchObject({
      kind: 'host',
      why: 'No Electron binary: running in the Chromium host.',
    })
  })

  it.runIf(process.platform === 'linux')('runs the app in the Chromium host when there is no display', async () => {
    vi.stubEnv('DISPLAY', undefined)
    vi.stubEnv('WAYLAND_DISPLAY', undefined)
    expect(hasDisplay()).toBe(false)
    expect(await chooseShell({ forceHost: false, mayFetch: false })).toMatchObject({
      kind: 'host',
      why: 'No display: running in the Chromium host.',
    })
  })
})

describe('npm run package without an Electron distribution', () => {
  const noElectron = { ELECTRON_OVERRIDE_DIST_PATH: join(tmpdir(), 'godwit-no-electron'), GODWIT_ELECTRON_DIST: '' }

  it('says in one line what to name, when nothing answers where it would be fetched', async () => {
    const { code, output } = await runNode(['build/scripts/package.ts'], {
      ...noElectron,
      ELECTRON_MIRROR: 'http://127.0.0.1:1/',
    })
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toEqual([
      expect.stringMatching(/^No Electron distribution: .*GODWIT_ELECTRON_DIST/),
    ])
  })

  it('says in one line that the folder which was named is not there', async () => {
    const { code, output } = await runNode(['build/scripts/package.ts'], {
      ...noElectron,
      GODWIT_ELECTRON_DIST: '/absent',
    })
    expect({ code, output }).toEqual({
      code: 1,
      output: 'GODWIT_ELECTRON_DIST names a folder that is not there: /absent\n',
    })
  })
})
