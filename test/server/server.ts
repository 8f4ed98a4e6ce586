/**
 * The demo server as one object: a strict STOMP server in Spring's manner that speaks `im2`, `xuqm` or both on one
 * loopback port, with faults and an oracle for tests.
 *
 * Everything is in memory and belongs to the returned object: `stop()` and `start()` keep it, `close()` ends it.
 */
import { createControl } from './control.ts'
import type { Control } from './control.ts'
import { createControlHttp } from './controlHttp.ts'
import { createBots } from './bots.ts'
import type { DialectContext } from './dialect.ts'
import { createFaults } from './faults.ts'
import { createIm2Server } from './im2.ts'
import { loadIm2Encoder } from './im2Envelope.ts'
import type { Im2BodyForm } from './im2Envelope.ts'
import { createSession, springLimits } from './session.ts'
import type { SessionLimits } from './session.ts'
import { demoSeed, plainSeed } from './seed.ts'
import type { Seed } from './seed.ts'
import { createStore } from './store.ts'
import type { StompFrame } from './stompCodec.ts'
import { createTokens } from './tokens.ts'
import type { IssueOptions } from './tokens.ts'
import { createTransport } from './transport.ts'
import type { SockJsTransport } from './transport.ts'
import { createUploads } from './uploads.ts'
import { createXuqmServer } from './xuqm.ts'
import type { DialectName, MessageRow, Session, Violation } from './types.ts'

export interface DemoServerOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly dialects?: readonly DialectName[]
  /** `plain` (default): people and groups. `demo`: with older messages. */
  readonly seed?: 'plain' | 'demo' | Seed
  /** false: the sending session never hears its own message. */
  readonly echo?: boolean
  /** `im2` sent and delivered events; as `echo` unless given. With both false the server is silent. */
  readonly statusEvents?: boolean
  /** Answer STOMP receipts on SEND and SUBSCRIBE, as behind a broker relay. */
  readonly receipts?: boolean
  /**
   * What an ERROR to a SUBSCRIBE tells of it: words that name the group (as it comes), the receipt that was asked for (as
   * with an error handler of Spring's), or nothing.
   */
  readonly refusals?: 'words' | 'receipt' | 'bare'
  /** `im2` heart-beats in milliseconds: server sends, server wants. Default 10 000 each. */
  readonly heartbeat?: readonly [number, number]
  /** `xuqm` heart-beats; its document says 0,0. */
  readonly xuqmHeartbeat?: readonly [number, number]
  readonly im2Body?: Im2BodyForm
  /** Text form of `im2` bodies on SockJS, or `refuse`: close with 1002 as Spring does. */
  readonly sockJsBody?: 'json' | 'base64' | 'refuse'
  /** false: the endpoints take no plain WebSocket, only SockJS. */
  readonly plainWebSocket?: boolean
  /** All three unless given. */
  readonly sockJsTransports?: readonly SockJsTransport[]
  /** When a push counts as had by the device; see delivery.ts. */
  readonly acknowledge?: 'heard' | 'written'
  /** For a link that is dead in one direction only: how far back writes count as not had. Default 2,000. */
  readonly heardMarginMs?: number
  readonly authGraceMs?: number
  readonly appKey?: string
  readonly limits?: Partial<SessionLimits>
  /** `speed` 1 is the pace of a demo. */
  readonly bots?: boolean | { readonly speed: number }
  readonly tokenSecret?: string
  readonly log?: (line: string) => void
}

export interface DemoServer {
  readonly port: number
  /** What a client's profile names: `ws://…/ws`, or `ws://…/ws/im` without the token. */
  url(dialect: DialectName): string
  /** `http://…`, for uploads and the control API. */
  readonly origin: string
  readonly appKey: string
  issueToken(userId: string, options?: IssueOptions): string
  readonly control: Control
  messages(dialect?: DialectName): MessageRow[]
  violations(): readonly Violation[]
  /** Stops listening and closes every connection (1001); what is stored stays. */
  stop(): Promise<void>
  /** Listens again on the same port. */
  start(): Promise<void>
  close(): Promise<void>
}

