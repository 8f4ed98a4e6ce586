/**
 * A client that knows no more than STOMP framing: tests of the demo server look at the wire through it.
 *
 * Everything is awaited by what arrives, never by time. `close()` is registered by the caller's `afterEach`.
 */
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { WebSocket } from 'ws'
import { createStompParser, encodeStompFrame, serverCommands } from '#test/server/stompCodec.ts'
import type { StompFrame, StompHeaders } from '#test/server/stompCodec.ts'
import type { DemoServer } from '#test/server/server.ts'
import type { DialectName } from '#test/server/types.ts'

const root = protobuf.loadSync(fileURLToPath(new URL('../../../proto/im2.proto', import.meta.url)))
const webSocketMessage = root.lookupType('im2.WebSocketMessage')

export interface Received {
  readonly frame: StompFrame
  readonly binary: boolean
}

export interface RawClient {
  readonly received: Received[]
  readonly heartbeats: number
  readonly protocol: string
  readonly closed: Promise<number>
  send(command: string, headers?: StompHeaders, body?: string): void
  bytes(data: Buffer | string): void
  json(destination: string, body: unknown, headers?: StompHeaders): void
  subscribe(...destinations: string[]): void
  /** The first frame, from the beginning, that fits. */
  frame(fits: (frame: StompFrame) => boolean): Promise<StompFrame>
  command(name: string): Promise<StompFrame>
  pause(): void
  resume(): void
  terminate(): void
  /** Politely: DISCONNECT, its receipt, the closing handshake. */
  disconnect(): Promise<void>
}

export interface OpenOptions {
  readonly url: string
  readonly protocols?: string[]
  readonly headers?: Record<string, string>
}

const open = new Set<WebSocket>()

export function closeRawClients(): void {
  for (const socket of open) socket.terminate()
  open.clear()
}

