/**
 * The clients of a soak, in a process that holds nothing else: real sockets, databases on disk behind threads of their
 * own. They write, edit, take back, read and try again by their seeds, and end when they are told to.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { type Client, startClient } from '#test/fakes/client.ts'
import { createRandom } from '#test/server/faults.ts'
import type { FromClients, SoakClient, ToClients } from './words.ts'

const workerUrl = new URL('../../../electron/adapters/sqlite/worker.ts', import.meta.url)
/** How often a client looks whether it is time to write. */
const tickMs = 50
const retryMs = 5_000
/** Own messages remembered, to be edited and taken back. */
const remembered = 50
/** Where for so long nothing comes and no queue gets shorter, something is stuck. */
const stuckAfterMs = 180_000
/** What is under way at one moment is no growth: the least of so many looks counts. */
const looks = 8
const betweenLooksMs = 1_000

type Beginning = Extract<ToClients, { say: 'begin' }>

interface Running {
  readonly options: SoakClient
  client: Client
  store: Store
  /** The thread of its database, as last started. */
  thread: Worker | null
  readonly random: () => number
  chats: readonly string[]
  readonly own: number[]
  readonly failed: Set<number>
  rows: number
  owed: number
  isRestarting: boolean
}

/** Serves the parent process until it says `end`. */
export function runClients(): void {
  const say = (words: FromClients): void => void process.send?.(words)
  const running = new Map<string, Running>()
  const defects: string[] = []
  const threads = new Set<Worker>()
  let newest: Worker | null = null
  let composed = 0
  let refused = 0
  let isOver = false
  let begun: Beginning | null = null

  process.on('worker', (thread) => {
    newest = thread
    threads.add(thread)
    thread.once('exit', () => threads.delete(thread))
  })

  async function open(options: SoakClient): Promise<Pick<Running, 'client' | 'store' | 'thread'>> {
    const { userId, dialect, url, appKey, token, file } = options
    const opened = await createWorkerStore({ workerUrl, file, selfId: userId })
    if (!opened.ok) throw new Error(`${userId}: ${opened.error.code} ${opened.error.detail ?? ''}`)
    const thread = newest
    const store = opened.value
    const client = await startClient({ dialect, userId, url, appKey, token: () => token, store })
    return { client, store, thread }
  }

  function listen(one: Running): void {
    const { client, options } = one
    client.session.onChanges(({ messages }) => {
      for (const { id, senderId, state, deleted } of messages) {
        one.rows = Math.max(one.rows, id)
        if (senderId !== options.userId) continue
        if (state === 'failed' && !deleted) one.failed.add(id)
        else one.failed.delete(id)
      }
    })
  }

  async function begin(words: Beginning): Promise<void> {
    begun = words
    for (const options of words.clients) {
      const one: Running = {
        options,
        ...(await open(options)),
        random: createRandom(options.seed),
        chats: [],
        own: [],
        failed: new Set(),
        rows: 0,
        owed: 0,
        isRestarting: false,
      }
      listen(one)
      running.set(options.userId, one)
      await one.client.reaches('online')
      const chats: string[] = []
      for (const person of words.peers) chats.push(await one.client.opens({ person }))
      for (const group of words.groups) chats.push(await one.client.opens({ group }))
      one.chats = chats
      void live(one, words.messagesPerSecond / words.clients.length)
    }
    say({ say: 'began' })
  }

  async function live(one: Running, perSecond: number): Promise<void> {
    let retryAt = performance.now() + retryMs
    let last = performance.now()
    while (!isOver) {
      await wait(tickMs)
      // Kept for tests that look at them; here they would be the growth that is looked for.
      one.client.changes.length = 0
      one.client.states.length = 0
      const now = performance.now()
      one.owed += ((now - last) / 1_000) * perSecond
      last = now
      try {
        for (; one.owed >= 1 && !one.isRestarting; one.owed--) await act(one)
        if (now < retryAt || one.isRestarting) continue
        retryAt = now + retryMs
        await retry(one)
      } catch (error) {
        if (!one.isRestarting) defects.push(`${one.options.userId}: ${String(error)}`)
      }
    }
  }

  const among = <T>(list: readonly T[], random: () => number): T | undefined => list[Math.floor(random() * list.length)]

  /** Mostly a message; now and then an edit, a recall, a look at a conversation. */
  async function act(one: Running): Promise<void> {
    const { client, store, random, own } = one
    const { session } = client
    const chat = among(one.chats, random)
    if (chat === undefined) return
    const dice = random()
    const target = among(own, random)
    if (dice < 0.05 && target !== undefined && session.capabilities.edit) {
      const edited = await store.edit(target, `edited ${Math.floor(random() * 1e6)}`, Date.now())
      if (edited.ok) session.changed(edited.value)
    } else if (dice < 0.08 && target !== undefined) {
      const recalled = await store.recall(target, Date.now())
      if (recalled.ok) session.changed(recalled.value)
    } else if (dice < 0.2) {
      const page = await store.page(chat, { at: 'newest' }, 1)
      const newestRow = page.ok ? page.value.messages.at(-1) : undefined
      if (newestRow !== undefined) session.changed(await store.markRead(chat, newestRow.id))
    }
    const text = `${composed} ${'word '.repeat(Math.floor(random() * 12))}`
    const clientId = crypto.randomUUID()
    const sent = await store.send({ conversationId: chat, content: { kind: 'text', text }, clientId, at: Date.now() })
    if (!sent.ok) {
      refused++
      return
    }
    composed++
    own.push(session.changed(sent.value).messageId)
    if (own.length > remembered) own.shift()
    session.nudge()
  }

  /** What an administrator's limit failed, as a user would. */
  async function retry(one: Running): Promise<void> {
    const { session } = one.client
    for (const id of [...one.failed]) {
      const retried = await one.store.retry(id, Date.now())
      if (retried.ok) session.changed(retried.value)
    }
    session.nudge()
  }

  async function restart(userId: string): Promise<void> {
    const one = running.get(userId)
    if (one === undefined || one.isRestarting) return
    one.isRestarting = true
    await one.client.close()
    defects.push(...one.client.faults.map((fault) => `${userId}: ${JSON.stringify(fault)}`))
    Object.assign(one, await open(one.options))
    listen(one)
    one.isRestarting = false
  }

  async function report(): Promise<void> {
    let outbox = 0
    // One that is closing has no answer.
    for (const one of running.values()) outbox += await one.store.outboxSize().catch(() => 0)
    let heap = Infinity
    for (let n = 0; n < looks; n++) {
      globalThis.gc?.()
      const { heapUsed, external } = process.memoryUsage()
      heap = Math.min(heap, heapUsed + external)
      await wait(betweenLooksMs)
    }
    const { rss } = process.memoryUsage()
    const heaps = await Promise.all([...threads].map((thread) => thread.getHeapStatistics()))
    const threadsHeap = heaps.reduce((sum, { used_heap_size: used }) => sum + used, 0)
    const rows = [...running.values()].reduce((sum, one) => sum + one.rows, 0)
    say({ say: 'report', rss, heap, threadsHeap, outbox, rows, composed, refused })
  }

  async function settle(one: Running): Promise<void> {
    const { userId } = one.options
    const { client, store } = one
    client.session.renew()
    let until = performance.now() + stuckAfterMs
    let least = Infinity
    for (let quietSince = performance.now(), seen = one.rows; performance.now() < until; await wait(100)) {
      await retry(one)
      const queued = await store.outboxSize()
      if (queued < least || one.rows !== seen) {
        least = Math.min(least, queued)
        until = performance.now() + stuckAfterMs
      }
      const isQuiet = client.changes.length === 0 && one.rows === seen && queued === 0
      const isDone = isQuiet && one.failed.size === 0 && client.session.connection.state === 'online'
      if (!isDone) quietSince = performance.now()
      if (performance.now() - quietSince > 3_000) return
      seen = one.rows
      client.changes.length = 0
    }
    const { state, problem } = client.session.connection
    const left = await store.outboxSize()
    defects.push(`${userId}: not settled: ${state} ${problem?.code ?? ''}, ${left} queued, ${one.failed.size} failed`)
  }

  async function end(): Promise<void> {
    isOver = true
    for (const one of running.values()) while (one.isRestarting) await wait(100)
    await Promise.all([...running.values()].map(settle))
    for (const { client, options } of running.values()) {
      await client.close()
      defects.push(...client.faults.map((fault) => `${options.userId}: ${JSON.stringify(fault)}`))
    }
    say({ say: 'ended', defects })
    process.disconnect()
  }

  const answer = async (words: ToClients): Promise<void> => {
    switch (words.say) {
      case 'begin':
        return begin(words)
      case 'restart':
        return restart(words.userId)
      case 'endThread':
        await running.get(words.userId)?.thread?.terminate()
        return
      case 'report':
        return report()
      case 'end':
        return end()
    }
  }
  process.on('message', (words: ToClients) => {
    answer(words).catch((error: unknown) => defects.push(`${words.say}: ${String(error)}`))
  })
  process.on('disconnect', () => process.exit(begun === null ? 1 : 0))
}
