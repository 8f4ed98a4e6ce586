/** The client of a test in a process of its own: real socket, database on disk, and, where asked for, a point to die at. */
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { type Client, startClient } from '#test/fakes/client.ts'
import { type FaultClock, createFaultClock } from '../clock.ts'
import type { Call, CommandName, Commands, ProcessOptions, Said } from './commands.ts'
import { armedTransport, openArmedStore } from './armed.ts'
import { armAt, notArmed } from './killPoints.ts'

const storeWorkerUrl = new URL('../../../electron/adapters/sqlite/worker.ts', import.meta.url)
/** In the client's own time. */
const quietMs = 1_500

let running: { readonly client: Client; readonly store: Store; readonly clock: FaultClock } | null = null

function current(): NonNullable<typeof running> {
  if (running === null) throw new Error('not started')
  return running
}

function say(said: Said): void {
  process.send?.(said)
}

async function start(options: ProcessOptions): Promise<void> {
  const { userId, databaseFile: file, killAt, inThread = false, token, heartbeatMs } = options
  const arm = killAt === undefined ? notArmed : armAt(killAt.point, killAt.time)
  const opened = inThread
    ? openArmedStore({ file, selfId: userId, arm })
    : await createWorkerStore({ workerUrl: storeWorkerUrl, file, selfId: userId })
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`)
  const store = opened.value
  const clock = createFaultClock({ speed: options.speed ?? 1 })
  const client = await startClient({
    dialect: options.dialect,
    userId,
    deviceId: options.deviceId,
    url: options.url,
    appKey: options.appKey,
    token: () => token,
    store,
    clock,
    ...(heartbeatMs !== undefined && { heartbeatMs }),
    ...(options.forgetsRows === true && { forgetsRows: true }),
    wrapTransport: (transport) => armedTransport(transport, arm),
  })
  say({ type: 'state', at: Date.now(), status: client.session.connection })
  client.session.onConnection((status) => say({ type: 'state', at: Date.now(), status }))
  running = { client, store, clock }
}

/** Asks the store for what the user wants, publishes it, and wakes the outbox. */
async function wanted(ask: (store: Store, at: number) => ReturnType<Store['edit']>): Promise<void> {
  const { client, store, clock } = current()
  const outcome = await ask(store, clock.now())
  if (!outcome.ok) throw new Error(outcome.error.code)
  client.session.changed(outcome.value)
  client.session.nudge()
}

async function settles(): Promise<void> {
  const { client, store, clock } = current()
  await client.reaches('online')
  for (let seen = -1, quietSince = performance.now(); ;) {
    const busy = client.changes.length !== seen || (await store.outboxSize()) > 0
    if (busy || client.session.connection.state !== 'online') quietSince = performance.now()
    else if (performance.now() - quietSince > quietMs / clock.speed) return
    seen = client.changes.length
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const commands: Commands = {
  start,
  settles,
  reaches: (state) => current().client.reaches(state),
  state: () => Promise.resolve(current().client.session.connection),
  opens: (target) => current().client.opens(target),
  says: (conversationId, text) => current().client.says(conversationId, text),
  edits: (messageId, text) => wanted((store, at) => store.edit(messageId, text, at)),
  recalls: (messageId) => wanted((store, at) => store.recall(messageId, at)),
  retries: (messageId) => wanted((store, at) => store.retry(messageId, at)),
  cancels: (messageId) => wanted((store) => store.cancel(messageId)),
  async drafts(conversationId, text) {
    const { client, store } = current()
    client.session.changed(await store.setDraft(conversationId, text))
  },
  async marksRead(conversationId, upTo) {
    const { client, store } = current()
    client.session.changed(await store.markRead(conversationId, upTo))
  },
  reads: (conversationId) => current().client.reads(conversationId),
  outboxSize: () => current().store.outboxSize(),
  async unread() {
    const { conversations } = await current().store.snapshot()
    return conversations.reduce((sum, { unread }) => sum + unread, 0)
  },
  tryNow: () => Promise.resolve(current().client.session.tryNow()),
  faults: () => Promise.resolve(current().client.faults.map((fault) => JSON.stringify(fault))),
  memory: () => {
    const { rss, heapUsed } = process.memoryUsage()
    return Promise.resolve({ rss, heapUsed })
  },
  async close() {
    const { client } = current()
    running = null
    await client.close()
  },
}

async function answer({ id, name, args }: Call): Promise<void> {
  try {
    const command = commands[name] as (...given: readonly unknown[]) => ReturnType<Commands[CommandName]>
    say({ type: 'answer', id, value: await command(...args) })
  } catch (error) {
    say({ type: 'refusal', id, error: error instanceof Error ? error.message : String(error) })
  }
}

say({ type: 'hello', pid: process.pid })
process.on('message', (call: Call) => void answer(call))
// Nobody is left to ask anything.
process.on('disconnect', () => process.exit(0))