export async function openRaw({ url, protocols = ['v12.stomp'], headers = {} }: OpenOptions): Promise<RawClient> {
  const socket = new WebSocket(url, protocols, { headers, perMessageDeflate: false })
  open.add(socket)
  const parser = createStompParser({ commands: serverCommands, maxFrameBytes: 8_000_000 })
  const received: Received[] = []
  const waiting = new Set<() => void>()
  let heartbeats = 0
  let subscriptions = 0
  let code: number | null = null
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (closeCode) => {
      code = closeCode
      open.delete(socket)
      resolve(closeCode)
      for (const check of waiting) check()
    })
  })
  socket.on('message', (data: Buffer, binary) => {
    for (const item of parser.push(data)) {
      if (item.kind === 'frame') received.push({ frame: item.frame, binary })
      else heartbeats += 1
    }
    for (const check of [...waiting]) check()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  // From here on a broken connection is an observation of the test, not an error of the helper.
  socket.on('error', () => socket.terminate())

  const client: RawClient = {
    received,
    get heartbeats() {
      return heartbeats
    },
    protocol: socket.protocol,
    closed,
    send: (command, stompHeaders = [], body) =>
      socket.send(
        encodeStompFrame({ command, headers: stompHeaders, ...(body === undefined ? {} : { body }) }).toString(),
      ),
    bytes: (data) => socket.send(data),
    json: (destination, body, extra = []) =>
      client.send(
        'SEND',
        [['destination', destination], ['content-type', 'application/json'], ...extra],
        JSON.stringify(body),
      ),
    subscribe(...destinations) {
      for (const destination of destinations) {
        subscriptions += 1
        client.send('SUBSCRIBE', [
          ['id', `sub-${subscriptions}`],
          ['destination', destination],
        ])
      }
    },
    frame: (fits) =>
      new Promise((resolve, reject) => {
        let seen = 0
        const check = (): void => {
          const fresh = received.slice(seen)
          seen = received.length
          const found = fresh.find(({ frame }) => fits(frame))
          if (found === undefined && code === null) return
          waiting.delete(check)
          if (found !== undefined) resolve(found.frame)
          else reject(new Error(`closed with ${code} before the frame came`))
        }
        waiting.add(check)
        check()
      }),
    command: (name) => client.frame((frame) => frame.command === name),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    terminate: () => socket.terminate(),
    async disconnect() {
      client.send('DISCONNECT', [['receipt', 'bye']])
      await closed
    },
  }
  return client
}

export interface SignInOptions {
  readonly userId: string
  readonly token?: string
  readonly deviceId?: string
  readonly heartbeat?: string
}

/** Connected and authenticated in one of the two ways, nothing subscribed. */
export async function signIn(server: DemoServer, dialect: DialectName, options: SignInOptions): Promise<RawClient> {
  const token = options.token ?? server.issueToken(options.userId)
  const url = dialect === 'im2' ? server.url('im2') : `${server.url('xuqm')}?token=${token}`
  const client = await openRaw({ url })
  client.send('CONNECT', [
    ['accept-version', '1.2'],
    ['host', 'localhost'],
    ['heart-beat', options.heartbeat ?? '0,0'],
    ['Authorization', `Bearer ${token}`],
    ...(dialect === 'im2'
      ? ([
          ['userId', options.userId],
          ['deviceId', options.deviceId ?? `${options.userId}-desktop`],
          ['clientType', 'desktop'],
        ] as const)
      : []),
  ])
  await client.command('CONNECTED')
  return client
}

export interface Im2Message {
  readonly messageId: string
  readonly type: number
  readonly status: number
  readonly senderId: string
  readonly receiverId: string
  readonly conversationId: string
  readonly clientMessageId: string
  readonly timestamp: string
  readonly sequence: string
  readonly content: Readonly<Record<string, unknown>>
}

export function decodeIm2(body: Buffer): Im2Message {
  const object = webSocketMessage.toObject(webSocketMessage.decode(body), {
    longs: String,
    enums: Number,
    defaults: true,
  })
  const payload: unknown = object['chat'] ?? object['notification'] ?? object['system'] ?? object['event']
  const text =
    typeof payload === 'object' && payload !== null && 'content' in payload ? String(payload.content) : 'null'
  return { ...(object as Im2Message), content: JSON.parse(text) as Readonly<Record<string, unknown>> }
}

export function im2Messages(client: RawClient): Im2Message[] {
  return client.received.filter(({ frame }) => frame.command === 'MESSAGE').map(({ frame }) => decodeIm2(frame.body))
}

/** The first im2 message, from the beginning, that fits. */
export async function im2Message(client: RawClient, fits: (message: Im2Message) => boolean): Promise<Im2Message> {
  const frame = await client.frame((each) => each.command === 'MESSAGE' && fits(decodeIm2(each.body)))
  return decodeIm2(frame.body)
}

let marks = 0

/** Everything the server had to say before this call has arrived when it returns. */
export async function settled(client: RawClient, dialect: DialectName): Promise<void> {
  marks += 1
  const mark = marks
  if (dialect === 'im2') {
    client.json('/app/heartbeat', { timestamp: mark, deviceId: 'd' })
    await im2Message(client, ({ type, content }) => type === 32 && content['timestamp'] === mark)
    return
  }
  // This protocol answers nothing but a message: a revocation of an unknown one is refused in silence, so send one.
  const messageId = `mark-${mark}`
  client.json('/app/chat.send', {
    appKey: 'ak_demo_chat',
    messageId,
    toId: 'echo-bot',
    chatType: 'SINGLE',
    msgType: 'TEXT',
    content: 'mark',
  })
  await client.frame((frame) => frame.command === 'MESSAGE' && jsonOf(frame)['id'] === messageId)
}

export function jsonOf(frame: StompFrame): Readonly<Record<string, unknown>> {
  return JSON.parse(frame.body.toString()) as Readonly<Record<string, unknown>>
}

export function jsonMessages(client: RawClient): Readonly<Record<string, unknown>>[] {
  return client.received
    .filter(({ frame }) => frame.command === 'MESSAGE')
    .map(({ frame }) => jsonOf(frame))
    .filter((json) => !String(json['id']).startsWith('mark-'))
}
