/**
 * The points at which a client is killed, by name, and the killing. A point is a moment in the work of the store, seen in
 * its SQL or at the edge of a call, or a moment on the link. The process ends by SIGKILL of itself, in the very moment:
 * nothing after the point is done.
 */
import type { StoreMethod } from '#electron/adapters/sqlite/protocol.ts'

/** What the store is busy with while a statement runs. */
export type Doing = StoreMethod | 'opening' | 'close'

/** What passes between the session and its link. `write` carries a queued command, `tell` anything else. */
export type OnLink =
  'open' | 'subscribe' | 'write' | 'tell' | 'ping' | 'onOpen' | 'onConnected' | 'onFrame' | 'onReceipt' | 'onEnd'

export type Edge = 'before' | 'after'

export type Moment =
  /** Just before a statement runs; with `past`, the first one that matches after one that matched this. */
  | { readonly statement: RegExp; readonly during: Doing; readonly past?: RegExp }
  /** Before the store has begun, or when it has committed and nobody has been told. */
  | { readonly call: Doing; readonly edge: Edge }
  | { readonly link: OnLink; readonly edge: Edge }

export interface KillPoint {
  readonly name: string
  readonly moment: Moment
  /** The process comes there so often in its life at least; 1. */
  readonly times?: number
  /** Needs a server that answers receipts. */
  readonly receipts?: true
  /** Comes only where messages can be edited. */
  readonly edits?: true
}

const begin = /^BEGIN/i
const commit = /^COMMIT/i

/** Every statement that is run while the database is opened is one. */
export const openingPoint = 'at a statement of the opening'

