/**
 * One STOMP session, in Spring's manner (simple broker): size limits, silence where Spring is silent, ERROR then close
 * where it complains, no receipts but for DISCONNECT unless asked to be a relay.
 *
 * Owns the link, the subscriptions and the heart-beats of one connection. Knows no dialect: what a frame means is the
 * handler's. Everything a client does that the documents do not allow is reported, whether or not it is refused.
 */
import { createStompParser, encodeStompFrame, headerOf, StompSyntaxError } from './stompCodec.ts'
import type { StompFrame, StompFrameInput, StompItem } from './stompCodec.ts'
import type { Link } from './link.ts'
import type { Identity, ReportViolation, Session, SessionHandler } from './types.ts'

export interface SessionLimits {
  readonly binaryMessageBytes: number
  readonly textMessageChars: number
  readonly frameBytes: number
  /** A client that lets more than this pile up is closed with 4500. */
  readonly sendBufferBytes: number
  /** More than this in one breath closes with 4500 as well, however well the client reads. */
  readonly burstBytes: number
  /** Time for the first CONNECT. */
  readonly connectTimeoutMs: number
}

/** Tomcat's and Spring's defaults. */
export const springLimits: SessionLimits = {
  binaryMessageBytes: 8192,
  textMessageChars: 16_640,
  frameBytes: 65_536,
  sendBufferBytes: 512 * 1024,
  burstBytes: Number.POSITIVE_INFINITY,
  connectTimeoutMs: 60_000,
}

export interface SessionOptions {
  readonly id: string
  readonly link: Link
  readonly handler: SessionHandler
  readonly limits: SessionLimits
  /** Answer receipts on SEND and SUBSCRIBE, as a server with a broker relay does. */
  readonly receipts: boolean
  /** What an ERROR to a SUBSCRIBE tells of it. */
  readonly refusals: 'words' | 'receipt' | 'bare'
  readonly now: () => number
  readonly report: ReportViolation
  /** Whether frames of this kind get no answer at all at present (fault: a server deaf to CONNECT). */
  readonly isDeafToConnect: () => boolean
  /** Whether this SEND comes to nothing (fault: it overtook the subscription its answer goes to). */
  readonly losesSend: (session: Session) => boolean
  readonly onFrame: (session: Session, frame: StompFrame) => void
  readonly onEnd: (session: Session) => void
}

interface Subscription {
  readonly id: string
  readonly destination: string
}

const missedHeartbeats = 3
/** Writes this close to each other are one burst. */
const breathMs = 50

