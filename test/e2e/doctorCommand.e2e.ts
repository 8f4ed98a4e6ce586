/** `--doctor` on the command line of the built app: what it prints and how it ends, without a window or a word sent. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managedConfiguration } from '../server/managedConfig.ts'
import { plainSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends, launch } from './launch.ts'

const dialect = 'im2'
const host = resolve(import.meta.dirname, '../host/run.ts')
const backend = backends().find(({ name }) => name === 'chromium') ?? { name: 'chromium', missing: 'unknown' }

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

describe.skipIf(backend.missing !== null)(`the doctor as a command ${backendTitle(backend)}`, () => {
  let dir: string
  let server: DemoServer
  let config: string
  let token: string

  function doctor(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [host, '--remote-debugging-port=0', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    return new Promise((done) => child.on('close', (code) => done({ code, out, err })))
  }
  const data = (name: string): string => `--user-data-dir=${join(dir, name)}`

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-doctor-'))
    server = await createDemoServer({ dialects: [dialect] })
    const { accounts } = managedConfiguration({ server, seed: plainSeed, userId: 'alice', dialects: [dialect] })
    token = accounts[0]?.token ?? ''
    config = join(dir, 'config.json')
    writeFileSync(config, JSON.stringify({ accounts }))
  })
  afterAll(async () => {
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('prints the report of a connection that works and ends with 0; no token is in it', async () => {
    const { code, out } = await doctor(data('well'), `--managed-config=${config}`, '--doctor')
    expect(out).toContain('Connection test')
    expect(out).toMatch(/WebSocket: passed/)
    expect(out).toMatch(/Sign-in \(STOMP\): passed/)
    expect(out).not.toContain(token)
    expect(out).not.toContain('alice')
    expect(code).toBe(0)
  })

  it('prints JSON for programs', async () => {
    const { code, out } = await doctor(data('well'), `--managed-config=${config}`, '--doctor=json')
    const report = JSON.parse(out) as {
      healthy: boolean
      accounts: { examination: { state: string; steps: { name: string; state: string }[] } }[]
    }
    expect(report.healthy).toBe(true)
    expect(report.accounts.map(({ examination }) => examination.state)).toEqual(['done'])
    expect(report.accounts[0]?.examination.steps).toContainEqual(
      expect.objectContaining({ name: 'stomp', state: 'passed' }),
    )
    expect(out).not.toContain(token)
    expect(code).toBe(0)
  })

  it('ends with 1 when a server refuses, and says at which step', async () => {
    await server.control.stop()
    const { code, out } = await doctor(data('well'), `--managed-config=${config}`, '--doctor')
    expect(out).toMatch(/Connection \(TCP\): failed .*link\.refused/)
    expect(code).toBe(1)
    await server.control.start()
  })

  it('ends with 1 where nobody is signed in', async () => {
    const { code, out } = await doctor(data('nobody'), '--doctor')
    expect(out).toContain('Signed in here: none')
    expect(code).toBe(1)
  })

  it('leaves a running program alone: says so and ends with 2', async () => {
    const app = await launch({ userDataDir: join(dir, 'running'), managedConfig: config, backend: 'chromium' })
    await app.page()
    const { code, err } = await doctor(data('running'), '--doctor')
    expect(err).toContain('Godwit is running.')
    expect(code).toBe(2)
    expect(app.windows()).toHaveLength(1)
    await app.quit()
  })
})
