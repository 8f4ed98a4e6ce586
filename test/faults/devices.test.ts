/** Several devices of one account, several accounts on one machine: everybody has what is theirs, and nothing else. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { ok } from '#common/base/result.ts'
import type { Account } from '#common/domain/account.ts'
import type { Message } from '#common/domain/message.ts'
import { systemRandom } from '#electron/adapters/clock/systemClock.ts'
import { createAccountFiles } from '#electron/adapters/media/accountFiles.ts'
import { openAppDatabase } from '#electron/adapters/sqlite/appDatabase.ts'
import { repairOnThread } from '#electron/adapters/sqlite/repairThread.ts'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import { createStompTransport } from '#electron/adapters/stomp/transport.ts'
import { Accounts } from '#electron/core/accounts.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Secrets } from '#electron/core/ports/platform.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'
import { disagreements } from '#test/oracle.ts'
import type { DialectName } from '#test/server/types.ts'
import { createFaultClock } from './clock.ts'
import { wholeRun } from './fault.ts'
import { trickled } from './proxy.ts'
import { type Rig, type RigClient, rigFault, settled, storeWorkerUrl } from './rig.ts'

const speed = 20
const oneOf = (dialect: DialectName): readonly DialectName[] => (wholeRun ? ['im2', 'xuqm'] : [dialect])

/**
 * What both devices must agree on: everything but the local names of rows and what is read where. Our own words of a
 * message that was recalled are kept where they are known, to be written anew, and shown nowhere: the server does not
 * tell them to a device that was away.
 */
function shared(messages: readonly Message[]): unknown[] {
  return messages.map(({ serverId, senderId, outgoing, content, sequence, serverTime, edited, recalled, deleted }) => ({
    serverId,
    senderId,
    outgoing,
    content: recalled === null ? content : null,
    sequence,
    serverTime,
    edited: recalled === null && edited !== null,
    recalled: recalled !== null,
    deleted,
  }))
}

describe('two devices of one account', () => {
  rigFault('F33', 'converge, whichever of them is cut off', { timeoutMs: 120_000 }, async (rig, notes) => {
    const desk = await rig.client('alice', { speed, deviceId: 'desk' })
    const lap = await rig.client('alice', { speed, deviceId: 'lap', direct: true })
    const bob = await rig.client('bob', { speed, direct: true })
    await Promise.all([desk, lap, bob].map((client) => client.reaches('online')))
    const devices = [desk, lap] as const
    const chats = await Promise.all(devices.map((device) => device.opens({ person: 'bob' })))
    const back = await bob.opens({ person: 'alice' })
    const own: { device: RigClient; messageId: number }[] = []
    // No more than fit into one page.
    const rounds = wholeRun ? 240 : 40
    for (let n = 0; n < rounds; n++) {
      const dice = rig.random()
      const at = rig.random() < 0.5 ? 0 : 1
      const device = devices[at]
      const before = own[Math.floor(rig.random() * own.length)]
      if (dice < 0.5) {
        own.push({ device, messageId: await device.says(chats[at] ?? '', `number ${n} from ${at}`) })
      } else if (dice < 0.7) await bob.says(back, `number ${n} from bob`)
      else if (dice < 0.85 && before !== undefined) {
        const { store, session, clock } = before.device
        const edits = rig.random() < 0.5 && session.capabilities.edit
        const changed = edits
          ? await store.edit(before.messageId, `number ${n}, edited`, clock.now())
          : await store.recall(before.messageId, clock.now())
        if (changed.ok) session.changed(changed.value)
        session.nudge()
      } else if (dice < 0.92) rig.proxy.reset()
      else rig.server.control.closeSockets({ userId: 'alice', abrupt: true })
      if (rig.random() < 0.2) await new Promise((resolve) => setTimeout(resolve, rig.random() * 50))
    }
    for (const device of devices) device.session.renew()
    await Promise.all([desk, lap, bob].map((client) => settled(client)))
    const [first = [], second = []] = await Promise.all(devices.map((device) => device.reads('direct:bob')))
    expect(shared(second)).toEqual(shared(first))
    // What the one wrote stands at the other as its own side of the talk.
    const written = own.filter(({ device }) => device === desk).length
    expect(written).toBeGreaterThan(0)
    const sent = rig.server.messages(rig.dialect).filter(({ senderId }) => senderId === 'alice')
    // What was taken back before it was written to a socket was never sent.
    expect(sent.length).toBeGreaterThan(own.length / 2)
    expect(second.filter(({ outgoing }) => outgoing)).toHaveLength(sent.length)
    expect(second.filter(({ state }) => state === 'sending' || state === 'failed')).toEqual([])
    notes.add(`${own.length} own messages, ${first.length} in all`)
  })
})

