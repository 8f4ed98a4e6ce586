/**
 * F18 to F22 and F35, on whole clients: what disks and files do to a used account. Each time the trouble has its name,
 * nothing is overwritten, and what was queued goes out once all is well.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect } from 'vitest'
import { accountApplicationId } from '#electron/adapters/sqlite/accountStore.ts'
import { accountMigrations } from '#electron/adapters/sqlite/migrations/account/all.ts'
import { openDatabase } from '#electron/adapters/sqlite/open.ts'
import { repairAccountDatabase } from '#electron/adapters/sqlite/repairAccount.ts'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import { cutTo, flipByte, flipPages, pagesOf } from '#test/store/damage.ts'
import { frame, inspect, now, received, unwrap } from '#test/store/support.ts'
import { wholeRun } from './fault.ts'
import { rigProcess } from './process/inRig.ts'
import { openingPoint } from './process/killPoints.ts'
import { missingDisk, mountSmallDisk } from './process/smallDisk.ts'
import { type Rig, type RigClient, rigFault, settled, storeWorkerUrl } from './rig.ts'

const heartbeatMs = 1_000
const spareFrames = 20
const spareBytes = spareFrames * 16 * 1024
const folderOf = (rig: Rig): string => join(rig.dir, 'device-alice')
const fileOf = (rig: Rig): string => join(folderOf(rig), 'messages.db')

/** Talks a while in both directions; answers with the conversation. */
async function used(rig: Rig, alice: RigClient, count = 10): Promise<string> {
  await alice.reaches('online')
  const chat = await alice.opens({ person: 'bob' })
  for (let n = 0; n < count; n++) {
    await alice.says(chat, `used ${n}`)
    rig.server.control.message({ dialect: rig.dialect, from: 'bob', to: 'alice', text: `answer ${n}` })
  }
  await settled(alice)
  return chat
}

/** Messages and a draft that wait; the client is ended, and the network is back. */
async function leftBehind(rig: Rig, alice: RigClient, chat: string): Promise<void> {
  await rig.proxy.listen(false)
  rig.proxy.reset()
  await alice.reaches('offline')
  for (let n = 0; n < 3; n++) await alice.says(chat, `queued ${n}`)
  await alice.store.setDraft(chat, 'half a thought')
  // What stands behind them in the file, and can be spared.
  const body = new Uint8Array(16 * 1024).fill(0x61)
  const frames = Array.from({ length: spareFrames }, () => ({
    destination: '',
    contentType: null,
    reason: 'spare',
    body,
  }))
  await alice.store.keepUndecoded(frames, alice.clock.now())
  await alice.close()
  await rig.proxy.listen(true)
}

async function expectSaved(rig: Rig, alice: RigClient, chat: string): Promise<void> {
  await settled(alice)
  const snapshot = await alice.store.snapshot()
  expect(snapshot.conversations.find(({ id }) => id === chat)?.draft).toBe('half a thought')
  const rows = rig.server.messages(rig.dialect).filter(({ senderId }) => senderId === 'alice')
  const queued = rows.flatMap(({ content }) => /queued \d/.exec(content) ?? [])
  expect(queued).toEqual(['queued 0', 'queued 1', 'queued 2'])
}

/** Every file of the account by name; an empty log says nothing, and neither does what readers share. */
function bytesOf(rig: Rig): Map<string, string> {
  const names = readdirSync(folderOf(rig)).filter((name) => !name.endsWith('-shm'))
  const bytes = names.map((name) => [name, readFileSync(join(folderOf(rig), name)).toString('base64')] as const)
  return new Map(bytes.filter(([, content]) => content !== ''))
}

if (wholeRun)
  describe('two starts at once on one database', () => {
    const rounds = 20
    rigFault(
      'F18',
      `${rounds} times: one owner`,
      { dialects: ['im2'], runs: 1, timeoutMs: 400_000 },
      async (rig, notes) => {
        for (let round = 0; round < rounds; round++) {
          const both = [rigProcess(rig, 'alice'), rigProcess(rig, 'alice')]
          const outcomes = await Promise.allSettled(both.map(({ start }) => start()))
          expect(outcomes.map(({ status }) => status).sort(), `round ${round}`).toEqual(['fulfilled', 'rejected'])
          const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
          expect(refused[0]).toContain('storage.locked')
          for (const [at, { process }] of both.entries()) {
            if (outcomes[at]?.status === 'fulfilled') await process.close()
            await process.dispose()
          }
        }
        notes.add(`${rounds} rounds on one database, one owner each`)
        const alice = await rig.client('alice')
        await used(rig, alice, 2)
      },
    )
  })

