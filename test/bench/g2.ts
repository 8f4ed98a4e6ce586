/**
 * G2: the store's real ingest, with de-duplication, unread counters, last messages, known sequences and the search index, against a bare
 * batched insert of the same rows into the same table with the same indexes and pragmas. Both on this thread, each into a
 * fresh file; the bare side is handed its column values ready-made.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Inbound } from '#common/domain/events.ts'
import { openAccountDatabase, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { type Bench, type BenchResult, median } from './bench.ts'

const messages = 100_000
const conversations = 100
const senders = 40
const batch = 500
/** One frame in so many comes a second time, as after a reconnect. */
const repeatEvery = 50
const start = 1_700_000_000_000

export const g2: Bench = {
  id: 'G2',
  title: 'ingest of 100 k messages, search index and all, against a bare batched insert into the same table',
  goal: 0.6,
  stretch: 0.8,
  run: (pairs) => Promise.resolve(compareIngest(pairs, '')),
}

/** `prepare` is what the bare side's schema has besides. */
export function compareIngest(pairs: number, prepare: string): BenchResult {
  const frames = makeFrames()
  const rows = frames.filter((_, index) => !isRepeat(index)).map(columnsOf)
  const ours: number[] = []
  const bare: number[] = []
  // The first pair warms both sides up.
  for (let pair = 0; pair <= pairs; pair++) {
    const sides = [() => ours.push(ingestRate(frames)), () => bare.push(bareRate(rows, prepare))]
    for (const side of pair % 2 === 0 ? sides : sides.reverse()) side()
  }
  const ratios = ours.map((rate, pair) => rate / (bare[pair] ?? Number.NaN)).slice(1)
  return {
    ratio: median(ratios),
    pairs,
    detail: { 'ours msg/s': median(ours.slice(1)), 'bare msg/s': median(bare.slice(1)) },
  }
}

interface Facts {
  readonly conversation: number
  readonly serverId: string
  readonly clientId: string
  readonly senderId: string
  readonly sequence: number
  readonly serverTime: number
  readonly text: string
}

/** The same for every run: bursts of a few messages per conversation, server ids in order, client ids without, texts of 10 to 120 characters. */
function factsOf(index: number, sequences: number[]): Facts {
  const hash = createHash('sha256').update(String(index)).digest('hex')
  const conversation =
    parseInt(
      createHash('sha256')
        .update(`burst ${index >> 2}`)
        .digest('hex')
        .slice(0, 6),
      16,
    ) % conversations
  const sequence = (sequences[conversation] ?? 0) + 1
  sequences[conversation] = sequence
  return {
    conversation,
    serverId: `msg_${7_000_000_000 + index}`,
    clientId: `${hash.slice(20, 28)}-${hash.slice(28, 32)}-4${hash.slice(33, 36)}-8${hash.slice(37, 40)}-${hash.slice(40, 52)}`,
    senderId: `user_${parseInt(hash.slice(0, 4), 16) % senders}`,
    sequence,
    serverTime: start + index * 37,
    text: `message ${index} ${hash.repeat(2).slice(0, parseInt(hash.slice(4, 6), 16) % 110)}`,
  }
}

function isRepeat(index: number): boolean {
  return index % (repeatEvery + 1) === repeatEvery
}

function makeFrames(): Inbound[] {
  const sequences: number[] = []
  const frames: Inbound[] = []
  for (let index = 0; index < messages; index++) {
    const facts = factsOf(index, sequences)
    const conversation = { kind: 'group', groupId: `group_${facts.conversation}` } as const
    const sequence = String(facts.sequence)
    frames.push({
      covers: { conversation, sequence },
      events: [
        {
          type: 'message.received',
          conversation,
          senderId: facts.senderId,
          serverId: facts.serverId,
          clientId: facts.clientId,
          sequence,
          serverTime: facts.serverTime,
          content: { kind: 'text', text: facts.text },
          state: 'sent',
          recalled: false,
        },
      ],
    })
    const earlier = frames[frames.length - repeatEvery]
    if (isRepeat(frames.length) && earlier !== undefined) frames.push(earlier)
  }
  return frames
}

type Columns = readonly (string | number | null)[]

function columnsOf(inbound: Inbound): Columns {
  const [event] = inbound.events
  if (event?.type !== 'message.received' || event.content.kind !== 'text' || event.conversation.kind !== 'group') {
    throw new Error('this bench makes texts in groups only')
  }
  const conversation = Number(event.conversation.groupId.slice('group_'.length)) + 1
  const { serverId, clientId, senderId, serverTime, content } = event
  const place = [conversation, Number(event.sequence), serverTime, 1] as const
  return [
    ...place,
    serverId,
    clientId,
    senderId,
    serverTime,
    start,
    2,
    null,
    1,
    0,
    0,
    0,
    1,
    'text',
    content.text,
    null,
    null,
  ]
}

function inFreshFile(run: (file: string) => number): number {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-bench-'))
  try {
    return run(join(dir, 'messages.db'))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Messages per second. */
function ingestRate(frames: readonly Inbound[]): number {
  return inFreshFile((file) => {
    const opened = openAccountStore({ file, selfId: 'me' })
    if (!opened.ok) throw new Error(opened.error.code)
    const store = opened.value
    const started = performance.now()
    for (let at = 0; at < frames.length; at += batch) store.ingest(frames.slice(at, at + batch), start)
    const seconds = (performance.now() - started) / 1000
    const unread = store.snapshot().conversations.reduce((sum, conversation) => sum + conversation.unread, 0)
    store.close()
    if (unread !== messages) throw new Error(`${unread} messages instead of ${messages}`)
    return messages / seconds
  })
}

/** `prepare` adds to the schema before the clock runs. */
function bareRate(rows: readonly Columns[], prepare = ''): number {
  return inFreshFile((file) => {
    const opened = openAccountDatabase({ file, selfId: 'me' })
    if (!opened.ok) throw new Error(opened.error.code)
    const database = opened.value
    const addConversation = database.prepare(
      `INSERT INTO conversations (id, name, kind, target_id, membership, created_at, active_at, unread, mentions, draft,
         last_seq, last_time, last_tie, numbered, revision)
       VALUES (?, ?, 'group', ?, 'member', 0, 0, 0, 0, '', 0, 0, '', 0, 0)`,
    )
    for (let id = 1; id <= conversations; id++) addConversation.run(id, `group:group_${id - 1}`, `group_${id - 1}`)
    const insert = database.prepare(
      `INSERT INTO messages (conversation_id, order_seq, order_time, numbered, server_id, client_id, sender_id,
         server_time, local_time, state, proof, unread, mentioned, pinned, deleted, revision, kind, text, extra, marks)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    const insertBatch = database.transaction((part: readonly Columns[]) => {
      for (const row of part) insert.run(...row)
    })
    database.exec(prepare)
    const started = performance.now()
    for (let at = 0; at < rows.length; at += batch) insertBatch.immediate(rows.slice(at, at + batch))
    const seconds = (performance.now() - started) / 1000
    database.close()
    return rows.length / seconds
  })
}
