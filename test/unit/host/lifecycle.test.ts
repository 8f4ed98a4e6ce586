import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { electronBinary } from '../../e2e/launch.ts'
import { type FixtureEvent, fixtureForTest, fixtureMain, temporaryFolder } from './fixture.ts'

const run = resolve(import.meta.dirname, '../../host/run.ts')

/** What the app itself wrote, without the news that its window is there. */
function said(logs: string): string[] {
  const lines = logs.split('\n').flatMap((line) => /^fixture: (.*)/.exec(line)?.[1] ?? [])
  return lines.filter((line) => line !== 'window loaded')
}

/** Processes whose command line mentions the text. */
function processesWith(text: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line))
}

async function runHost(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [run, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

describe('what the app is started with', () => {
  it('reads as from the electron executable', async () => {
    const { invoke, folder } = await fixtureForTest({
      lang: 'zh-CN',
      managedConfig: '/etc/x.json',
      args: ['--hidden', 'fixture://open'],
    })
    expect(await invoke('app')).toEqual({
      argv: [
        resolve(fixtureMain, '..'),
        '--remote-debugging-port=0',
        `--user-data-dir=${folder}`,
        '--lang=zh-CN',
        '--managed-config=/etc/x.json',
        '--hidden',
        'fixture://open',
      ],
      version: '3.2.1',
      name: 'Host Fixture',
      path: resolve(fixtureMain, '..'),
      userData: folder,
      locale: 'zh-CN',
      languages: ['zh-CN'],
      packaged: false,
      dock: true,
      hidden: true,
      managed: '/etc/x.json',
      electron: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      chrome: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) as string,
      hostVariables: [],
      sameModule: true,
    })
  })
})

describe('quitting', () => {
  it('asks in Electron’s order and ends with the code 0', async () => {
    const { app } = await fixtureForTest()
    expect(await app.quit()).toBe(0)
    expect(said(app.logs()).slice(-3)).toEqual(['before-quit', 'will-quit', 'quit 0'])
  })

  it('stops when before-quit is prevented, and works the next time', async () => {
    const { app, invoke } = await fixtureForTest({ args: ['--prevent-quit'] })
    await invoke('quit')
    expect(await invoke('events')).toContainEqual({ name: 'prevented' })
    expect(await app.quit()).toBe(0)
  })

  it('stops when a window keeps itself open', async () => {
    const { app, invoke } = await fixtureForTest({ args: ['--prevent-close'] })
    await invoke('quit')
    expect(said(app.logs())).toContain('before-quit')
    expect(said(app.logs())).not.toContain('will-quit')
    expect((await app.control().windows())[0]?.visible).toBe(false)
  })

  it('follows the last window when nobody listens for window-all-closed', async () => {
    const { app } = await fixtureForTest()
    const [window] = await app.control().windows()
    await app.control().window(window?.id ?? 0, 'close')
    expect(await app.exited).toBe(0)
    expect(said(app.logs())).toContain('will-quit')
  })

  it('by app.exit is unasked, with the app’s code', async () => {
    const { app, invoke } = await fixtureForTest()
    await invoke('exit', 7).catch(() => undefined)
    expect(await app.exited).toBe(7)
    expect(said(app.logs()).slice(-1)).toEqual(['quit 7'])
    expect(said(app.logs())).not.toContain('before-quit')
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s is an orderly one', async (signal) => {
    const { app } = await fixtureForTest()
    process.kill(app.pid, signal)
    expect(await app.exited).toBe(0)
    expect(said(app.logs()).slice(-3)).toEqual(['before-quit', 'will-quit', 'quit 0'])
  })

  it('leaves no Chromium behind', async () => {
    const { app, folder } = await fixtureForTest()
    expect(processesWith(`${folder}/Chromium`)).not.toEqual([])
    await app.quit()
    await expect.poll(() => processesWith(`${folder}/Chromium`)).toEqual([])
  })

  it('by SIGKILL leaves no Chromium behind either', async () => {
    const { app, folder } = await fixtureForTest()
    await app.kill()
    await expect.poll(() => processesWith(`${folder}/Chromium`), { timeout: 10_000 }).toEqual([])
  })
})

describe('a second instance on the same folder', () => {
  it('is refused the lock, ends with 0, and its arguments reach the first', async () => {
    const { folder, invoke } = await fixtureForTest()
    const second = await runHost([`--main=${fixtureMain}`, `--user-data-dir=${folder}`, 'fixture://from-second'])
    expect(second.code).toBe(0)
    expect(said(second.output)).toEqual(['second instance', 'before-quit', 'will-quit', 'quit 0'])
    await expect
      .poll(async () => (await invoke<FixtureEvent[]>('events')).filter(({ name }) => name === 'second-instance'))
      .toEqual([
        {
          name: 'second-instance',
          argv: [process.execPath, resolve(fixtureMain, '..'), `--user-data-dir=${folder}`, 'fixture://from-second'],
          cwd: process.cwd(),
          data: { greeting: 'hello' },
        },
      ])
  })

  it('gets the lock when the first was killed', async () => {
    const { app, folder } = await fixtureForTest()
    await app.kill()
    const next = await fixtureForTest({ userDataDir: folder })
    expect(said(next.app.logs())).toContain('first instance false')
  })
})

describe('an app that cannot start', () => {
  it.each([
    ['throws while it is loaded', `throw new Error('broken from the start')`, 'broken from the start'],
    ['imports what is not emulated', `import { desktopCapturer } from 'electron'`, 'desktopCapturer'],
  ])('because it %s ends with 1 and says why', async (_why, source, reason) => {
    const folder = temporaryFolder()
    onTestFinished(folder.remove)
    writeFileSync(join(folder.path, 'package.json'), '{ "name": "broken", "version": "1.0.0", "type": "module" }')
    writeFileSync(join(folder.path, 'main.js'), source)
    const { code, output } = await runHost([`--main=${join(folder.path, 'main.js')}`, `--user-data-dir=${folder.path}`])
    expect(code).toBe(1)
    expect(output).toContain('App threw an error during load')
    expect(output).toContain(reason)
  })
})

describe('the electron package', () => {
  it('is found by looking for its binary, never by loading it', () => {
    const before = process.env['ELECTRON_OVERRIDE_DIST_PATH']
    onTestFinished(() => {
      if (before === undefined) delete process.env['ELECTRON_OVERRIDE_DIST_PATH']
      else process.env['ELECTRON_OVERRIDE_DIST_PATH'] = before
    })
    const folder = temporaryFolder()
    onTestFinished(folder.remove)
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] = folder.path
    expect(electronBinary()).toBeNull()
    writeFileSync(join(folder.path, 'electron'), '')
    expect(electronBinary()).toBe(join(folder.path, 'electron'))
  })
})
