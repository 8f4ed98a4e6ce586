/**
 * What events do to a message row. Every rule answers whether it changed anything, and any order and any repetition of
 * the same facts ends in the same row: edits by the greatest (sequence, time, words), recalls by the greatest facts,
 * delivery by the ladder of `common/domain/delivery.ts`.
 */
import { type Content, plainText, withText } from '#common/domain/content/content.ts'
import { type DeliveryProof, type DeliveryState, advance, deliveryProofs } from '#common/domain/delivery.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import { type Message, pendingSequence } from '#common/domain/message.ts'
import type { ConversationRow, EditFact, MessageRow, Place, Problem, RecallFact } from './rows.ts'
import { compareSequences, reservedIdPrefix } from './sequence.ts'

const lastTextLimit = 200

/** What remains of a content that may no longer be kept. */
const erased: Content = { kind: 'text', text: '' }

export function tieOf(row: { readonly serverId: string | null; readonly clientId: string | null }): string {
  return row.serverId ?? row.clientId ?? ''
}

export function placeOf(row: MessageRow): Place {
  return { sequence: row.orderSequence, time: row.orderTime, tie: tieOf(row) }
}

export function isPending(row: MessageRow): boolean {
  return row.orderSequence === pendingSequence && row.sequence === null
}

/** As `comparePositions`, on the parts. */
export function comparePlaces(a: Place, b: Place): number {
  const bySequence = compareSequences(a.sequence, b.sequence)
  if (bySequence !== 0) return bySequence
  if (a.time !== b.time) return a.time - b.time
  return a.tie === b.tie ? 0 : a.tie < b.tie ? -1 : 1
}

/** Whether the content names the user or everyone. */
export function mentions(content: Content, selfId: string): boolean {
  if (content.kind !== 'text' && content.kind !== 'quote') return false
  const named = content.mentions
  return named !== undefined && (named.includes(selfId) || named.includes('*'))
}

function compareNullable(a: number | null, b: number | null): number {
  if (a === b) return 0
  if (a === null) return -1
  return b === null ? 1 : a - b
}

function compareTexts(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null) return -1
  return b === null ? 1 : a < b ? -1 : 1
}

/** The edit that wins of two; equal ones are the same edit. */
export function compareEdits(a: EditFact & { readonly text: string }, b: EditFact & { readonly text: string }): number {
  return (
    compareSequences(a.sequence ?? '0', b.sequence ?? '0') ||
    compareNullable(a.at, b.at) ||
    compareTexts(a.text, b.text) ||
    compareTexts(a.reason, b.reason)
  )
}

export function compareRecalls(a: RecallFact, b: RecallFact): number {
  return compareNullable(a.at, b.at) || compareTexts(a.by, b.by) || compareTexts(a.reason, b.reason)
}

/** Takes the words of an edit the server tells of, unless a later edit is known. */
export function applyEdit(row: MessageRow, edit: EditFact & { readonly text: string }, selfId: string): boolean {
  if (row.deleted || (row.recalled !== null && row.senderId !== selfId)) return false
  const known = row.edited
  if (known !== null && known.unconfirmed === undefined) {
    if (compareEdits(edit, { ...known, text: editedWords(row) }) <= 0) return false
  }
  row.content = withText(row.content, edit.text)
  row.edited = editFact(row.content, edit)
  return true
}

/** The words of the last edit the server told of. */
export function editedWords(row: MessageRow): string {
  return row.edited?.text ?? plainText(row.content)
}

/** Shows our own edit before the server knows of it, and keeps what the server's next word is compared with. */
export function applyLocalEdit(row: MessageRow, text: string): void {
  const known = row.edited
  row.edited =
    known === null
      ? { at: null, reason: null, sequence: null, unconfirmed: true }
      : known.unconfirmed === true
        ? known
        : { ...known, text: editedWords(row) }
  row.content = withText(row.content, text)
}

/** The fact without the words when the content shows them. */
function editFact(content: Content, edit: EditFact & { readonly text: string }): EditFact {
  const { at, reason, sequence, text } = edit
  return plainText(content) === text ? { at, reason, sequence } : { at, reason, sequence, text }
}

