/** F17, F18 and F23 in the real app under the Chromium host: its processes killed, two of it at once, no key store. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type Page, chromium } from 'playwright-core'
import { describe, expect } from 'vitest'
import { backends } from '#test/e2e/launch.ts'
import { Person, type PersonOptions } from '#test/e2e/person.ts'
import { type ControlClient, connectControl } from '#test/host/control/wire.ts'
import { accountDatabase, disagreements } from '#test/oracle.ts'
import type { ManagedAccount } from '#test/server/managedConfig.ts'
import { createDemoServer, type DemoServer } from '#test/server/server.ts'
import { projectDir } from '../../build/scripts/run.ts'
import { fault, wholeRun } from './fault.ts'
import { buildMortalApp, killStoreThread } from './process/mortalApp.ts'

const backend = 'chromium'
const missing = backends().find(({ name }) => name === backend)?.missing ?? null
/** The bound of the table is a second; a machine that is busy with other tests gets more. */
const backWithinMs = 3_000

interface Scene {
  readonly dir: string
  readonly server: DemoServer
  person(options?: Partial<PersonOptions>): Person
}

/** Alice's app and its server; afterwards the oracle looks at what Alice has. */
async function scene(run: (given: Scene) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-app-fault-'))
  const server = await createDemoServer({ dialects: ['im2'] })
  const persons: Person[] = []
  try {
    await run({
      dir,
      server,
      person: (options = {}) => {
        const person = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend, ...options })
        persons.push(person)
        return person
      },
    })
    for (const person of persons) await person.quit()
    for (const dataDir of new Set(persons.map((person) => person.dataDir))) {
      expect(disagreements(server.messages('im2'), accountDatabase(dataDir), 'alice')).toEqual([])
    }
  } finally {
    for (const person of persons) await person.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

describe('a part of the app that is killed', () => {
  fault('F17', 'the renderer, in the middle of writing', { missing, timeoutMs: 120_000 }, (_seed, notes) =>
    scene(async ({ server, person }) => {
      const alice = person()
      await alice.start()
      await alice.isOnline()
      await alice.startsChatWith('bob')
      await alice.says('before')
      await alice.hasDelivered('before')
      await alice.drafts('half a thought')
      const control = alice.app.control()
      const [window] = await control.windows()
      const killedAt = Date.now()
      await control.window(window?.id ?? 0, 'crash')
      server.control.message({ dialect: 'im2', from: 'bob', to: 'alice', text: 'while the page was gone' })
      const { browser, page } = await newPage(alice, killedAt)
      try {
        await page.getByRole('option', { name: /^Bob Keller,/ }).click()
        const composer = page.getByRole('textbox', { name: 'Message', exact: true })
        await expect.poll(() => composer.inputValue()).toBe('half a thought')
        const messages = page.getByRole('log', { name: 'Messages' }).getByRole('article')
        await messages.filter({ hasText: 'while the page was gone' }).waitFor()
        expect(await messages.filter({ hasText: 'before' }).count()).toBe(1)
        await composer.fill('half a thought, finished')
        await composer.press('Enter')
        await page
          .locator('article[data-state="sent"], article[data-state="delivered"]')
          .filter({ hasText: 'finished' })
          .waitFor()
        const shownAt = await page.evaluate(() => {
          const [navigation] = performance.getEntriesByType('navigation')
          return performance.timeOrigin + (navigation as PerformanceNavigationTiming).domContentLoadedEventEnd
        })
        notes.add(`renderer back after ${Math.round(shownAt - killedAt)} ms`)
        expect(shownAt - killedAt).toBeLessThan(backWithinMs)
      } finally {
        await browser.close()
      }
    }),
  )

  fault('F17', "the store's thread, while messages go both ways", { missing, timeoutMs: 120_000 }, (_seed, notes) =>
    scene(async ({ dir, server, person }) => {
      const alice = person({ main: buildMortalApp(join(dir, 'app')) })
      await alice.start()
      await alice.isOnline()
      await alice.startsChatWith('bob')
      await alice.says('before')
      await alice.hasDelivered('before')
      await alice.drafts('half a thought')
      const database = accountDatabase(alice.dataDir)
      server.control.message({ dialect: 'im2', from: 'bob', to: 'alice', text: 'answer 1' })
      const killedAt = performance.now()
      await killStoreThread(database)
      server.control.message({ dialect: 'im2', from: 'bob', to: 'alice', text: 'answer 2' })
      await alice.sees('answer 2')
      const backAfter = performance.now() - killedAt
      notes.add(`store's thread back after ${Math.round(backAfter)} ms`)
      expect(backAfter).toBeLessThan(backWithinMs)
      expect(await alice.composer().inputValue()).toBe('half a thought')
      await alice.isOnline()
      for (let n = 0; n < 3; n++) {
        const text = `after ${n}`
        await killStoreThread(database)
        await alice.says(text)
        await alice.hasDelivered(text)
      }
      expect(await alice.page.getByRole('alert').count()).toBe(0)
    }),
  )
})

describe('the app started twice at once', () => {
  const rounds = wholeRun ? 50 : 2
  const options = { missing, runs: 1, timeoutMs: 60_000 + rounds * 12_000 }
  fault('F18', `${rounds} times: one owner, one window`, options, async (_seed, notes) => {
    const dir = mkdtempSync(join(tmpdir(), 'godwit-twice-'))
    const userDataDir = join(dir, 'data')
    const running: Started[] = []
    const start = (): Started => {
      const started = startBare(userDataDir, join(dir, `control-${running.length}`))
      running.push(started)
      return started
    }
    try {
      for (let round = 0; round < rounds; round++) {
        const [one, two] = [start(), start()]
        const [loser, owner] = await Promise.race([
          one.exited.then(() => [one, two] as const),
          two.exited.then(() => [two, one] as const),
        ])
        expect(await loser.exited, `round ${round}`).toBe(0)
        const control = await owner.control()
        const windows = async (): Promise<unknown> =>
          (await control.windows()).map(({ visible, minimized }) =>
            minimized ? 'minimized' : visible ? 'shown' : 'hidden',
          )
        await expect.poll(windows).toEqual(['shown'])
        if (round === 0) {
          const [window] = await control.windows()
          await control.window(window?.id ?? 0, 'minimize')
          await expect.poll(windows).toEqual(['minimized'])
          expect(await start().exited).toBe(0)
          await expect.poll(windows).toEqual(['shown'])
        }
        await control.quit()
        expect(await owner.exited, `round ${round}`).toBe(0)
        control.dispose()
      }
      // Only the owner comes so far as to write a log, and it is the owner who opens the database.
      const log = readFileSync(join(userDataDir, 'logs/main.log'), 'utf8')
      expect(log.split('\n').filter((line) => /\bstarted\b/.test(line))).toHaveLength(rounds)
      expect(log).not.toContain('storage.')
      notes.add(`${rounds} rounds, one owner each`)
    } finally {
      for (const { kill } of running) await kill()
      rmSync(dir, { recursive: true, force: true })
    }
  })
})

if (wholeRun)
  describe('a key store that is not as it was', () => {
    const options = { missing, timeoutMs: 180_000, runs: 1 }
    for (const [how, broken] of [
      ['changed', (dir: string) => ({ GODWIT_HOST_KEYRING: join(dir, 'other-keys') })],
      [
        'not there',
        (dir: string) => ({ GODWIT_HOST_KEYRING: join(dir, 'keys'), GODWIT_HOST_SAFE_STORAGE: 'unavailable' }),
      ],
    ] as const) {
      fault('F23', `${how}: asks to sign in, keeps what is queued, and is well again`, options, () =>
        scene(async ({ dir, server, person }) => {
          const keys = { GODWIT_HOST_KEYRING: join(dir, 'keys') }
          const tokenless = { configure: ({ token: _token, ...account }: ManagedAccount) => account }
          let alice = person({ env: keys })
          await alice.start()
          await alice.isOnline()
          await alice.startsChatWith('bob')
          await server.stop()
          await alice.seesStatus('Offline')
          await alice.says('queued')
          await alice.drafts('half a thought')
          await alice.quit()
          await server.start()

          alice = person({ env: broken(dir), ...tokenless })
          await alice.start()
          await alice.seesStatus('Signed out')
          await alice.page.getByText('The key store of this computer is locked or has changed').first().waitFor()
          expect(server.messages()).toEqual([])
          if (how === 'changed') {
            await alice.quit()
            alice = person({ env: keys, ...tokenless })
            await alice.start()
          } else {
            await alice.signsInWith(server.issueToken('alice'))
          }
          await alice.isOnline()
          await alice.opens('Bob Keller')
          await alice.hasDelivered('queued')
          expect(await alice.composer().inputValue()).toBe('half a thought')
        }),
      )
    }
  })

interface Started {
  readonly exited: Promise<number | null>
  control(): Promise<ControlClient>
  kill(): Promise<void>
}

/** The app with nobody at its page, as often and as nearly at once as wanted. */
function startBare(userDataDir: string, controlAddress: string): Started {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|NODE_OPTIONS$)/.test(name))
  const child = spawn(process.execPath, [join(projectDir, 'test/host/run.ts'), `--user-data-dir=${userDataDir}`], {
    cwd: projectDir,
    env: { ...Object.fromEntries(inherited), GODWIT_HOST_CONTROL: controlAddress },
    stdio: 'ignore',
  })
  const exited = new Promise<number | null>((resolve) => void child.once('exit', resolve))
  return {
    exited,
    async control() {
      for (;;) {
        const control = await connectControl(controlAddress).catch(() => null)
        if (control !== null) return control
        await new Promise((next) => setTimeout(next, 50))
      }
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exited
    },
  }
}

/** The page that came after `since`, over a connection of its own: the driver gives a crashed page up. */
async function newPage(person: Person, since: number): Promise<{ browser: Browser; page: Page }> {
  const endpoint = (await person.app.control().debuggingUrl()) ?? ''
  for (;;) {
    const browser = await chromium.connectOverCDP(endpoint)
    const [page] = browser.contexts().flatMap((context) => context.pages())
    const from = await page?.evaluate(() => performance.timeOrigin).catch(() => 0)
    if (page !== undefined && from !== undefined && from >= since) return { browser, page }
    await browser.close()
  }
}
