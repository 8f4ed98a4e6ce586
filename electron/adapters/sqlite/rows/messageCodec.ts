/**
 * A message row as columns and back. The words of a content stand in `text`, what else it carries in `extra`; a plain
 * text, which is nearly every message, needs no JSON at all.
 */
import * as v from 'valibot'
import { type Content, type ContentKind, contentSchema } from '#common/domain/content/content.ts'
import { deliveryProofs, deliveryStates } from '#common/domain/delivery.ts'
import type { EditFact, MessageRow, Problem, RecallFact } from '#electron/core/store/rows.ts'

/** The member of each kind of content that holds a person's words. */
const wordsOf = {
  text: 'text',
  quote: 'text',
  forward: 'text',
  image: 'caption',
  voice: 'caption',
  video: 'caption',
  file: 'name',
  location: null,
  card: null,
  event: null,
  unsupported: null,
} as const satisfies Record<ContentKind, string | null>

export interface MessageColumns {
  readonly id: number
  readonly conversation_id: number
  /** Decimal. */
  readonly order_text: string
  readonly order_time: number
  readonly numbered: number
  readonly server_id: string | null
  readonly client_id: string | null
  readonly sender_id: string
  readonly server_time: number | null
  readonly local_time: number
  readonly state: number
  readonly proof: number | null
  readonly unread: number
  readonly mentioned: number
  readonly pinned: number
  readonly deleted: number
  readonly revision: number
  readonly kind: string
  readonly text: string
  readonly extra: string | null
  readonly marks: string | null
}

interface Marks {
  readonly edited?: EditFact
  readonly recalled?: RecallFact
  readonly problem?: Problem
  readonly attempts?: number
}

export function wordsColumn(content: Content): string {
  if (content.kind === 'text') return content.text
  const key = wordsOf[content.kind]
  const entry = key === null ? undefined : Object.entries(content).find(([name]) => name === key)?.[1]
  return typeof entry === 'string' ? entry : ''
}

export function extraColumn(content: Content): string | null {
  if (content.kind === 'text' && content.mentions === undefined) return null
  const words = wordsOf[content.kind]
  const rest = Object.entries(content).filter(([key]) => key !== 'kind' && key !== words)
  return JSON.stringify(Object.fromEntries(rest))
}

export function marksColumn(row: MessageRow): string | null {
  const { edited, recalled, problem, attempts } = row
  if (edited === null && recalled === null && problem === null && attempts === 0) return null
  const marks: Marks = {
    ...(edited && { edited }),
    ...(recalled && { recalled }),
    ...(problem && { problem }),
    ...(attempts > 0 && { attempts }),
  }
  return JSON.stringify(marks)
}

function readContent(columns: MessageColumns): Content {
  const { kind, text, extra } = columns
  if (kind === 'text' && extra === null) return { kind, text }
  const rest = JSON.parse(extra ?? '{}') as Record<string, unknown>
  const words = kind in wordsOf ? wordsOf[kind as ContentKind] : null
  const parsed = v.safeParse(contentSchema, { ...rest, kind, ...(words !== null && { [words]: text }) })
  return parsed.success ? parsed.output : { kind: 'unsupported', label: kind, raw: extra ?? text }
}

export function readMessage(columns: MessageColumns): MessageRow {
  const marks: Marks = columns.marks === null ? {} : (JSON.parse(columns.marks) as Marks)
  return {
    id: columns.id,
    conversation: columns.conversation_id,
    serverId: columns.server_id,
    clientId: columns.client_id,
    senderId: columns.sender_id,
    content: readContent(columns),
    sequence: columns.numbered === 1 ? columns.order_text : null,
    serverTime: columns.server_time,
    localTime: columns.local_time,
    orderSequence: columns.order_text,
    orderTime: columns.order_time,
    state: deliveryStates[columns.state] ?? 'sent',
    proof: columns.proof === null ? null : (deliveryProofs[columns.proof] ?? null),
    edited: marks.edited ?? null,
    recalled: marks.recalled ?? null,
    problem: marks.problem ?? null,
    attempts: marks.attempts ?? 0,
    deleted: columns.deleted === 1,
    pinned: columns.pinned === 1,
    unread: columns.unread === 1,
    mentioned: columns.mentioned === 1,
    revision: columns.revision,
  }
}