export function createSession(options: SessionOptions): Session {
  const { link, handler, limits, now } = options
  const parser = createStompParser({ maxFrameBytes: limits.frameBytes })
  const subscriptions: Subscription[] = []
  const held: { data: string | Buffer; binary: boolean }[] = []
  let identity: Identity | null = null
  let stalled = false
  let finished = false
  let ended = false
  let messageCount = 0
  let heardAt = now()
  let wroteAt = now()
  let burst = 0
  let beat: NodeJS.Timeout | undefined
  let watch: NodeJS.Timeout | undefined
  const firstFrame = setTimeout(() => session.close(4500, 'No messages received'), limits.connectTimeoutMs)

  const write = (data: string | Buffer, binary: boolean): void => {
    if (!link.isOpen || finished) return
    if (stalled) {
      held.push({ data, binary })
      return
    }
    if (now() - wroteAt > breathMs) burst = 0
    burst += data.length
    wroteAt = now()
    if (binary) link.sendBinary(Buffer.from(data))
    else link.sendText(data)
    if (link.bufferedBytes > limits.sendBufferBytes || burst > limits.burstBytes)
      session.close(4500, 'Buffer size exceeded')
  }

  const send = (input: StompFrameInput, binary = false): void => write(encodeStompFrame(input), binary)

  const session: Session = {
    id: options.id,
    dialect: handler.name,
    transport: link.transport,
    get identity() {
      return identity
    },
    get userId() {
      return identity?.userId ?? ''
    },
    get deviceKey() {
      return `${identity?.userId ?? ''}\n${identity?.deviceId ?? ''}`
    },
    get destinations() {
      return subscriptions.map((subscription) => subscription.destination)
    },
    get isOpen() {
      return link.isOpen && !finished
    },
    get backlogBytes() {
      return link.bufferedBytes
    },
    get heardAt() {
      return heardAt
    },
    get stalled() {
      return stalled
    },
    isSubscribed: (destination) => subscriptions.some((subscription) => subscription.destination === destination),
    message(destination, body) {
      const targets = subscriptions.filter((subscription) => subscription.destination === destination)
      for (const { id } of targets) {
        messageCount += 1
        send(
          {
            command: 'MESSAGE',
            headers: [
              ['destination', destination],
              ['content-type', body.contentType],
              ['subscription', id],
              ['message-id', `${options.id}-${messageCount}`],
              ['content-length', String(body.bytes.length)],
            ],
            body: body.bytes,
          },
          body.binary,
        )
      }
      return targets.length > 0
    },
    frame: (input) => send(input),
    raw: (data) => write(data, Buffer.isBuffer(data)),
    error(message, body) {
      send({ command: 'ERROR', headers: [['message', message]], ...(body === undefined ? {} : { body }) })
      session.close(1002, '')
    },
    dropSubscription(destination) {
      for (let at = subscriptions.length - 1; at >= 0; at--) {
        if (subscriptions[at]?.destination === destination) subscriptions.splice(at, 1)
      }
    },
    replaceIdentity(next) {
      identity = next
    },
    close(code, reason) {
      if (finished) return
      finished = true
      link.close(code, reason)
      // A client that never answers the closing handshake must not keep the session alive for ws's 30 seconds.
      setTimeout(() => link.terminate(), 2000).unref()
    },
    terminate() {
      finished = true
      link.terminate()
    },
    stall() {
      stalled = true
      link.pause()
    },
    resume() {
      if (!stalled) return
      stalled = false
      for (const { data, binary } of held.splice(0)) write(data, binary)
      heardAt = now()
      link.resume()
    },
  }

  const complain = (reason: string, frame?: StompFrame): void =>
    options.report(session, 'protocol', reason, frame && summary(frame))

  const refuse = (reason: string, frame?: StompFrame): void => {
    complain(reason, frame)
    session.error(reason)
  }

  const receipt = (frame: StompFrame): void => {
    const id = headerOf(frame, 'receipt')
    if (id !== undefined) send({ command: 'RECEIPT', headers: [['receipt-id', id]] })
  }

  const connect = (frame: StompFrame): void => {
    if (identity !== null) return refuse('already connected', frame)
    if (frame.command === 'STOMP') complain('STOMP instead of CONNECT', frame)
    if (options.isDeafToConnect()) return
    const versions = headerOf(frame, 'accept-version')?.split(',') ?? []
    // Spring drops such a CONNECT without a word: the client's own time-out has to notice.
    if (!versions.includes('1.2')) return complain('accept-version without 1.2', frame)
    const beats = /^(\d{1,9}),(\d{1,9})$/.exec(headerOf(frame, 'heart-beat') ?? '0,0')
    if (beats === null) return refuse('heart-beat is not a pair of numbers', frame)
    const decision = handler.connect(session, frame, link.url)
    if (!decision.ok) {
      options.report(session, 'auth', decision.reason, summary(frame))
      return session.error('Unauthorized', 'Unauthorized')
    }
    clearTimeout(firstFrame)
    identity = decision.identity
    const [serverSends, serverWants] = handler.heartbeat
    send({
      command: 'CONNECTED',
      headers: [
        ['version', '1.2'],
        ['heart-beat', `${serverSends},${serverWants}`],
        ['user-name', decision.identity.userId],
      ],
    })
    startHeartbeats(Number(beats[1]), Number(beats[2]))
    handler.connected(session)
  }

  const startHeartbeats = (clientSends: number, clientWants: number): void => {
    const [serverSends, serverWants] = handler.heartbeat
    if (serverSends > 0 && clientWants > 0) {
      const every = Math.max(serverSends, clientWants)
      // Skipping a beat after any other write is Spring's habit: the real gap reaches twice the figure.
      beat = setInterval(() => {
        if (now() - wroteAt >= every * 0.9) write('\n', false)
      }, every)
    }
    if (serverWants > 0 && clientSends > 0) {
      const every = Math.max(serverWants, clientSends)
      watch = setInterval(() => {
        if (stalled || now() - heardAt <= every * missedHeartbeats) return
        subscriptions.length = 0
        session.error('Session closed.')
      }, every)
    }
  }

  const refuseSubscription = (frame: StompFrame, refusal: string): void => {
    if (options.refusals === 'words') return session.error(refusal)
    const receiptId = headerOf(frame, 'receipt')
    const headers: [string, string][] = [['message', 'Failed to handle the frame']]
    if (options.refusals === 'receipt' && receiptId !== undefined) headers.push(['receipt-id', receiptId])
    send({ command: 'ERROR', headers })
    session.close(1002, '')
  }

  const subscribe = (frame: StompFrame): void => {
    const id = headerOf(frame, 'id')
    const destination = headerOf(frame, 'destination')
    if (id === undefined || id === '') return refuse('SUBSCRIBE without id', frame)
    if (destination === undefined || destination === '') return refuse('SUBSCRIBE without destination', frame)
    const ack = headerOf(frame, 'ack')
    if (ack !== undefined && ack !== 'auto') complain(`ack mode "${ack}" is not supported`, frame)
    if (subscriptions.some((known) => known.id === id)) complain('subscription id used twice', frame)
    if (session.isSubscribed(destination)) complain('destination subscribed twice', frame)
    if (!handler.isKnownDestination(destination)) complain('unknown subscription destination', frame)
    const refusal = handler.refuseSubscription(session, destination)
    if (refusal !== null) {
      options.report(session, 'policy', refusal, summary(frame))
      return refuseSubscription(frame, refusal)
    }
    subscriptions.push({ id, destination })
    if (options.receipts) receipt(frame)
    handler.subscribed(session, destination)
  }

  const unsubscribe = (frame: StompFrame): void => {
    const id = headerOf(frame, 'id')
    const at = subscriptions.findIndex((subscription) => subscription.id === id)
    if (id === undefined) return refuse('UNSUBSCRIBE without id', frame)
    // Not a fault: the server may have dropped the subscription of a removed member a moment ago.
    if (at >= 0) subscriptions.splice(at, 1)
    if (options.receipts) receipt(frame)
  }

  const received = (frame: StompFrame): void => {
    const destination = headerOf(frame, 'destination')
    if (destination === undefined || destination === '') return refuse('SEND without destination', frame)
    if (!destination.startsWith('/app/')) return complain('SEND to a destination that is not /app', frame)
    if (options.losesSend(session)) return
    const { acknowledged } = handler.received(session, destination, frame)
    if (options.receipts && acknowledged) receipt(frame)
  }

  const handle = (frame: StompFrame): void => {
    options.onFrame(session, frame)
    if (frame.command === 'CONNECT' || frame.command === 'STOMP') return connect(frame)
    if (identity === null) return refuse(`${frame.command} before CONNECT`, frame)
    switch (frame.command) {
      case 'SEND':
        return received(frame)
      case 'SUBSCRIBE':
        return subscribe(frame)
      case 'UNSUBSCRIBE':
        return unsubscribe(frame)
      case 'DISCONNECT':
        receipt(frame)
        return session.close(1000, '')
      default:
        return complain(`${frame.command} is not part of either protocol`, frame)
    }
  }

  link.onAlive(() => {
    heardAt = now()
  })
  link.onMessage((data, isBinary) => {
    if (finished) return
    heardAt = now()
    const tooBig = isBinary
      ? data.length > limits.binaryMessageBytes
      : textLength(data, limits.textMessageChars) > limits.textMessageChars
    if (link.transport === 'websocket' && tooBig) {
      complain(`${isBinary ? 'binary' : 'text'} WebSocket message of ${data.length} bytes`)
      return session.close(1009, '')
    }
    let items: StompItem[]
    try {
      items = parser.push(data)
    } catch (error) {
      if (!(error instanceof StompSyntaxError)) throw error
      return refuse(error.message)
    }
    for (const item of items) {
      if (item.kind === 'frame' && !finished) handle(item.frame)
    }
  })
  link.onClose(() => {
    if (ended) return
    ended = true
    finished = true
    clearTimeout(firstFrame)
    clearInterval(beat)
    clearInterval(watch)
    if (identity !== null) handler.closed(session)
    options.onEnd(session)
  })
  return session
}

/** Tomcat's text limit counts characters, not bytes. */
function textLength(data: Buffer, limit: number): number {
  return data.length <= limit ? data.length : data.toString().length
}

/** Command, destination and size: enough to find the culprit, nothing that could hold a secret. */
export function summary(frame: StompFrame): string {
  const destination = headerOf(frame, 'destination')
  return [frame.command, destination, `${frame.body.length} B`].filter((part) => part !== undefined).join(' ')
}