/** The program's accounts, on real files, in a folder of the rig. */
interface Installation {
  readonly accounts: Accounts
  readonly appStore: AppStore
  readonly dir: string
  readonly secrets: ReadonlyMap<string, string>
  readonly told: { readonly accountId: string; readonly conversations: readonly string[] }[]
  signIn(userId: string): Promise<Account>
  fileOf(accountId: string): string
}

async function install(rig: Rig): Promise<Installation> {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-accounts-'))
  const opened = openAppDatabase({ file: join(dir, 'app.db') })
  if (!opened.ok) throw new Error(opened.error.code)
  const appStore = opened.value
  const kept = new Map<string, string>()
  const secrets: Secrets = {
    read: (id) => Promise.resolve(ok(kept.get(id) ?? null)),
    write: (id, secret) => {
      kept.set(id, secret)
      appStore.writeSealed(id, Buffer.from(secret))
      return Promise.resolve()
    },
    remove: (id) => {
      kept.delete(id)
      appStore.removeSealed(id)
      return Promise.resolve()
    },
  }
  const clock = createFaultClock({ speed: 10 })
  const dirOf = (id: string): string => join(dir, 'accounts', id)
  const fileOf = (id: string): string => join(dirOf(id), 'messages.db')
  const told: Installation['told'] = []
  const accounts = new Accounts({
    appStore,
    secrets,
    dialects,
    openStore: ({ id, profile }, watch) =>
      createWorkerStore({ workerUrl: storeWorkerUrl, file: fileOf(id), selfId: profile.userId, ...watch }),
    repairStore: ({ id, profile }) =>
      repairOnThread({ workerUrl: storeWorkerUrl, file: fileOf(id), selfId: profile.userId }),
    openMedia: (id) => ({
      files: createAccountFiles({ dir: dirOf(id), now: () => clock.now() }),
      upload: () => ({ outcome: Promise.resolve({ result: 'aborted' }), abort: () => undefined }),
      download: () => ({ outcome: Promise.resolve(ok(new Uint8Array())), abort: () => undefined }),
      fetch: () => ({ outcome: Promise.resolve({ result: 'aborted' as const }), abort: () => undefined }),
    }),
    eraseStore: (id) => Promise.resolve(rmSync(dirOf(id), { recursive: true, force: true })),
    transport: createStompTransport({ onFault: () => undefined, clock }),
    clock,
    random: systemRandom,
    log: silentLog,
  })
  accounts.onChanges(({ accountId, changes }) =>
    told.push({ accountId, conversations: changes.messages.map(({ conversationId }) => conversationId) }),
  )
  await accounts.start([])
  return {
    accounts,
    appStore,
    dir,
    secrets: kept,
    told,
    fileOf,
    signIn: async (userId) => {
      const url = rig.proxy.through(rig.server.url(rig.dialect))
      const answer = await accounts.signIn({
        url,
        userId,
        token: rig.server.issueToken(userId),
        appKey: rig.server.appKey,
      })
      if (!answer.ok) throw new Error(`${answer.error.code} ${answer.error.detail ?? ''}`)
      return answer.value
    },
  }
}

