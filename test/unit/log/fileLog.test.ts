/** A log that cannot be written is no reason to fail, nor to write about it for ever. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

/** Logs once with nowhere to log to, as a program does whose terminal is gone, and says what came of it. */
const program = `
  import { rmSync, writeFileSync } from 'node:fs'
  import { createFileLog } from '${resolve('electron/adapters/log/fileLog.ts')}'
  const log = createFileLog({ file: process.env.LOG_DIR + '/logs/main.log', echo: process.env.ECHO === 'yes' })
  let uncaught = 0
  process.on('uncaughtException', (error) => { uncaught++; if (uncaught < 50) log.error('uncaught', { error }) })
  log.info('started')
  process.stdin.on('end', () => {
    rmSync(process.env.LOG_DIR + '/logs', { recursive: true })
    log.info('nobody reads this')
    setTimeout(() => {
      writeFileSync(process.env.LOG_DIR + '/uncaught', String(uncaught))
      process.exit(0)
    }, 300)
  }).resume()
`

describe('a log with its folder gone and its terminal closed', () => {
  it.each(['yes', 'no'])('says nothing and harms nothing; echoed: %s', async (echo) => {
    const dir = mkdtempSync(join(tmpdir(), 'godwit-log-'))
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, LOG_DIR: dir, ECHO: echo },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    child.stderr.destroy()
    child.stdin.end()
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(readFileSync(join(dir, 'uncaught'), 'utf8')).toBe('0')
  })
})
