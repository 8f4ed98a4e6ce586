/**
 * Messages as they come: live, in a sync, or again after a reconnect, all by this one path. The database is the
 * de-duplicator: a message is inserted, and only when the unique ids refuse it is the known row looked at. What is known
 * is filled in, never overwritten; a frame that claims the id of somebody else's message is counted and ignored.
 */
import { plainText, withText } from '#common/domain/content/content.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import { advance } from '#common/domain/delivery.ts'
import { keepComposedOrder } from './composedOrder.ts'
import { type IngestRecord, withoutLearning } from './ingestRecord.ts'
import {
  applyReadElsewhere,
  applyRecall,
  applyState,
  isComposedHere,
  isPending,
  mentions,
  placeOf,
  sameContent,
} from './messageRules.ts'
import { applyWaiting } from './operations.ts'
import { proveSent } from './proofs.ts'
import { failSend } from './queue.ts'
import type { ConversationRow, MessageRow } from './rows.ts'
import { cleanId, cleanSequence, cleanTime, reservedIdPrefix, textHash } from './sequence.ts'
import { noteStep } from './trace.ts'
import { moveUnnumberedBehind, placeBehindLast, placeByServer } from './timeline.ts'
import { absorbTwin } from './twins.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

type Received = Extract<ServerEvent, { type: 'message.received' }>

const nothingSaid = { at: null, by: null, reason: null }

export function receiveMessage(unit: UnitOfWork, record: IngestRecord, event: Received, at: number): void {
  const conversation = unit.resolve(event.conversation, at)
  const sequence = cleanSequence(event.sequence)
  if (sequence !== null) unit.coverSequence(conversation.key, sequence)

  const row = freshRow(unit, event, conversation, sequence, at)
  const own = event.senderId === unit.selfId
  if (own && event.state === 'failed' && findKnown(unit, row).byClient === undefined) return
  if (event.recalled) applyRecall(row, nothingSaid, unit.selfId)
  placeByServer(unit, row, conversation, at)
  if (!unit.insertMessage(row, conversation)) {
    merge(unit, record, row, event, conversation, at)
    return
  }
  applyWaiting(unit, record, row, at)
  moveUnnumberedBehind(unit, row, conversation)
}

function freshRow(
  unit: UnitOfWork,
  event: Received,
  conversation: ConversationRow,
  sequence: string | null,
  at: number,
): MessageRow {
  const { content, senderId } = event
  const clientId = cleanId(event.clientId)
  const serverTime = cleanTime(event.serverTime)
  const unread = senderId !== unit.selfId && content.kind !== 'event'
  const row: MessageRow = {
    id: 0,
    conversation: conversation.key,
    serverId: cleanId(event.serverId) ?? (clientId === null ? idFromFacts(event, sequence, serverTime) : null),
    clientId,
    senderId,
    content,
    sequence,
    serverTime,
    localTime: at,
    orderSequence: '0',
    orderTime: 0,
    // A server that shows a message has it.
    state: advance('sent', event.state),
    proof: null,
    edited: null,
    recalled: null,
    problem: null,
    attempts: 0,
    deleted: false,
    pinned: false,
    unread,
    mentioned: false,
    revision: 0,
  }
  if (event.state === 'read') applyReadElsewhere(row, conversation)
  row.mentioned = row.unread && mentions(content, unit.selfId)
  return row
}

/** A frame without any id is told from others by what it says; null when it does not say enough for that. */
function idFromFacts(event: Received, sequence: string | null, serverTime: number | null): string | null {
  if (sequence === null && serverTime === null) return null
  const words = textHash(`${event.senderId}\n${JSON.stringify(event.content)}`)
  const where = event.conversation.kind === 'group' ? event.conversation.groupId : event.conversation.peerId
  return `${reservedIdPrefix}frame:${sequence ?? ''}:${serverTime ?? ''}:${words}:${where}`
}

function findKnown(unit: UnitOfWork, row: MessageRow): { byServer?: MessageRow; byClient?: MessageRow } {
  const byServer = row.serverId === null ? undefined : unit.messageByServerId(row.serverId)
  // A plain repeat, the usual case, costs one look.
  const isRepeat = byServer !== undefined && byServer.clientId === row.clientId && byServer.senderId === row.senderId
  if (isRepeat) return row.clientId === null ? { byServer } : { byServer, byClient: byServer }
  const byClient = row.clientId === null ? undefined : unit.messageByClientId(row.senderId, row.clientId)
  return { ...(byServer && { byServer }), ...(byClient && { byClient }) }
}

