/** Signing in by hand: the right token, wrong ones, and servers that are none. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { type LaunchedApp, backendTitle, backends, launch } from './launch.ts'

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('signing in by hand', () => {
      let dir: string
      let server: DemoServer
      let app: LaunchedApp
      let token: string

      const fillIn = async (values: { server: string; user: string; token: string }): Promise<void> => {
        const page = await app.page()
        await page.getByLabel('Server address').fill(values.server)
        await page.getByLabel('User ID').fill(values.user)
        await page.getByLabel('Token').fill(values.token)
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      }
      /** All that the form says. */
      const form = async (): Promise<string> => (await app.page()).locator('form').innerText()

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-sign-in-'))
        server = await createDemoServer({ dialects: ['im2'] })
        token = server.issueToken('alice')
        app = await launch({ userDataDir: join(dir, 'data'), lang: 'en', backend: backend.name })
      })
      afterAll(async () => {
        await app.quit()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('refuses an unencrypted address of another machine before anything is sent', async () => {
        await fillIn({ server: 'ws://chat.example.org/ws', user: 'alice', token })
        await expect.poll(form).toMatch(/not encrypted/)
      })

      it('says that nobody listens there', async () => {
        await fillIn({ server: 'ws://127.0.0.1:1/ws', user: 'alice', token })
        await expect.poll(form).toMatch(/does not accept connections/)
      })

      it('says that the server took the call and stayed silent', async () => {
        const mute = createServer(() => undefined).listen(0, '127.0.0.1')
        await new Promise((resolve) => mute.once('listening', resolve))
        const address = mute.address()
        const port = typeof address === 'object' && address !== null ? address.port : 0
        await fillIn({ server: `ws://127.0.0.1:${port}/ws`, user: 'alice', token })
        await expect.poll(form, { timeout: 60_000 }).toMatch(/never answered|did not answer/)
        mute.close()
      })

      it('says that the token is wrong', async () => {
        await fillIn({ server: server.url('im2'), user: 'alice', token: 'aaaaaaaa.bbbbbbbb.cccccccc' })
        await expect.poll(form).toMatch(/refused the token/)
      })

      it('finds the protocol by itself and comes online', async () => {
        await fillIn({ server: server.url('im2'), user: 'alice', token })
        const page = await app.page()
        await page.getByRole('status', { name: 'Connection' }).filter({ hasText: 'Online' }).waitFor()
      })

      it('is still signed in after a restart, with the token nowhere in clear', async () => {
        await app.quit()
        app = await launch({ userDataDir: join(dir, 'data'), lang: 'en', backend: backend.name })
        const page = await app.page()
        await page.getByRole('status', { name: 'Connection' }).filter({ hasText: 'Online' }).waitFor()
        for (const part of token.split('.').slice(1)) expect(filesHolding(join(dir, 'data'), part)).toEqual([])
      })

      it('asks for a new token when the old one has run out, and goes on where it was', async () => {
        const page = await app.page()
        server.control.expireToken({ userId: 'alice' })
        server.control.closeSockets({ userId: 'alice' })
        await page.getByRole('status', { name: 'Connection' }).filter({ hasText: 'Signed out' }).waitFor()
      })
    })
  })
}

/** Files below the folder whose bytes hold the text. */
function filesHolding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true && readFileSync(file).includes(text))
}
