/**
 * Where the token is: in CONNECT, in `/app/auth`, in the Authorization of an upload and, where the server wants it so, in
 * the address of the WebSocket; in no other frame, request, line of a log or file. A full run of the real app is
 * recorded: chat, edit, recall, upload, renewal, a lost link, a restart.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Tee, createTee } from '../fakes/tee.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import type { DialectName } from '../server/types.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe.each<DialectName>(['im2', 'xuqm'])('a full run on %s', (dialect) => {
      let dir: string
      let server: DemoServer
      let tee: Tee
      let alice: Person
      let printed = ''
      const tokens: string[] = []

      const issue = (ttlMs?: number): string => {
        const token = server.issueToken('alice', ttlMs === undefined ? {} : { ttlMs })
        tokens.push(token)
        return token
      }
      /** What of a token would give it away: the part that says who, and the signature. */
      const secrets = (): string[] => tokens.flatMap((token) => token.split('.').slice(1))
      const holds = (text: string | Buffer): boolean => secrets().some((secret) => text.includes(secret))

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-tokens-'))
        server = await createDemoServer({ dialects: [dialect] })
        tee = await createTee(server.port)
        server.control.recordWire(true)
        const tapped = (url: string): string => url.replace(`:${server.port}`, `:${tee.port}`)
        alice = new Person({
          server,
          dialect,
          userId: 'alice',
          dir,
          backend: backend.name,
          configure: (account) => ({
            ...account,
            token: issue(),
            url: tapped(account.url),
            upload: { ...account.upload, url: tapped(account.upload.url) },
          }),
        })
        await alice.start()
        await alice.isOnline()
      })
      afterAll(async () => {
        await alice.quit()
        await tee.close()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('does everything that talks to the server', async () => {
        await alice.startsChatWith('bob')
        await alice.says('to be taken back')
        await alice.hasDelivered('to be taken back')
        await alice.does('Recall', 'to be taken back')
        await alice.sees('You recalled a message')
        await alice.composer().evaluate((field) => {
          const data = new DataTransfer()
          data.items.add(new File(['notes of the day'], 'notes.txt', { type: 'text/plain' }))
          field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
        })
        await alice.page.getByRole('button', { name: 'Send', exact: true }).click()
        await alice.hasDelivered('notes.txt')
        if (dialect === 'im2') {
          await alice.says('a tpyo')
          await alice.hasDelivered('a tpyo')
          await alice.does('Edit', 'a tpyo')
          await alice.says('a typo, mended')
          await alice.does('Pin for everyone', 'a typo, mended')
          await alice.page.getByRole('region', { name: 'Pinned messages' }).waitFor()
        }
        server.control.closeSockets({ userId: 'alice', abrupt: true })
        await alice.isOnline()
        await alice.says('after a lost link')
        await alice.hasDelivered('after a lost link')
        printed += alice.app.logs()
        await alice.quit()
        await alice.start()
        await alice.isOnline()
      })

      it.runIf(dialect === 'im2')('renews the token by /app/auth', async () => {
        const page = alice.page
        await alice.goesTo('Settings')
        await page.getByRole('tab', { name: 'Accounts' }).click()
        await page.getByRole('button', { name: 'New token' }).click()
        await alice.signsInWith(issue())
        await page.getByRole('navigation', { name: 'Sections' }).waitFor()
        const renewals = (): number =>
          server.control.wire().filter(({ frame }) => new Map(frame.headers).get('destination') === '/app/auth').length
        await expect.poll(renewals).toBe(1)
      })

      it('the frames carry it in CONNECT and /app/auth only', () => {
        const where = server.control.wire().flatMap(({ frame: { command, headers, body } }) => {
          const destination = new Map(headers).get('destination') ?? ''
          return [
            ...headers.filter(([, value]) => holds(value)).map(([name]) => `${command} ${destination} ${name}`),
            ...(holds(body) ? [`${command} ${destination} body`] : []),
          ]
        })
        const wanted = ['CONNECT  Authorization', ...(dialect === 'im2' ? ['SEND /app/auth body'] : [])]
        expect([...new Set(where)].sort()).toEqual(wanted.sort())
      })

      it('the requests carry it in the Authorization of the upload, and the address only where the server wants it', () => {
        const lines = tee.said().flatMap((bytes) => bytes.toString('latin1').split('\r\n'))
        const telling = lines.filter(holds).map((line) => line.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'TOKEN'))
        const address = 'GET /ws/im?token=TOKEN HTTP/1.1'
        expect(new Set(telling.map((line) => line.replace(/^authorization:/i, 'Authorization:')))).toEqual(
          new Set(['Authorization: Bearer TOKEN', ...(dialect === 'xuqm' ? [address] : [])]),
        )
        const requests = tee.said().map((bytes) => bytes.toString('latin1'))
        for (const request of requests.filter((text) => /^authorization: bearer/im.test(text))) {
          expect(request).toMatch(/^POST \/upload |\r\nPOST \/upload /)
        }
      })

      it('nothing that was printed, logged or stored holds it, nor the window', async () => {
        printed += alice.app.logs()
        expect(holds(await alice.page.content())).toBe(false)
        await alice.quit()
        expect(holds(printed)).toBe(false)
        const files = readdirSync(alice.dataDir, { recursive: true, encoding: 'utf8' })
          .map((name) => join(alice.dataDir, name))
          .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
        expect(files.some((file) => file.endsWith('.log'))).toBe(true)
        expect(files.filter((file) => holds(readFileSync(file)))).toEqual([])
      })
    })
  })
}