/** Final. What somebody else recalled is not kept; our own words stay, to be written anew. */
export function applyRecall(row: MessageRow, recall: RecallFact, selfId: string): boolean {
  if (row.deleted || (row.recalled !== null && compareRecalls(recall, row.recalled) <= 0)) return false
  row.recalled = recall
  row.unread = false
  if (row.senderId !== selfId) {
    row.content = erased
    row.edited = null
    row.mentioned = false
  }
  return true
}

/** Hides the row and keeps nothing of what it said. */
export function applyDelete(row: MessageRow): boolean {
  if (row.deleted) return false
  row.deleted = true
  row.content = erased
  row.edited = null
  row.recalled = null
  row.problem = null
  row.unread = false
  row.mentioned = false
  row.pinned = false
  return true
}

/** Once a message on its way needs its words no longer. */
export function eraseDeleted(row: MessageRow): void {
  if (row.deleted) row.content = erased
}

export function applyPin(row: MessageRow, pinned: boolean): boolean {
  if (row.deleted || row.pinned === pinned) return false
  row.pinned = pinned
  return true
}

/** A proof outranks a failure, and takes the reason of it away; `problem` is the reason of a new failure. */
export function applyState(row: MessageRow, state: DeliveryState, problem: Problem | null): boolean {
  const next = advance(row.state, state)
  if (next === row.state) return false
  // What is said of a message that had arrived already concerns an edit of it, and stays.
  if (row.state === 'sending' || row.state === 'failed') row.problem = row.deleted ? null : problem
  if (next !== 'failed') row.attempts = 0
  row.state = next
  return true
}

/**
 * Whom else than us could somebody have written to, in a chat of two: we have read it on another device. In a group
 * nobody can tell who has read it, and it stays unread.
 */
export function applyReadElsewhere(row: MessageRow, { kind }: Pick<ConversationRow, 'kind'>): boolean {
  if (!row.unread || kind !== 'direct') return false
  row.unread = false
  return true
}

/** The better of two proofs is the one that stands first in `deliveryProofs`. */
export function applyProof(row: MessageRow, proof: DeliveryProof): boolean {
  if (row.proof !== null && deliveryProofs.indexOf(row.proof) <= deliveryProofs.indexOf(proof)) return false
  row.proof = proof
  return true
}

/** Composed on this machine, rather than by us on another device. */
export function isComposedHere(row: MessageRow): boolean {
  return row.proof !== null || row.state === 'sending' || row.state === 'failed'
}

export function sameContent(a: Content, b: Content): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b)
}

function canonicalJson(content: Content): string {
  return JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function timeOfRow(row: MessageRow): number {
  return row.serverTime ?? row.localTime
}

function headOf(text: string): string {
  if (text.length <= lastTextLimit) return text
  const head = text.slice(0, lastTextLimit)
  const code = head.charCodeAt(head.length - 1)
  return code >= 0xd800 && code < 0xdc00 ? head.slice(0, -1) : head
}

/** What the conversation list shows of its last message. */
export function lastOf(row: MessageRow, selfId: string): NonNullable<Conversation['last']> {
  const recalled = row.recalled !== null
  return {
    messageId: row.id,
    senderId: row.senderId,
    kind: row.content.kind,
    text: recalled ? '' : headOf(plainText(row.content)),
    event: row.content.kind === 'event' ? JSON.stringify(row.content) : null,
    state: row.state,
    recalled,
    outgoing: row.senderId === selfId && row.content.kind !== 'event',
    at: timeOfRow(row),
  }
}

function publicId(id: string | null): string | null {
  return id === null || id.startsWith(reservedIdPrefix) ? null : id
}

export function toMessage(row: MessageRow, conversation: ConversationRow, selfId: string): Message {
  return {
    id: row.id,
    conversationId: conversation.id,
    serverId: publicId(row.serverId),
    clientId: row.clientId,
    senderId: row.senderId,
    outgoing: row.senderId === selfId && row.content.kind !== 'event',
    content: row.content,
    position: { sequence: row.orderSequence, time: row.orderTime, id: tieOf(row) },
    sequence: row.sequence,
    serverTime: row.serverTime,
    localTime: row.localTime,
    state: row.state,
    proof: row.proof,
    problem: row.problem,
    edited: row.edited === null ? null : { at: row.edited.at, reason: row.edited.reason },
    recalled: row.recalled,
    deleted: row.deleted,
    pinned: row.pinned,
    unread: row.unread,
    revision: row.revision,
  }
}
