/** The diagnostics page: the doctor on a good link and on a bad one, the check, the meter, and what is handed on. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultProxy, createFaultProxy } from '../faults/proxy.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

describe.each(backends())('$name', (backend) => {
  describe.skipIf(backend.missing !== null)(`diagnostics ${backendTitle(backend)}`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'godwit-diagnostics-'))
    let server: DemoServer
    let proxy: FaultProxy
    let alice: Person
    let token = ''

    const section = (name: string): Locator => alice.page.getByRole('region', { name, exact: true })
    const step = (name: string): Locator => section('Connection').getByRole('listitem').filter({ hasText: name })
    async function verdict(text: string | RegExp): Promise<void> {
      await alice.page.getByRole('status', { name: 'Result of the test' }).filter({ hasText: text }).waitFor()
    }
    async function reached(button: string): Promise<void> {
      await alice.page.getByRole('button', { name: button }).focus()
      await alice.page.keyboard.press('Enter')
    }

    beforeAll(async () => {
      server = await createDemoServer({ dialects: ['im2'] })
      proxy = await createFaultProxy(server.port)
      alice = new Person({
        server,
        dialect: 'im2',
        userId: 'alice',
        dir,
        backend: backend.name,
        configure: (account) => {
          token = account.token ?? ''
          return { ...account, url: proxy.through(account.url) }
        },
      })
      await alice.start()
      await alice.isOnline()
      await alice.startsChatWith('bob')
      await alice.says('the secret of the oak')
      await alice.hasDelivered('the secret of the oak')
      await alice.goesTo('Diagnostics')
    })
    afterAll(async () => {
      await alice.quit()
      await proxy.close()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('the doctor finds a good link good, step by step, beside the one that is up', async () => {
      await reached('Test the connection')
      await verdict('All is well')
      expect(await section('Connection').getByRole('listitem').count()).toBe(8)
      expect(await step('Sign in').innerText()).toMatch(/in order[\s\S]*accepts the sign-in[\s\S]*\d+ ms/)
      expect(await step('Echo and clock').innerText()).toContain('There and back')
      await alice.isOnline()
    })

    it('says where a bad one gets stuck and what can be done; the test can be stopped', async () => {
      proxy.blackHole('both')
      await reached('Test again')
      await step('Open the channel').getByText('Waiting for an answer').waitFor()
      await reached('Stop the test')
      await verdict('The test was stopped.')
      proxy.heal()
      await proxy.listen(false)
      proxy.reset()
      await reached('Test again')
      await verdict('It gets stuck here: Reach the server.')
      await step('Reach the server').getByText('It may be stopped; check the address and the port.').waitFor()
      await proxy.listen(true)
    })

    it('what is stored is counted anew, and the meter runs', async () => {
      await reached('Check now')
      await section('Stored messages').getByText('All counts are right.').waitFor()
      expect(await section('Stored messages').innerText()).toMatch(/Messages\s+[1-9]/)
      const meter = section('Meter')
      await expect.poll(() => meter.locator('svg.spark polyline').count()).toBe(4)
      expect(await meter.innerText()).toMatch(/Memory\s+[\d.]+ MB/)
      await section('Versions').getByText('Node.js').waitFor()
    })

    it.skipIf(backend.name !== 'chromium')('report and log are saved without a secret or a word', async () => {
      const report = join(dir, 'report.txt')
      const log = join(dir, 'log.txt')
      await alice.app.control().answerDialog({ kind: 'save', filePath: report })
      await reached('Save the report…')
      await section('Report and log').getByText('Saved.').waitFor()
      await alice.app.control().answerDialog({ kind: 'save', filePath: log })
      await reached('Save the log…')
      await expect.poll(() => readText(log)).toContain('link ended')
      const [told, logged] = [readText(report), readText(log)]
      expect(told).toContain('Connection test')
      expect(token.length).toBeGreaterThan(10)
      for (const text of [told, logged]) {
        expect(text).not.toContain(token)
        expect(text).not.toContain('the secret of the oak')
        expect(text).not.toContain('alice')
      }
    })
  })
})

/** Empty while it is not there. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
