/**
 * The demo server's own rules in virtual time and without sockets: what a client says comes as frames, what is pushed
 * goes to the far end of a link of the model network.
 */
import { createControl, type Control } from '../../server/control.ts'
import type { DialectContext, DialectServer } from '../../server/dialect.ts'
import { createFaults } from '../../server/faults.ts'
import { createIm2Server } from '../../server/im2.ts'
import { type EncodeIm2, loadIm2Encoder } from '../../server/im2Envelope.ts'
import { createStore, type Store } from '../../server/store.ts'
import type { Tokens } from '../../server/tokens.ts'
import type { DialectName, MessageRow, OutboundBody, Session, Violation } from '../../server/types.ts'
import { createXuqmServer } from '../../server/xuqm.ts'
import type { Frame, LinkEnd, OutboundFrame } from '#electron/core/ports/transport.ts'
import { appError } from '#common/base/errors.ts'

/**
 * What the server shows of having taken a message: its echo and states; its states alone; receipts alone; nothing.
 */
export type Manner = 'echo' | 'states' | 'receipts' | 'silent'

export const self = 'alice'
export const peers = ['bob', 'carol'] as const
export const group = 'g-team'
export const usualLength = 2_000

/** The client's end of a link, as the server reaches it. */
export interface FarEnd {
  frame(frame: Frame): void
  receipt(receiptId: string): void
  end(end: LinkEnd): void
}

/** The server's end of a link. */
export interface NearEnd {
  subscribe(id: string, destination: string): void
  unsubscribe(id: string): void
  send(frame: OutboundFrame, receiptId: string | null): void
  /** What was written up to then has reached the client's machine. */
  hasHad(writtenAt: number): void
  /** The socket is gone. */
  lost(): void
  /** Says good-bye. */
  close(code: number): void
}

export interface ModelServer {
  readonly dialect: DialectName
  readonly manner: Manner
  readonly control: Control
  readonly store: Store
  readonly violations: readonly Violation[]
  now(): number
  connect(far: FarEnd): NearEnd
  messages(): MessageRow[]
}

/** Everything is allowed in: what tokens do is other tests' business. */
const openDoor: Tokens = {
  issue: () => 'a.b.c',
  check: () => ({ ok: true, claims: { userId: self, deviceId: 'laptop', expiresAt: null } }),
  expire: () => undefined,
  expireAll: () => undefined,
}

let encoder: Promise<EncodeIm2> | null = null

export interface ModelServerOptions {
  readonly dialect: DialectName
  readonly manner: Manner
  /** Unix milliseconds by the server's clock. */
  readonly now: () => number
}

