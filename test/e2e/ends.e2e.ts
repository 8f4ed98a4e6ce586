/**
 * How a session ends, in the real app: sent away, token run out, token taken back. Each time what was queued and what was
 * half written is there before and after, and goes out as soon as it may. And how a token is replaced before any of that.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoViolations } from '../fakes/strict.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import type { DialectName } from '../server/types.ts'
import { backendTitle, backends } from './launch.ts'
import { Person, type PersonOptions } from './person.ts'

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    let dir: string
    let server: DemoServer
    let alice: Person

    const setUp = async (dialect: DialectName, more: Partial<PersonOptions> = {}): Promise<void> => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-ends-'))
      server = await createDemoServer({ dialects: [dialect] })
      alice = new Person({ server, dialect, userId: 'alice', dir, backend: backend.name, ...more })
    }
    const tearDown = async (): Promise<void> => {
      await alice.quit()
      expectNoViolations(server)
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    }
    const texts = (): string[] =>
      server
        .messages()
        .map(({ content }) =>
          content.startsWith('{') ? (JSON.parse(content) as { content: string }).content : content,
        )

    /** Something queued that the server has not seen, and something half written. */
    const leaveWorkBehind = async (word: string): Promise<void> => {
      await server.stop()
      await alice.seesStatus('Offline')
      await alice.says(`${word} one`)
      await alice.says(`${word} two`)
      await alice.drafts(`${word}, half written`)
    }
    const workIsThere = async (word: string): Promise<void> => {
      for (const text of [`${word} one`, `${word} two`]) {
        expect(await alice.message(text).last().getAttribute('data-state')).toBe('sending')
      }
      expect(await alice.composer().inputValue()).toBe(`${word}, half written`)
    }
    const workIsDone = async (word: string): Promise<void> => {
      await alice.isOnline()
      await alice.hasDelivered(`${word} two`)
      expect(texts().filter((text) => text.startsWith(word))).toEqual([`${word} one`, `${word} two`])
      expect(await alice.composer().inputValue()).toBe(`${word}, half written`)
    }

    describe('a session on im2', () => {
      beforeAll(async () => {
        await setUp('im2')
        await alice.start()
        await alice.isOnline()
        await alice.startsChatWith('bob')
      })
      afterAll(tearDown)

      it('that an administrator ends says who and why, stays away, and comes back when asked', async () => {
        await alice.drafts('kicked, half written')
        server.control.kick({ userId: 'alice', reason: 'shift is <b>over</b>', operator: 'bob' })
        await alice.seesStatus('Signed out')
        await alice.page.getByText('Bob Keller ended this session.').waitFor()
        await alice.page.getByText('Reason: shift is <b>over</b>').waitFor()
        await alice.says('kicked one')
        await alice.says('kicked two')
        await alice.drafts('kicked, half written')
        await workIsThere('kicked')
        expect(server.control.sessions()).toEqual([])
        await alice.page.getByRole('button', { name: 'Connect again' }).click()
        await workIsDone('kicked')
        expect(await alice.page.getByText('ended this session').count()).toBe(0)
      })

      it('whose token has run out asks for another, and goes on where it was', async () => {
        await alice.drafts('expired, half written')
        server.control.expireToken({ userId: 'alice' })
        await alice.seesStatus('Signed out')
        await alice.page.getByText('The token has expired. Sign in with a new one.').waitFor()
        await alice.page.getByRole('button', { name: 'Look at my messages first' }).click()
        await alice.says('expired one')
        await alice.says('expired two')
        await alice.drafts('expired, half written')
        await workIsThere('expired')
        await alice.page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await alice.signsInWith(server.issueToken('alice'))
        await workIsDone('expired')
      })

      it('whose token was taken back while it was away is refused, and loses nothing, not even over a restart', async () => {
        await leaveWorkBehind('revoked')
        server.control.expireToken({ userId: 'alice' })
        await server.start()
        await alice.seesStatus('Signed out')
        await alice.page.getByRole('button', { name: 'Look at my messages first' }).click()
        await workIsThere('revoked')
        await alice.kill()
        // The managed configuration brings a fresh token, as an administrator would.
        await alice.start()
        await alice.opens('Bob Keller')
        await workIsDone('revoked')
      })
    })

    describe('a session on xuqm', () => {
      beforeAll(async () => {
        await setUp('xuqm')
        await alice.start()
        await alice.isOnline()
        await alice.startsChatWith('bob')
      })
      afterAll(tearDown)

      it('that the server ends with ERROR Unauthorized asks to sign in, with queue and draft kept', async () => {
        await leaveWorkBehind('unauthorized')
        await server.start()
        await alice.isOnline()
        await alice.hasDelivered('unauthorized two')
        server.control.expireToken({ userId: 'alice' })
        await alice.seesStatus('Signed out')
        await alice.page.getByText('The server refused the token. Sign in with a new one.').waitFor()
        await alice.page.getByRole('button', { name: 'Look at my messages first' }).click()
        expect(await alice.composer().inputValue()).toBe('unauthorized, half written')
        await alice.says('later one')
        await alice.says('later two')
        await alice.drafts('later, half written')
        await workIsThere('later')
        await alice.page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await alice.signsInWith(server.issueToken('alice'))
        await workIsDone('later')
      })
    })

    describe('a token that ends soon', () => {
      beforeAll(async () => {
        await setUp('im2', {
          configure: (account) => ({ ...account, token: server.issueToken('alice', { ttlMs: 40_000 }) }),
        })
      })
      afterAll(tearDown)

      it('is asked for in time and replaced on the live connection', async () => {
        await alice.start()
        await alice.isOnline()
        await alice.startsChatWith('bob')
        await alice.drafts('during the renewal')
        const ask = alice.page.getByRole('region', { name: 'Token' })
        await ask.waitFor({ timeout: 90_000 })
        const session = server.control.sessions().map(({ sessionId }) => sessionId)
        server.control.recordWire(true)
        await ask.getByRole('button', { name: 'Enter a new token' }).click()
        await alice.signsInWith(server.issueToken('alice'))
        await alice.composer().waitFor()
        await ask.waitFor({ state: 'detached' })
        expect(await alice.composer().inputValue()).toBe('during the renewal')
        await alice.says('with the new token')
        await alice.hasDelivered('with the new token')
        expect(server.control.sessions().map(({ sessionId }) => sessionId)).toEqual(session)
        const commands = server.control.wire().map(({ frame }) => new Map(frame.headers).get('destination'))
        expect(commands).toContain('/app/auth')
      })
    })

    describe('a token that a file brings', () => {
      let tokenFile: string
      beforeAll(async () => {
        await setUp('im2', { configure: ({ token: _token, ...account }) => ({ ...account, tokenFile }) })
        tokenFile = join(dir, 'token')
      })
      afterAll(tearDown)

      it('is renewed on the live connection when the file changes, without a word to the user', async () => {
        const old = server.issueToken('alice', { ttlMs: 300_000 })
        writeFileSync(tokenFile, `${old}\n`)
        await alice.start()
        await alice.isOnline()
        await alice.startsChatWith('bob')
        const session = server.control.sessions().map(({ sessionId }) => sessionId)
        server.control.recordWire(true)
        const fresh = server.issueToken('alice')
        writeFileSync(tokenFile, `${fresh}\n`)
        await expect.poll(() => server.control.wire().filter(({ frame }) => frame.body.includes(fresh)).length).toBe(1)
        server.control.expireToken({ token: old })
        await alice.says('nothing happened')
        await alice.hasDelivered('nothing happened')
        expect(server.control.sessions().map(({ sessionId }) => sessionId)).toEqual(session)
        expect(await alice.page.getByRole('region', { name: 'Token' }).count()).toBe(0)
      })

      it('comes too late: the session has ended, and starts again by itself when the file has another', async () => {
        server.control.expireToken({ userId: 'alice' })
        await alice.seesStatus('Signed out')
        writeFileSync(tokenFile, server.issueToken('alice'))
        await alice.isOnline()
        await alice.composer().waitFor()
      })
    })
  })
}
