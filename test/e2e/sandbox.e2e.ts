/** An installed program that is started without its sandbox: it ends, unless an administrator allows it, and then says so. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { managedConfiguration } from '../server/managedConfig.ts'
import { plainSeed } from '../server/seed.ts'
import { createDemoServer } from '../server/server.ts'
import { backendTitle, backends, launch } from './launch.ts'

const host = resolve(import.meta.dirname, '../host/run.ts')
// The host alone can be told that it was installed.
const backend = backends().find(({ name }) => name === 'chromium') ?? { name: 'chromium', missing: 'unknown' }
const installed = { GODWIT_HOST_PACKAGED: '1' }

describe.skipIf(backend.missing !== null)(`without a sandbox ${backendTitle(backend)}`, () => {
  let dir: string
  let data: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-sandbox-'))
    data = join(dir, 'data')
    mkdirSync(data)
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  function config(text: string): string {
    const file = join(dir, 'config.json')
    writeFileSync(file, text)
    return file
  }
  async function ends(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number | null> {
    const command = [host, '--remote-debugging-port=0', `--user-data-dir=${data}`, ...args]
    const child = spawn(process.execPath, command, { stdio: 'ignore', env: { ...process.env, ...env } })
    const [code] = (await once(child, 'exit')) as [number | null]
    return code
  }
  const log = (): string => readFileSync(join(data, 'logs/main.log'), 'utf8')

  it.each([
    ['by the switch of an AppImage’s starter', ['--no-sandbox'], {}],
    ['by the variable', [], { ELECTRON_DISABLE_SANDBOX: '1' }],
  ])('an installed program ends before it has touched anything: %s', async (_says, args, env) => {
    expect(await ends([...args, `--managed-config=${config('{"accounts":[]}')}`], { ...installed, ...env })).toBe(1)
    expect(log()).toContain('the sandbox is off')
    expect(existsSync(join(data, 'app.db'))).toBe(false)
  })

  it('runs where an administrator allows it, and Diagnostics says so', async () => {
    const server = await createDemoServer({ dialects: ['im2'] })
    const { accounts } = managedConfiguration({ server, seed: plainSeed, userId: 'alice', dialects: ['im2'] })
    const managedConfig = config(JSON.stringify({ accounts, allowWithoutSandbox: true }))
    const app = await launch({ userDataDir: data, lang: 'en', managedConfig, args: ['--no-sandbox'], env: installed })
    const page = await app.page()
    await page.getByRole('status', { name: 'Connection' }).filter({ hasText: 'Online' }).waitFor()
    await page.keyboard.press('Control+Shift+D')
    await page.getByText('Off: what others send is not kept away from your files').waitFor()
    expect(await app.control().calls('dialog.showMessageBox')).toEqual([])
    await app.quit()
    await server.close()
  })
})