/** Every file below the folder whose bytes hold these words, and every name that does. */
function traces(dir: string, words: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => {
      const file = join(entry.parentPath, entry.name)
      return entry.name.includes(words) || (entry.isFile() && readFileSync(file).includes(words))
    })
    .map(({ name }) => name)
}

describe('signing out during the sync', () => {
  rigFault(
    'F34',
    'leaves nothing of the account, and no row crosses to another',
    { dialects: oneOf('im2'), timeoutMs: 120_000 },
    async (rig, notes) => {
      const { control } = rig.server
      const missed = wholeRun ? 5_000 : 1_000
      for (let n = 0; n < missed; n++) {
        control.message({ from: 'sofia', to: 'alice', text: `for alice ${n}` })
        control.message({ from: 'sofia', to: 'bob', text: `for bob ${n}` })
      }
      const machine = await install(rig)
      const { accounts, told, dir, fileOf } = machine
      try {
        // Slow enough to be caught in the middle.
        rig.proxy.shape('in', trickled(300_000))
        const bob = await machine.signIn('bob')
        const alice = await machine.signIn('alice')
        const aliceSession = accounts.session(alice.id)
        if (!aliceSession.ok) throw new Error('not running')
        const come = (): number =>
          told.filter(({ accountId }) => accountId === alice.id).flatMap(({ conversations }) => conversations).length
        await expect.poll(come, { interval: 5 }).toBeGreaterThan(20)
        const { state } = aliceSession.value.connection
        const signedOut = await accounts.signOut(alice.id)
        expect(signedOut.ok).toBe(true)
        const comeThen = come()
        expect(comeThen).toBeLessThan(missed)
        rig.proxy.shape('in', null)
        const toldThen = told.filter(({ accountId }) => accountId === alice.id).length

        expect(existsSync(join(dir, 'accounts', alice.id))).toBe(false)
        expect(accounts.list().map(({ userId }) => userId)).toEqual(['bob'])
        expect(accounts.session(alice.id).ok).toBe(false)
        expect(machine.secrets.has(alice.id)).toBe(false)
        await expect.poll(() => control.sessions().filter(({ userId }) => userId === 'alice')).toEqual([])

        const bobSession = accounts.session(bob.id)
        if (!bobSession.ok) throw new Error('not running')
        const size = async (): Promise<number> =>
          (await bobSession.value.store.snapshot()).conversations.find(({ id }) => id === 'direct:sofia')?.unread ?? 0
        await expect.poll(size, { timeout: 60_000 }).toBe(missed)
        // Nothing came after the answer, and nothing of hers is told under his name.
        expect(told.filter(({ accountId }) => accountId === alice.id)).toHaveLength(toldThen)

        // Signed in again, everything is there again; the server does not send twice what was had, but has this device new.
        const again = await machine.signIn('alice')
        expect(again.id).not.toBe(alice.id)
        const session = accounts.session(again.id)
        if (!session.ok) throw new Error('not running')
        await expect
          .poll(
            async () =>
              (await session.value.store.snapshot()).conversations.find(({ id }) => id === 'direct:sofia')?.unread,
            { timeout: 60_000 },
          )
          .toBe(missed)
        await accounts.close()
        machine.appStore.close()
        expect(traces(dir, alice.id)).toEqual([])
        const rows = rig.server.messages(rig.dialect)
        expect(disagreements(rows, fileOf(bob.id), 'bob')).toEqual([])
        expect(disagreements(rows, fileOf(again.id), 'alice')).toEqual([])
        expect(readFileSync(fileOf(bob.id)).includes('for alice')).toBe(false)
        expect(readFileSync(fileOf(again.id)).includes('for bob')).toBe(false)
        notes.add(`signed out while ${state}, after ${comeThen} of ${missed}`)
      } finally {
        await accounts.close()
        rmSync(dir, { recursive: true, force: true })
      }
    },
  )
})
