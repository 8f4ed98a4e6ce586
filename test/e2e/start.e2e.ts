/** `npm start` as a person without a display meets it: one command, and a picture of the signed-in app. */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectDir } from '../../build/scripts/run.ts'

const screenshot = join(projectDir, '.godwit/start.png')
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

describe('npm start --once without a display', () => {
  let code: number | null
  let output = ''
  beforeAll(async () => {
    rmSync(screenshot, { force: true })
    const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env
    const child = spawn(process.execPath, ['build/scripts/start.ts', '--once'], {
      cwd: projectDir,
      env: { ...env, CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    }
    code = await new Promise((done, fail) => {
      child.once('error', fail)
      child.once('close', done)
    })
  })

  it('ends well, having said what it ran in and where the picture is', () => {
    expect(output).toContain('running in the Chromium host.')
    expect(output).toContain(`Signed in; screenshot: ${join('.godwit', 'start.png')}`)
    expect(code).toBe(0)
  })

  it('leaves a picture that is no blank page', () => {
    expect(readFileSync(screenshot).subarray(0, 8)).toEqual(pngSignature)
    expect(statSync(screenshot).size).toBeGreaterThan(10_000)
  })
})
