/** Rows as main would send them, with the few facts a test cares about. */
import type { Account } from '#common/domain/account.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import { type ConnectionStatus, quietSession } from '#common/domain/connection.ts'
import { type Conversation, type Person, noPreferences } from '#common/domain/conversation.ts'
import { type Message, pendingSequence } from '#common/domain/message.ts'
import type { MeterReading } from '#common/domain/meter.ts'
import type { Notice, Policy } from '#common/domain/notice.ts'
import type { Decision } from '#common/contract/ledger.ts'
import type { Snapshot } from '#common/contract/calls.ts'

export const selfId = 'alice'
export const accountId = 'account-1'

export function account(facts: Partial<Account> = {}): Account {
  return {
    id: accountId,
    url: 'wss://chat.example.org/ws',
    userId: selfId,
    managed: false,
    signedIn: true,
    capabilities: {
      edit: true,
      recall: true,
      deleteForMe: true,
      pin: true,
      presence: true,
      notices: true,
      sequences: true,
      resync: false,
      needsServerId: true,
      renewal: true,
      sendRate: 10,
    },
    upload: true,
    trouble: null,
    ...facts,
  }
}

export function conversation(facts: Partial<Conversation> = {}): Conversation {
  return {
    id: 'direct:bob',
    kind: 'direct',
    targetId: 'bob',
    remoteId: null,
    title: null,
    membership: 'member',
    members: [],
    last: null,
    activeAt: 1_000,
    unread: 0,
    mentions: 0,
    draft: '',
    preferences: noPreferences,
    revision: 1,
    ...facts,
  }
}

/** A message at place `id` of its conversation; what is not given follows from it. */
export function message(facts: Partial<Message> & { readonly id: number }): Message {
  const outgoing = facts.outgoing ?? false
  const pending = facts.state === 'sending' || facts.state === 'failed'
  const sequence = 'sequence' in facts ? (facts.sequence ?? null) : pending ? null : String(facts.id)
  const time = facts.serverTime ?? facts.localTime ?? facts.id * 1000
  const serverId = pending ? null : `server-${facts.id}`
  return {
    conversationId: 'direct:bob',
    serverId,
    clientId: outgoing ? `client-${facts.id}` : null,
    senderId: outgoing ? selfId : 'bob',
    outgoing,
    content: { kind: 'text', text: `message ${facts.id}` },
    position: { sequence: sequence ?? pendingSequence, time, id: serverId ?? `client-${facts.id}` },
    sequence,
    serverTime: pending ? null : time,
    localTime: time,
    state: 'delivered',
    proof: outgoing && !pending ? 'echo' : null,
    problem: null,
    edited: null,
    recalled: null,
    deleted: false,
    pinned: false,
    unread: false,
    revision: 1,
    ...facts,
  }
}

export function person(facts: Partial<Person> & { readonly userId: string }): Person {
  return { nickname: null, avatar: null, online: null, revision: 1, ...facts }
}

export function notice(facts: Partial<Notice> & { readonly id: string }): Notice {
  return {
    kind: 'announcement',
    title: 'Notice',
    content: '',
    priority: 'medium',
    category: null,
    expiresAt: null,
    action: null,
    data: null,
    maintenanceType: null,
    estimatedDuration: null,
    startsAt: null,
    endsAt: null,
    at: 1000,
    readAt: null,
    acknowledgedAt: null,
    revision: 1,
    ...facts,
  }
}

/** A message of Bob's that was shown, unless told otherwise. */
export function decision(facts: Partial<Decision> & { readonly id: number }): Decision {
  return {
    at: facts.id * 1000,
    channel: 'chat',
    kind: 'message',
    conversationId: 'direct:bob',
    messageId: null,
    noticeId: null,
    shown: true,
    sound: true,
    reason: 'ordinary',
    until: null,
    senderId: null,
    title: null,
    gone: false,
    ...facts,
  }
}

export function policy(facts: Partial<Policy> = {}): Policy {
  return {
    maxMessageLength: 2000,
    fileUploadLimit: null,
    readOnly: false,
    changedBy: null,
    reason: null,
    readOnlyBy: null,
    readOnlyBecause: null,
    revision: 0,
    ...facts,
  }
}

export function online(facts: Partial<ConnectionStatus> = {}): ConnectionStatus {
  return { state: 'online', failures: 0, nextTryAt: null, problem: null, words: null, endedBy: null, ...facts }
}

export function snapshot(facts: Partial<Snapshot> = {}): Snapshot {
  return {
    asOf: 0,
    conversations: [],
    people: [],
    notices: [],
    policy: policy(),
    connection: online(),
    session: quietSession,
    uploads: [],
    ...facts,
  }
}

export function changeSet(number: number, facts: Partial<ChangeSet> = {}): ChangeSet {
  return {
    number,
    conversations: [],
    messages: [],
    inserted: [],
    people: [],
    notices: [],
    policy: null,
    holes: [],
    ...facts,
  }
}

export function meterReading(facts: Partial<MeterReading> = {}): MeterReading {
  return {
    at: 0,
    memory: { main: 90_000_000, heap: 30_000_000, whole: 210_000_000 },
    database: { calls: 40, p50Ms: 0.4, p99Ms: 7.2 },
    framesIn: 0,
    framesOut: 0,
    queued: 0,
    undecoded: 0,
    quarantined: 0,
    holes: 0,
    ...facts,
  }
}
