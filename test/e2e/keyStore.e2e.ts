/** F23 in the app: the system's key store is another one, or locked. A sign-in is asked for, and nothing is lost. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { type LaunchedApp, backendTitle, backends, launch } from './launch.ts'

// Only the host has a key store that a test can take away.
for (const backend of backends().filter(({ name }) => name === 'chromium')) {
  describe.skipIf(backend.missing !== null)(`a key store ${backendTitle(backend)}`, () => {
    let dir: string
    let server: DemoServer
    let app: LaunchedApp

    const start = async (env: Record<string, string>): Promise<void> => {
      app = await launch({ userDataDir: join(dir, 'data'), lang: 'en', backend: backend.name, env })
    }
    const ours = (): Record<string, string> => ({ GODWIT_HOST_KEYRING: join(dir, 'ours') })

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-key-store-'))
      server = await createDemoServer({ dialects: ['im2'] })
      await start(ours())
      const page = await app.page()
      await page.getByLabel('Server address').fill(server.url('im2'))
      await page.getByLabel('User ID').fill('alice')
      await page.getByLabel('Token').fill(server.issueToken('alice'))
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('button', { name: 'New chat' }).click()
      await page.getByLabel('User ID').fill('bob')
      await page.getByRole('button', { name: 'Open chat' }).click()
      const composer = page.getByRole('textbox', { name: 'Message', exact: true })
      await composer.fill('half a thought')
      await composer.blur()
      await app.quit()
    })
    afterAll(async () => {
      await app.quit()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it.each([
      ['that has changed', (): Record<string, string> => ({ GODWIT_HOST_KEYRING: join(dir, 'another') })],
      ['that cannot be reached', () => ({ ...ours(), GODWIT_HOST_SAFE_STORAGE: 'unavailable' })],
    ])('%s is told about where a sign-in is asked for; messages and drafts can be looked at', async (_, env) => {
      await start(env())
      const page = await app.page()
      await page.getByText('The key store of this computer is locked or has changed').waitFor()
      await page.getByRole('button', { name: 'Try again' }).waitFor()
      await page.getByRole('button', { name: 'Look at my messages first' }).click()
      await page.getByRole('option', { name: /half a thought/ }).click()
      expect(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue()).toBe('half a thought')
      await app.quit()
    })

    it('that is as it was again signs in by itself: the sealed token was kept', async () => {
      await start(ours())
      const page = await app.page()
      await page.getByRole('status', { name: 'Connection' }).filter({ hasText: 'Online' }).waitFor()
    })
  })
}