export const killPoints: readonly KillPoint[] = [
  // The database is made.
  { name: 'before the write-ahead log is chosen', moment: { during: 'opening', statement: /journal_mode = WAL/i } },
  { name: 'before the first table', moment: { during: 'opening', statement: /^CREATE TABLE/i } },
  { name: 'between two tables', moment: { during: 'opening', statement: /^CREATE/i }, times: 12 },
  {
    name: 'before the number of the first version is written',
    moment: { during: 'opening', statement: /user_version = 1$/i },
  },
  {
    name: 'before COMMIT of the first migration',
    moment: { during: 'opening', past: /user_version = 1$/i, statement: commit },
  },
  {
    name: 'after COMMIT of the first migration, before the second',
    moment: { during: 'opening', past: /user_version = 1$/i, statement: begin },
  },
  {
    name: 'before COMMIT of the second migration',
    moment: { during: 'opening', past: /user_version = 2$/i, statement: commit },
  },
  { name: 'before the owner is written', moment: { during: 'opening', statement: /^INSERT INTO meta/i } },
  { name: openingPoint, moment: { during: 'opening', statement: /./ }, times: 12 },
  { name: 'after the database is opened', moment: { call: 'opening', edge: 'after' } },

  // The link is made.
  { name: 'before the link is opened', moment: { link: 'open', edge: 'before' }, times: 2 },
  { name: 'when the socket stands, before CONNECTED', moment: { link: 'onOpen', edge: 'before' }, times: 2 },
  { name: 'CONNECTED has come, before subscribing', moment: { link: 'onConnected', edge: 'before' }, times: 2 },
  { name: 'between two subscriptions', moment: { link: 'subscribe', edge: 'before' }, times: 2 },
  { name: 'after subscribing, before sync', moment: { link: 'onConnected', edge: 'after' }, times: 2 },
  { name: 'while syncing, a frame has come', moment: { link: 'onFrame', edge: 'before' }, times: 3 },
  { name: 'synced, before the queue is looked at', moment: { call: 'outboxHeads', edge: 'before' }, times: 3 },

  // A message is sent.
  { name: 'a message is asked for, before anything is done', moment: { call: 'send', edge: 'before' }, times: 4 },
  { name: 'before BEGIN of a send', moment: { during: 'send', statement: begin }, times: 4 },
  { name: 'before the message row', moment: { during: 'send', statement: /^INSERT INTO messages/i }, times: 4 },
  {
    name: 'after the message row, before its place in the queue',
    moment: { during: 'send', statement: /^INSERT INTO outbox/i },
    times: 4,
  },
  { name: 'before COMMIT of the outbox', moment: { during: 'send', statement: commit }, times: 4 },
  { name: 'after COMMIT of the outbox, before the answer', moment: { call: 'send', edge: 'after' }, times: 4 },
  { name: 'before the attempt is recorded', moment: { call: 'outboxWritten', edge: 'before' }, times: 4 },
  { name: 'before COMMIT of the attempt', moment: { during: 'outboxWritten', statement: commit }, times: 4 },
  { name: 'after the attempt is recorded, before the bytes', moment: { link: 'write', edge: 'before' }, times: 4 },
  { name: 'after the bytes are written', moment: { link: 'write', edge: 'after' }, times: 4 },
  {
    name: 'when the receipt has come, before it is settled',
    moment: { link: 'onReceipt', edge: 'before' },
    times: 4,
    receipts: true,
  },

  // What the server says is stored.
  { name: 'a frame has come, before it is handed on', moment: { link: 'onFrame', edge: 'before' }, times: 8 },
  { name: 'a batch has gathered, before it is stored', moment: { call: 'ingest', edge: 'before' }, times: 4 },
  { name: 'before BEGIN of a batch', moment: { during: 'ingest', statement: begin }, times: 4 },
  {
    name: 'in the middle of an ingest batch',
    moment: { during: 'ingest', statement: /^INSERT INTO messages/i },
    times: 4,
  },
  {
    name: 'between a proof and the end of its place in the queue',
    moment: { during: 'ingest', statement: /^DELETE FROM outbox/i },
    times: 3,
  },
  {
    name: 'between messages and the counters of their conversation',
    moment: { during: 'ingest', statement: /^UPDATE conversations/i },
    times: 3,
  },
  { name: 'before COMMIT of a batch', moment: { during: 'ingest', statement: commit }, times: 4 },
  { name: 'after COMMIT of a batch, before anybody is told', moment: { call: 'ingest', edge: 'after' }, times: 4 },

  // What the user does beside sending.
  {
    name: 'before COMMIT of a conversation that is opened',
    moment: { during: 'openConversation', statement: commit },
  },
  {
    name: "between an edit's queue entry and its row",
    moment: { during: 'edit', statement: /^UPDATE messages/i },
    edits: true,
  },
  { name: 'before COMMIT of an edit', moment: { during: 'edit', statement: commit }, edits: true },
  { name: 'after COMMIT of an edit, before the answer', moment: { call: 'edit', edge: 'after' }, edits: true },
  { name: 'before COMMIT of a recall', moment: { during: 'recall', statement: commit } },
  { name: 'after COMMIT of a recall, before the answer', moment: { call: 'recall', edge: 'after' } },
  { name: 'before COMMIT of what was read', moment: { during: 'markRead', statement: commit } },
  { name: 'before COMMIT of a draft', moment: { during: 'setDraft', statement: commit } },
  { name: 'before COMMIT of a message taken back', moment: { during: 'cancel', statement: commit } },

  // The link breaks, and the end.
  { name: 'when the link has broken, before anybody is told', moment: { link: 'onEnd', edge: 'before' } },
  { name: 'before the database is closed', moment: { call: 'close', edge: 'before' } },
  { name: 'after the database is closed', moment: { call: 'close', edge: 'after' } },
]

/** Told of everything that may be the point; ends the process there. */
export interface Arm {
  statement(during: Doing, sql: string): void
  call(method: Doing, edge: Edge): void
  link(what: OnLink, edge: Edge): void
}

export const notArmed: Arm = { statement: () => undefined, call: () => undefined, link: () => undefined }

/** Ends the process when it comes to the point for the n-th time, counted from one. */
export function armAt(name: string, time: number): Arm {
  const point = killPoints.find((candidate) => candidate.name === name)
  if (point === undefined) throw new Error(`no point "${name}"`)
  const { moment } = point
  let left = time
  let past = !('past' in moment)
  const reached = (here: boolean): void => {
    if (here && --left === 0) process.kill(process.pid, 'SIGKILL')
  }
  return {
    statement(during, sql) {
      if (!('statement' in moment) || moment.during !== during) return
      if (past) reached(moment.statement.test(sql))
      else past = moment.past?.test(sql) === true
    },
    call: (method, edge) => reached('call' in moment && moment.call === method && moment.edge === edge),
    link: (what, edge) => reached('link' in moment && moment.link === what && moment.edge === edge),
  }
}
