/**
 * `npm run soak -- [--minutes N] [--seed N]`: a server, clients in a process of their own, traffic both ways and random
 * faults for so long; then the oracle.
 *
 * A line each minute. Exit code 0 only when every client agrees with the server's log, nothing is left in a queue or
 * missing, and the clients' memory at the end is within a tenth of that of the fifth minute (only judged in runs that are
 * longer; of both the least of three minutes, because what is under way at one moment is no growth). The seed is printed; it decides the faults and what is written, not the timing.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { disagreements } from '#test/oracle.ts'
import { createRandom } from '#test/server/faults.ts'
import { createDemoServer } from '#test/server/server.ts'
import type { DialectName } from '#test/server/types.ts'
import { typedThreadFlags } from '../../build/scripts/typedThreads.ts'
import { createFaultProxy } from './proxy.ts'
import { runClients } from './soak/clients.ts'
import { startMischief } from './soak/mischief.ts'
import type { ClientsReport, FromClients, SoakClient, ToClients } from './soak/words.ts'

const inPerSecond = 100
const outPerSecond = 20
/** The memory of this minute is what the end is measured by. */
const settledMinute = 5
/** Minutes looked at, up to that one and up to the end. */
const minutesLookedAt = 3
const mostGrowth = 1.1
const people: readonly (readonly [userId: string, dialect: DialectName])[] = [
  ['alice', 'im2'],
  ['carol', 'im2'],
  ['bob', 'xuqm'],
  ['dave', 'xuqm'],
]
const peers = Array.from({ length: 12 }, (_, index) => `peer-${index}`)
const groups = Array.from({ length: 4 }, (_, index) => `g-${index}`)

if (process.send === undefined) process.exitCode = await soak()
else runClients()

async function soak(): Promise<number> {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
  const minutes = Number(values.minutes ?? '20')
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000))
  const random = createRandom(seed)
  console.log(`seed ${seed}, ${minutes} minutes, ${inPerSecond} messages a second in, ${outPerSecond} out`)

  const everybody = [...people.map(([userId]) => userId), ...peers]
  const members = everybody.map((userId) => ({ userId, role: 'member' as const }))
  const server = await createDemoServer({
    dialects: ['im2', 'xuqm'],
    seed: {
      users: everybody.map((userId) => ({ userId, nickname: userId })),
      groups: groups.map((groupId) => ({ groupId, name: groupId, members })),
      messages: [],
      settings: {},
    },
    // A hole hides for longer than the usual two seconds that the client has not had what was written.
    heardMarginMs: 60_000,
  })
  const dir = mkdtempSync(join(tmpdir(), 'godwit-soak-'))
  const victims = await Promise.all(
    people.map(async ([userId, dialect]) => ({ userId, dialect, proxy: await createFaultProxy(server.port) })),
  )
  const clients = victims.map(({ userId, dialect, proxy }, index): SoakClient => {
    const deviceId = `device-${userId}`
    return {
      userId,
      dialect,
      url: proxy.through(server.url(dialect)),
      appKey: server.appKey,
      token: server.issueToken(userId, { deviceId }),
      file: join(dir, userId, 'messages.db'),
      seed: seed + index,
    }
  })

  const child = fork(new URL(import.meta.url).pathname, { execArgv: ['--expose-gc', ...typedThreadFlags] })
  const say = (words: ToClients): void => void child.send(words)
  const heard = listenTo((listener) => child.on('message', listener))
  child.on('exit', (code) => heard.over(`the clients' process ended with ${code}`))

  const found: string[] = []
  const reports: ClientsReport[] = []
  try {
    say({ say: 'begin', clients, peers, groups, messagesPerSecond: outPerSecond })
    await heard.next('began')
    const mischief = startMischief({
      server,
      victims,
      random,
      restart: (userId) => say({ say: 'restart', userId }),
      endThread: (userId) => say({ say: 'endThread', userId }),
    })
    const startedAt = performance.now()
    const traffic = startTraffic(server.control, random)
    for (let minute = 1; minute <= minutes; minute++) {
      await wait(Math.max(0, startedAt + minute * 60_000 - performance.now()))
      say({ say: 'report' })
      const report = await heard.next('report')
      reports.push(report)
      console.log(lineOf(minute, report, traffic.posted(), mischief.done))
    }
    traffic.stop()
    await mischief.stop()
    say({ say: 'end' })
    found.push(...(await heard.next('ended')).defects)
    for (const { userId, dialect, file } of clients) {
      found.push(...disagreements(server.messages(dialect), file, userId).map((what) => `${userId}: ${what}`))
      found.push(...holesIn(file).map((what) => `${userId}: ${what}`))
    }
    found.push(
      ...server
        .violations()
        .filter(({ kind }) => kind === 'protocol')
        .map(({ userId, reason }) => `${userId}: ${reason}`),
    )
    found.push(...growthOf(reports))
    const rows = server.messages()
    const repeated = rows.reduce((sum, { duplicates }) => sum + duplicates, 0)
    console.log(`faults: ${[...mischief.done].map(([kind, count]) => `${kind} ${count}`).join(', ')}`)
    console.log(`server: ${rows.length} messages, ${repeated} repetitions recognised`)
  } catch (error) {
    found.push(String(error))
  } finally {
    child.kill('SIGKILL')
    for (const { proxy } of victims) await proxy.close()
    await server.close()
    if (found.length === 0) rmSync(dir, { recursive: true, force: true })
  }
  for (const what of found.slice(0, 50)) console.log(what)
  console.log(found.length === 0 ? 'passed' : `FAILED: ${found.length} findings, databases in ${dir}, seed ${seed}`)
  return found.length === 0 ? 0 : 1
}