/** The known row that the frame tells of, or null when it contradicts what is known. */
function knownRow(
  unit: UnitOfWork,
  record: IngestRecord,
  fresh: MessageRow,
): { row: MessageRow; byClient: boolean } | null {
  const { byServer, byClient } = findKnown(unit, fresh)
  const own = fresh.senderId === unit.selfId
  if (byServer !== undefined && byClient !== undefined && byServer.id !== byClient.id) {
    const one = own && byServer.senderId === fresh.senderId && byClient.serverId === null
    if (!one) return null
    absorbTwin(unit, record, byClient, byServer)
    return { row: byClient, byClient: true }
  }
  const row = byServer ?? byClient
  if (row === undefined || row.senderId !== fresh.senderId) return null
  if (row.serverId !== null && fresh.serverId !== null && row.serverId !== fresh.serverId) return null
  // Our own client id proves the message ours, whatever the server calls the conversation.
  const sameConversation = row.conversation === fresh.conversation
  if (!sameConversation && !(own && byClient !== undefined)) return null
  return { row, byClient: byClient !== undefined }
}

function merge(
  unit: UnitOfWork,
  record: IngestRecord,
  fresh: MessageRow,
  event: Received,
  conversation: ConversationRow,
  at: number,
): void {
  const known = knownRow(unit, record, fresh)
  if (known === null) {
    record.clashes++
    return
  }
  const { row } = known
  const before = standingOf(row)
  const placeBefore = isPending(row) ? null : placeOf(row)
  const unnamed = row.serverId === null && isComposedHere(row)
  let changed = false
  let learned = false
  let placed = false
  if (row.serverId === null && fresh.serverId !== null) {
    row.serverId = fresh.serverId
    learned = true
  }
  if (row.clientId === null && fresh.clientId !== null && !known.byClient) {
    row.clientId = fresh.clientId
    learned = true
  }
  if (row.conversation === conversation.key && event.state !== 'failed') {
    if (row.sequence === null && fresh.sequence !== null) {
      row.sequence = fresh.sequence
      placed = true
    }
    if (row.serverTime === null && fresh.serverTime !== null) {
      row.serverTime = fresh.serverTime
      placed = true
    }
  }
  if (row.senderId === unit.selfId) changed = takeEcho(unit, record, row, event)
  else {
    changed = event.state !== 'failed' && applyState(row, event.state, null)
    if (event.state === 'read' && applyReadElsewhere(row, unit.conversationByKey(row.conversation))) changed = true
  }
  if (fillRecalled(unit, row, event)) changed = true
  if (unnamed && row.serverId !== null) noteStep(unit, row, { step: 'identified', serverTime: row.serverTime })
  if (event.recalled && row.recalled === null && applyRecall(row, nothingSaid, unit.selfId)) changed = true
  if (!changed && !learned && !placed) return

  if (placed) placeByServer(unit, row, conversation, at)
  else if (isPending(row) && row.state !== 'sending' && row.state !== 'failed') {
    placeBehindLast(unit, row, unit.conversationByKey(row.conversation), at)
  }
  unit.saveMessage(row, before)
  if (learned) applyWaiting(unit, record, row, at)
  if (!placed) return
  moveUnnumberedBehind(unit, row, conversation)
  keepComposedOrder(unit, row, conversation, placeBefore)
}

/** Our own words, sent from another device and seen first as an empty, recalled message: they stay, as they always do. */
function fillRecalled(unit: UnitOfWork, row: MessageRow, { content, recalled }: Received): boolean {
  const isEmpty = row.recalled !== null && row.edited === null && plainText(row.content) === ''
  if (row.senderId !== unit.selfId || recalled || row.deleted || !isEmpty) return false
  if (sameContent(row.content, content)) return false
  row.content = content
  return true
}

/** Our own message comes back. What the server has of it is the truth, but for words of a later edit. */
function takeEcho(unit: UnitOfWork, record: IngestRecord, row: MessageRow, event: Received): boolean {
  if (event.state === 'failed') {
    const failed = failSend(unit, row, { code: 'message.refused', detail: null })
    for (const id of failed ?? []) record.settled.add(id)
    return failed !== null
  }
  const composedHere = isComposedHere(row)
  const shown = event.recalled ? withoutLearning(record) : record
  if (composedHere) shown.proofs.add('echo')
  const first = composedHere && row.proof !== 'echo'
  const proved = proveSent(unit, shown, row, 'echo', event.state)
  if (!first || row.deleted || event.recalled) return proved
  const content = row.edited === null ? event.content : withText(event.content, plainText(row.content))
  if (sameContent(row.content, content)) return proved
  row.content = content
  return true
}