export async function createDemoServer(options: DemoServerOptions = {}): Promise<DemoServer> {
  const log = options.log ?? ((): void => undefined)
  const limits: SessionLimits = { ...springLimits, ...options.limits }
  const faults = createFaults()
  const tokens = createTokens({ now: Date.now, secret: options.tokenSecret })
  const now = (): number => Date.now() + faults.skewMs
  const sessions = new Set<Session>()
  const violations: Violation[] = []
  const wire: { at: number; session: string; frame: StompFrame }[] = []
  let recording = false
  let sessionCount = 0
  const appKey = options.appKey ?? 'ak_demo_chat'
  const echo = options.echo ?? true

  const report = (session: Session, kind: Violation['kind'], reason: string, frame = ''): void => {
    const violation = {
      at: Date.now(),
      dialect: session.dialect,
      session: session.id,
      userId: session.userId,
      kind,
      reason,
      frame,
    }
    violations.push(violation)
    log(`${session.dialect} ${session.id} ${session.userId}: ${kind}: ${reason} ${frame}`)
  }

  const contextOf = (dialect: DialectName): DialectContext => {
    const connected = (): Session[] =>
      [...sessions].filter((session) => session.dialect === dialect && session.isOpen && session.identity !== null)
    return {
      store: createStore({ dialect, sequences: dialect === 'im2' }),
      faults,
      tokens,
      now,
      report,
      sessions: connected,
      sessionsOf: (userId) => connected().filter((session) => session.userId === userId),
      echo,
      statusEvents: options.statusEvents ?? echo,
      acknowledge: options.acknowledge ?? 'heard',
      heardMarginMs: options.heardMarginMs ?? 2_000,
    }
  }

  const wanted = options.dialects ?? ['im2', 'xuqm']
  const im2 = wanted.includes('im2')
    ? createIm2Server({
        context: contextOf('im2'),
        encode: await loadIm2Encoder(),
        heartbeat: options.heartbeat ?? [10_000, 10_000],
        bodyForm: options.im2Body ?? 'protobuf',
        sockJsBodyForm: options.sockJsBody ?? 'json',
        authGraceMs: options.authGraceMs ?? 5000,
      })
    : null
  const xuqm = wanted.includes('xuqm')
    ? createXuqmServer({ context: contextOf('xuqm'), heartbeat: options.xuqmHeartbeat ?? [0, 0], appKey })
    : null
  const dialects = [im2, xuqm].filter((dialect) => dialect !== null)

  const control = createControl({
    dialects,
    im2,
    xuqm,
    faults,
    tokens,
    sessions: () => [...sessions],
    violations,
    now,
    wire: {
      record: (on) => {
        recording = on
        if (!on) wire.length = 0
      },
      frames: () => wire,
    },
    listening: { stop: () => stop(), start: () => transport.start() },
  })

  const uploads = createUploads({
    tokens,
    limitBytes: () => Math.max(...dialects.map((dialect) => dialect.store.settings.fileUploadLimit)) * 1024 * 1024,
    origin: () => origin(),
  })
  const controlHttp = createControlHttp(control)
  const origin = (): string => `http://127.0.0.1:${transport.port}`

  const transport = createTransport({
    plainWebSocket: options.plainWebSocket ?? true,
    sockJsTransports: options.sockJsTransports ?? ['websocket', 'xhr_streaming', 'xhr'],
    host: '127.0.0.1',
    port: options.port ?? 0,
    endpoints: dialects.map((dialect) => ({
      dialect: dialect.name,
      path: dialect.path,
      anyOrigin: dialect.name === 'xuqm',
      accept: (link) => {
        sessionCount += 1
        sessions.add(
          createSession({
            id: `s${sessionCount}`,
            link,
            handler: dialect,
            limits,
            receipts: options.receipts ?? false,
            refusals: options.refusals ?? 'words',
            now: Date.now,
            report,
            isDeafToConnect: () => faults.deafToConnect,
            losesSend: (session) => faults.takeSend(session.userId),
            onFrame: (session, frame) => {
              if (recording) wire.push({ at: Date.now(), session: session.id, frame })
            },
            onEnd: (session) => sessions.delete(session),
          }),
        )
      },
    })),
    handleRequest: (request, response, path) =>
      controlHttp.handle(request, response, path) || uploads.handle(request, response, path),
    takeRefusal: faults.takeRefusal,
    onForbiddenOrigin: (dialect) => log(`${dialect}: handshake refused, Origin not allowed`),
  })

  const stop = async (): Promise<void> => {
    for (const session of sessions) session.close(1001, 'Server is stopping')
    await transport.stop()
  }

  const seed = options.seed ?? 'plain'
  control.seed(seed === 'plain' ? plainSeed : seed === 'demo' ? demoSeed : seed)
  await transport.start()
  const { bots: wantedBots = false } = options
  const bots =
    wantedBots === false ? null : createBots({ control, dialects, speed: wantedBots === true ? 1 : wantedBots.speed })

  return {
    get port() {
      return transport.port
    },
    get origin() {
      return origin()
    },
    appKey,
    url: (dialect) => `ws://127.0.0.1:${transport.port}${dialect === 'im2' ? '/ws' : '/ws/im'}`,
    issueToken: tokens.issue,
    control,
    messages: (dialect) => control.messages({ dialect }),
    violations: () => violations,
    stop,
    start: () => transport.start(),
    async close() {
      bots?.dispose()
      control.dispose()
      faults.dispose()
      await stop()
      for (const dialect of dialects) dialect.dispose()
    },
  }
}