/** Messages of others, and now and then an edit or a recall of one, at an even pace whatever the timers do. */
function startTraffic(
  control: Awaited<ReturnType<typeof createDemoServer>>['control'],
  random: () => number,
): { posted(): number; stop(): void } {
  const startedAt = performance.now()
  const among = <T>(list: readonly T[]): T => {
    const one = list[Math.floor(random() * list.length)]
    if (one === undefined) throw new Error('nothing to choose from')
    return one
  }
  const recent: { readonly serverId: string; readonly dialect: DialectName }[] = []
  let posted = 0
  const post = (): void => {
    posted++
    const [userId, dialect] = among(people)
    const from = among(peers)
    const where = random() < 0.3 ? { group: among(groups) } : { to: userId }
    const text = `${posted} ${'word '.repeat(Math.floor(random() * 12))}`
    const { serverId } = control.message({ dialect, from, ...where, text })
    recent.push({ serverId, dialect })
    const old = recent.length > 200 ? recent.shift() : undefined
    if (old === undefined) return
    const dice = random()
    if (dice < 0.03) control.recall(old)
    else if (dice < 0.08 && old.dialect === 'im2') control.edit({ ...old, newContent: `edited ${posted}` })
  }
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * inPerSecond)
    while (posted < due) post()
  }, 20)
  return { posted: () => posted, stop: () => clearInterval(timer) }
}

/** The words of the other process in their order, one kind at a time. */
function listenTo(listen: (listener: (words: FromClients) => void) => void) {
  const waiting = new Map<string, PromiseWithResolvers<FromClients>>()
  let end: string | null = null
  const place = (say: FromClients['say']): PromiseWithResolvers<FromClients> => {
    const known = waiting.get(say) ?? Promise.withResolvers<FromClients>()
    waiting.set(say, known)
    known.promise.catch(() => undefined)
    if (end !== null) known.reject(new Error(end))
    return known
  }
  listen((words) => place(words.say).resolve(words))
  return {
    async next<Say extends FromClients['say']>(say: Say): Promise<Extract<FromClients, { say: Say }>> {
      const words = await place(say).promise
      waiting.delete(say)
      return words as Extract<FromClients, { say: Say }>
    },
    over(reason: string): void {
      end = reason
      for (const open of waiting.values()) open.reject(new Error(reason))
    },
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

function lineOf(minute: number, report: ClientsReport, posted: number, done: ReadonlyMap<string, number>): string {
  const { rss, heap, threadsHeap, outbox, rows, composed, refused } = report
  const faults = [...done.values()].reduce((sum, count) => sum + count, 0)
  const memory = `heap ${megabytes(heap)}, threads ${megabytes(threadsHeap)}, RSS ${megabytes(rss)}`
  const counts = `in ${posted}, out ${composed} (${refused} not accepted), queued ${outbox}, rows ${rows}, faults ${faults}`
  return `minute ${minute}: ${memory}; ${counts}`
}

function growthOf(reports: readonly ClientsReport[]): string[] {
  if (reports.length <= settledMinute) return []
  const least = (until: number): number =>
    Math.min(...reports.slice(Math.max(0, until - minutesLookedAt), until).map(({ heap }) => heap))
  const growth = least(reports.length) / least(settledMinute)
  console.log(
    `memory: ${megabytes(least(reports.length))} at the end, ${(growth * 100).toFixed(1)} % of minute ${settledMinute}`,
  )
  return growth <= mostGrowth ? [] : [`memory grew to ${(growth * 100).toFixed(1)} % of minute ${settledMinute}`]
}

/** Everything the server numbered has come, so no hole is left. */
function holesIn(file: string): string[] {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  try {
    return database
      .prepare<[], { name: string; runs: number }>(
        `SELECT c.name, count(*) AS runs FROM sequence_ranges r JOIN conversations c ON c.id = r.conversation_id
         GROUP BY c.id HAVING count(*) > 1`,
      )
      .all()
      .map(({ name, runs }) => `${name}: ${runs - 1} holes`)
  } finally {
    database.close()
  }
}