export async function createModelServer({ dialect, manner, now }: ModelServerOptions): Promise<ModelServer> {
  encoder ??= loadIm2Encoder()
  const encode = await encoder
  const faults = createFaults()
  const violations: Violation[] = []
  const sessions = new Set<Session>()
  let sessionCount = 0
  const open = (): Session[] => [...sessions].filter((session) => session.isOpen)
  const context: DialectContext = {
    store: createStore({ dialect, sequences: dialect === 'im2' }),
    faults,
    tokens: openDoor,
    now,
    report: (session, kind, reason, frame = '') =>
      violations.push({ at: now(), dialect, session: session.id, userId: session.userId, kind, reason, frame }),
    sessions: open,
    sessionsOf: (userId) => open().filter((session) => session.userId === userId),
    echo: manner === 'echo',
    statusEvents: manner === 'echo' || manner === 'states',
    acknowledge: 'heard',
    heardMarginMs: 2_000,
  }
  const im2 =
    dialect === 'im2'
      ? createIm2Server({
          context,
          encode,
          heartbeat: [10_000, 10_000],
          bodyForm: 'protobuf',
          sockJsBodyForm: 'json',
          authGraceMs: 5_000,
        })
      : null
  const xuqm = dialect === 'xuqm' ? createXuqmServer({ context, heartbeat: [0, 0], appKey: 'ak' }) : null
  const handler = present(im2 ?? xuqm)
  const nowhere = (): Promise<void> => Promise.resolve()
  const control = createControl({
    dialects: [handler],
    im2,
    xuqm,
    faults,
    tokens: openDoor,
    sessions: () => [...sessions],
    violations,
    now,
    wire: { record: () => undefined, frames: () => [] },
    listening: { stop: nowhere, start: nowhere },
  })
  const members = [self, ...peers]
  for (const userId of members) control.addUser({ userId, nickname: userId })
  control.addGroup({ groupId: group, name: 'Team', members: members.map((userId) => ({ userId })) })

  function connect(far: FarEnd): NearEnd {
    const id = `s${++sessionCount}`
    const subscriptions = new Map<string, string>()
    let isOpen = true
    let heardAt = now()
    let count = 0
    const close = (code: number): void => {
      if (!isOpen) return
      isOpen = false
      far.end(endOf(code))
    }
    const message = (destination: string, body: OutboundBody): boolean => {
      const targets = [...subscriptions].filter(([, known]) => known === destination)
      for (const [subscription] of targets) {
        if (isOpen) far.frame(frameOf(destination, subscription, `${id}-${++count}`, body))
      }
      return targets.length > 0
    }
    const session: Session = {
      id,
      dialect,
      transport: 'websocket',
      identity: { userId: self, deviceId: 'laptop', clientType: 'desktop', token: 'a.b.c', expiresAt: null },
      userId: self,
      deviceKey: `${self}\nlaptop`,
      get destinations() {
        return [...subscriptions.values()]
      },
      get isOpen() {
        return isOpen
      },
      backlogBytes: 0,
      get heardAt() {
        return heardAt
      },
      stalled: false,
      isSubscribed: (destination) => [...subscriptions.values()].includes(destination),
      message,
      frame: () => undefined,
      raw: () => undefined,
      error: () => close(1002),
      dropSubscription(destination) {
        for (const [key, known] of subscriptions) if (known === destination) subscriptions.delete(key)
      },
      replaceIdentity: () => undefined,
      close,
      terminate: () => close(1006),
      stall: () => undefined,
      resume: () => undefined,
    }
    sessions.add(session)
    handler.connected(session)
    return {
      subscribe(subscription, destination) {
        if (!isOpen) return
        subscriptions.set(subscription, destination)
        handler.subscribed(session, destination)
      },
      unsubscribe: (subscription) => void subscriptions.delete(subscription),
      send({ destination, headers, body }, receiptId) {
        if (!isOpen) return
        if (faults.takeSend(self)) return
        const { acknowledged } = handler.received(session, destination, {
          command: 'SEND',
          headers: Object.entries(headers),
          body: Buffer.from(body),
        })
        if (manner === 'receipts' && acknowledged && receiptId !== null) far.receipt(receiptId)
      },
      hasHad: (writtenAt) => {
        heardAt = Math.max(heardAt, writtenAt)
      },
      lost() {
        isOpen = false
        if (sessions.delete(session)) handler.closed(session)
      },
      close,
    }
  }

  return {
    dialect,
    manner,
    control,
    store: context.store,
    violations,
    now,
    connect,
    messages: () => context.store.rows(),
  }
}

function present(server: DialectServer | null): DialectServer {
  if (server === null) throw new Error('neither dialect')
  return server
}

function endOf(code: number): LinkEnd {
  const going = code === 1001
  const problem = appError(going ? 'link.serverStopping' : 'link.closed', `close ${code}`, { closeCode: code })
  return { problem, serverError: null, retryAfterMs: null }
}

function frameOf(destination: string, subscription: string, messageId: string, body: OutboundBody): Frame {
  const { contentType, bytes } = body
  const headers = {
    destination,
    subscription,
    'message-id': messageId,
    'content-type': contentType,
    'content-length': String(bytes.length),
  }
  return { destination, contentType, headers, body: bytes }
}