describe('a disk that is full', () => {
  rigFault('F19', 'while sending and receiving', { dialects: ['im2'], missing: missingDisk }, async (rig, notes) => {
    const disk = mountSmallDisk(folderOf(rig), 8)
    rig.atEnd(async () => {
      await alice.close()
      disk.unmount()
    })
    const alice = await rig.client('alice', { heartbeatMs })
    const chat = await used(rig, alice, 5)
    disk.fill(Math.floor(rig.random() * 500_000))
    let refusal = 'none'
    let accepted = 0
    for (; accepted < 200 && refusal === 'none'; accepted += Number(refusal === 'none')) {
      refusal = await alice.says(chat, `accepted ${accepted}`).then(
        () => 'none',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
    }
    expect(refusal).toBe('storage.full')
    for (let n = 0; n < 50; n++) {
      rig.server.control.message({ dialect: rig.dialect, from: 'bob', to: 'alice', text: `for a full disk ${n}` })
    }
    await wait(2_500)
    notes.add(`${accepted} accepted before storage.full`)
    expect(rig.server.control.sessions().map(({ userId }) => userId)).toEqual(['alice'])
    disk.free()
    await expect.poll(() => alice.says(chat, 'there is room again').catch(() => 0)).toBeGreaterThan(0)
    await settled(alice)
    const texts = rig.server.messages(rig.dialect).map(({ content }) => /accepted \d+/.exec(content)?.[0])
    expect(texts.filter((text) => text !== undefined)).toEqual(
      Array.from({ length: accepted }, (_, n) => `accepted ${n}`),
    )
  })
})

if (wholeRun)
  describe('a disk that can only be read', () => {
    rigFault(
      'F20',
      'is named, left alone, and well again',
      { dialects: ['im2'], missing: missingDisk },
      async (rig) => {
        const disk = mountSmallDisk(folderOf(rig), 16)
        const open: RigClient[] = []
        rig.atEnd(async () => {
          for (const client of open) await client.close()
          disk.unmount()
        })
        const first = await rig.client('alice', { heartbeatMs })
        open.push(first)
        const chat = await used(rig, first, 3)
        await leftBehind(rig, first, chat)
        const before = bytesOf(rig)
        disk.setReadOnly(true)
        await expect(rig.client('alice')).rejects.toThrow('storage.readOnly')
        expect(bytesOf(rig)).toEqual(before)
        disk.setReadOnly(false)
        const again = await rig.client('alice', { heartbeatMs })
        open.push(again)
        await expectSaved(rig, again, chat)
      },
    )
  })

if (wholeRun)
  describe('a file that is damaged', () => {
    const damages: readonly (readonly [string, (file: string, random: () => number) => void])[] = [
      ['pages of messages', (file, random) => flipPages(file, [some(pagesOf(file, 'messages'), random)])],
      ['bytes of the header', (file, random) => flipByte(file, Math.floor(random() * 16))],
      [
        'its end cut off',
        (file, random) => cutTo(file, statSync(file).size - Math.floor(spareBytes * (0.1 + random() * 0.8))),
      ],
    ]
    for (const [what, damage] of damages) {
      rigFault('F21', `${what}: queue and drafts saved`, { dialects: ['im2'] }, async (rig, notes) => {
        const first = await rig.client('alice')
        const chat = await used(rig, first, 60)
        await leftBehind(rig, first, chat)
        damage(fileOf(rig), () => rig.random())
        const damaged = readFileSync(fileOf(rig))
        const report = unwrap(repairAccountDatabase({ file: fileOf(rig), selfId: 'alice', at: new Date() }))
        notes.add(`${what}: ${report.messages} messages, ${report.queued} queued, ${report.drafts} drafts saved`)
        expect(readFileSync(join(folderOf(rig), report.keptAs)).equals(damaged)).toBe(true)
        expect(report.queued).toBe(3)
        const again = await rig.client('alice')
        await expectSaved(rig, again, chat)
        const shown = new Set((await again.reads(chat)).map(({ serverId }) => serverId))
        for (const { serverId } of rig.server.messages(rig.dialect)) {
          if (!shown.has(serverId)) rig.withheld('alice', serverId)
        }
      })
    }
  })

const some = <T>(list: readonly T[], random: () => number): T => {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new Error('nothing to choose from')
  return one
}

describe('a database of another version', () => {
  rigFault(
    'F22',
    'migration killed at each statement',
    { dialects: ['im2'], runs: 1, whole: true, timeoutMs: 180_000 },
    async (rig, notes) => {
      mkdirSync(folderOf(rig), { recursive: true })
      const template = join(rig.dir, 'template.db')
      writeFirstVersion(template)
      let kills = 0
      for (let time = 1; ; time++) {
        copyFileSync(template, fileOf(rig))
        for (const end of ['-wal', '-shm']) expect(existsSync(fileOf(rig) + end)).toBe(false)
        const killed = rigProcess(rig, 'alice', { inThread: true, killAt: { point: openingPoint, time } })
        const outcome = await killed.start().then(
          () => 'opened',
          () => 'killed',
        )
        if (outcome === 'opened') {
          await killed.process.close()
          await killed.process.dispose()
          break
        }
        expect(await killed.process.ended).toBe('SIGKILL')
        kills++
        const opened = await createWorkerStore({ workerUrl: storeWorkerUrl, file: fileOf(rig), selfId: 'alice' })
        const store = unwrap(opened)
        expect(await store.outboxSize()).toBe(1)
        expect((await store.snapshot()).conversations).toMatchObject([{ draft: 'half a thought' }])
        await store.close()
        const version = inspect(fileOf(rig), (database) => database.pragma('user_version', { simple: true }))
        expect(version).toBe(accountMigrations.length)
        for (const name of readdirSync(folderOf(rig))) if (name !== 'messages.db') rmSync(join(folderOf(rig), name))
      }
      notes.add(`killed at ${kills} statements`)
      expect(kills).toBeGreaterThan(10)
      const alice = await rig.client('alice')
      await settled(alice)
      expect(rig.server.messages(rig.dialect).map(({ clientId }) => clientId)).toEqual(['c-one'])
    },
  )

  rigFault('F22', 'a later one is named and left alone', { dialects: ['im2'], runs: 1 }, async (rig) => {
    const first = await rig.client('alice', { heartbeatMs })
    const chat = await used(rig, first, 2)
    await leftBehind(rig, first, chat)
    inspect(fileOf(rig), (database) => database.pragma('user_version = 99'))
    const before = bytesOf(rig)
    await expect(rig.client('alice')).rejects.toThrow('storage.newer')
    expect(bytesOf(rig)).toEqual(before)
    inspect(fileOf(rig), (database) => database.pragma(`user_version = ${accountMigrations.length}`))
    await expectSaved(rig, await rig.client('alice', { heartbeatMs }), chat)
  })
})

describe('a reader that takes its time', () => {
  const count = wholeRun ? 200_000 : 20_000
  const limitBytes = 64 * 1024 * 1024
  const options = { dialects: ['im2'], runs: 1, timeoutMs: 300_000 } as const
  rigFault('F35', `pages without end while ${count} messages come in`, options, async (rig, notes) => {
    const file = join(rig.dir, 'long', 'messages.db')
    const store = unwrap(await createWorkerStore({ workerUrl: storeWorkerUrl, file, selfId: 'alice' }))
    let largest = 0
    let pages = 0
    let reading = true
    const reader = (async () => {
      while (reading) {
        const page = await store.page('group:team', { at: 'newest' }, 200)
        pages++
        const [oldest] = page.ok ? page.value.messages : []
        if (oldest !== undefined) await store.page('group:team', { at: 'before', position: oldest.position }, 200)
        largest = Math.max(largest, statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0)
      }
    })()
    for (let at = 0; at < count; at += 500) {
      const batch = Array.from({ length: 500 }, (_, index) =>
        frame(
          received({
            serverId: `s${((at + index) * 2_654_435_761) % 4_294_967_296}-${at + index}`,
            sequence: String(at + index + 1),
            serverTime: now + at + index,
            text: `Message ${at + index}, of the length that people write to each other on a normal day.`,
          }),
        ),
      )
      await store.ingest(batch, now)
      largest = Math.max(largest, statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0)
    }
    reading = false
    await reader
    await store.close()
    notes.add(`log at most ${(largest / 1024 / 1024).toFixed(1)} MiB, ${pages} pages read meanwhile`)
    expect(largest).toBeGreaterThan(0)
    expect(largest).toBeLessThanOrEqual(limitBytes)
  })

  rigFault(
    'F35',
    'from outside is waited for, then named',
    { dialects: ['im2'], runs: 1, whole: true },
    async (rig) => {
      const first = await rig.client('alice', { heartbeatMs })
      const chat = await used(rig, first, 2)
      expect(() => read(fileOf(rig))).toThrow(/locked/)
      await leftBehind(rig, first, chat)
      const outside = read(fileOf(rig))
      await expect(rig.client('alice')).rejects.toThrow('storage.locked')
      outside.close()
      await expectSaved(rig, await rig.client('alice', { heartbeatMs }), chat)
    },
  )
})

/** A backup program in the middle of its reading. */
function read(file: string): Database.Database {
  const database = new Database(file, { timeout: 0 })
  try {
    database.exec('BEGIN; SELECT count(*) FROM messages')
    database.prepare('SELECT count(*) FROM messages').get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** An account as the first version of the database had it, with a message on its way and a draft. */
function writeFirstVersion(file: string): void {
  const migrations = accountMigrations.slice(0, 1)
  const database = unwrap(openDatabase({ file, migrations, applicationId: accountApplicationId }))
  database.exec(`
    INSERT INTO meta VALUES (1, 'alice', 1, 1);
    INSERT INTO conversations (id, name, kind, target_id, membership, created_at, active_at, unread, mentions, draft,
      last_seq, last_time, last_tie, numbered, revision)
    VALUES (1, 'direct:bob', 'direct', 'bob', 'member', 0, 0, 0, 0, 'half a thought', 0, 0, '', 0, 1);
    INSERT INTO messages (id, conversation_id, order_seq, order_time, numbered, client_id, sender_id, local_time, state,
      unread, mentioned, pinned, deleted, revision, kind, text)
    VALUES (1, 1, 9223372036854775807, 1, 0, 'c-one', 'alice', 0, 0, 0, 0, 0, 0, 1, 'text', 'one');
    INSERT INTO outbox (id, conversation_id, message_id, kind, text, held, composed_at, attempts)
    VALUES (1, 1, 1, 'send', '', 0, 0, 0);`)
  database.close()
}
