/**
 * STOMP 1.2 frames, octet by octet: a parser fed with arbitrary slices of a byte stream, and an encoder.
 *
 * Owns the grammar and nothing else. It is the second opinion on what the client writes, so it shares no code with the
 * client's STOMP library, refuses what the specification refuses, and never guesses. It never throws anything but
 * StompSyntaxError, whatever the bytes.
 */

export type StompHeaders = readonly (readonly [name: string, value: string])[]

export interface StompFrame {
  readonly command: string
  readonly headers: StompHeaders
  readonly body: Buffer
}

export type StompItem = { readonly kind: 'frame'; readonly frame: StompFrame } | { readonly kind: 'heartbeat' }

/** A stream that is not STOMP 1.2. After it the parser is of no further use: the connection has to go. */
export class StompSyntaxError extends Error {
  override readonly name = 'StompSyntaxError'
}

export const clientCommands: ReadonlySet<string> = new Set([
  'CONNECT',
  'STOMP',
  'SEND',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'ACK',
  'NACK',
  'BEGIN',
  'COMMIT',
  'ABORT',
  'DISCONNECT',
])
export const serverCommands: ReadonlySet<string> = new Set(['CONNECTED', 'MESSAGE', 'RECEIPT', 'ERROR'])

const commandsWithBody: ReadonlySet<string> = new Set(['SEND', 'MESSAGE', 'ERROR'])
/** Section "Value Encoding": CONNECT and CONNECTED are not escaped, for STOMP 1.0's sake. Spring does the same for STOMP. */
const unescapedCommands: ReadonlySet<string> = new Set(['CONNECT', 'STOMP', 'CONNECTED'])

const LF = 0x0a
const CR = 0x0d
const NUL = 0x00

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The first header of that name counts ("Repeated Header Entries"). */
export function headerOf(frame: { readonly headers: StompHeaders }, name: string): string | undefined {
  return frame.headers.find(([key]) => key === name)?.[1]
}

export interface StompParser {
  /** The frames and heart-beats completed by these bytes. Throws StompSyntaxError. */
  push(bytes: Uint8Array): StompItem[]
  /** Bytes of a frame that has begun and not ended. */
  readonly pendingBytes: number
}

export interface StompParserOptions {
  readonly commands?: ReadonlySet<string>
  /** The most bytes one frame may have, however many WebSocket messages it is spread over. */
  readonly maxFrameBytes?: number
}

export function createStompParser(options: StompParserOptions = {}): StompParser {
  const commands = options.commands ?? clientCommands
  const maxFrameBytes = options.maxFrameBytes ?? 65_536
  let pending: Buffer = Buffer.alloc(0)

  return {
    get pendingBytes() {
      return pending.length
    },
    push(bytes) {
      pending = pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([pending, bytes])
      const items: StompItem[] = []
      let at = 0
      for (;;) {
        if (pending[at] === LF) {
          items.push({ kind: 'heartbeat' })
          at += 1
          continue
        }
        if (pending[at] === CR) {
          if (at + 1 >= pending.length) break
          if (pending[at + 1] !== LF) throw new StompSyntaxError('carriage return without line feed between frames')
          items.push({ kind: 'heartbeat' })
          at += 2
          continue
        }
        if (at >= pending.length) break
        const read = readFrame(pending.subarray(at), commands)
        const size = read?.size ?? pending.length - at
        if (size > maxFrameBytes) throw new StompSyntaxError(`frame exceeds ${maxFrameBytes} bytes`)
        if (read === null) break
        items.push({ kind: 'frame', frame: read.frame })
        at += read.size
      }
      pending = Buffer.from(pending.subarray(at))
      return items
    },
  }
}

function readFrame(bytes: Buffer, commands: ReadonlySet<string>): { frame: StompFrame; size: number } | null {
  const commandLine = readLine(bytes, 0)
  if (commandLine === null) {
    // A command is short: a long run without a line end is not the beginning of a frame that is still to come.
    if (bytes.length > 64 || bytes.includes(NUL)) throw new StompSyntaxError('no command line')
    return null
  }
  const command = commandLine.text
  if (!commands.has(command)) throw new StompSyntaxError(`unknown command "${command.slice(0, 32)}"`)

  const headers: [string, string][] = []
  let at = commandLine.next
  for (;;) {
    const line = readLine(bytes, at)
    if (line === null) {
      if (bytes.subarray(at).includes(NUL)) throw new StompSyntaxError('frame ends inside its headers')
      return null
    }
    at = line.next
    if (line.text === '') break
    headers.push(readHeader(line.text, command))
  }

  const length = headers.find(([name]) => name === 'content-length')?.[1]
  let end: number
  if (length === undefined) {
    end = bytes.indexOf(NUL, at)
    if (end < 0) return null
  } else {
    if (!/^\d{1,10}$/.test(length)) throw new StompSyntaxError('content-length is not a number')
    end = at + Number(length)
    if (end >= bytes.length) return null
    if (bytes[end] !== NUL) throw new StompSyntaxError('frame must be terminated with a null octet')
  }
  const body = Buffer.from(bytes.subarray(at, end))
  if (body.length > 0 && !commandsWithBody.has(command)) throw new StompSyntaxError(`${command} must not have a body`)
  return { frame: { command, headers, body }, size: end + 1 }
}

function readLine(bytes: Buffer, from: number): { text: string; next: number } | null {
  const lf = bytes.indexOf(LF, from)
  if (lf < 0) return null
  const end = lf > from && bytes[lf - 1] === CR ? lf - 1 : lf
  const line = bytes.subarray(from, end)
  if (line.includes(NUL)) throw new StompSyntaxError('null octet inside a header')
  if (line.includes(CR)) throw new StompSyntaxError('carriage return inside a header')
  try {
    return { text: utf8.decode(line), next: lf + 1 }
  } catch (cause) {
    throw new StompSyntaxError('header is not UTF-8', { cause })
  }
}

function readHeader(line: string, command: string): [string, string] {
  const colon = line.indexOf(':')
  if (colon < 0) throw new StompSyntaxError('header without a colon')
  if (colon === 0) throw new StompSyntaxError('header without a name')
  const name = line.slice(0, colon)
  const value = line.slice(colon + 1)
  if (unescapedCommands.has(command)) return [name, value]
  // 1.2 escapes the colon, so a bare one in a value is a client that does not know the version it speaks.
  if (value.includes(':')) throw new StompSyntaxError('unescaped colon in a header value')
  return [unescape(name), unescape(value)]
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(.?)/gsu, (_, code: string) => {
    if (code === 'n') return '\n'
    if (code === 'r') return '\r'
    if (code === 'c') return ':'
    if (code === '\\') return '\\'
    throw new StompSyntaxError(`undefined escape sequence "\\${code}"`)
  })
}

function escape(text: string): string {
  return text.replace(/[\\\r\n:]/g, (char) =>
    char === '\\' ? '\\\\' : char === '\r' ? '\\r' : char === '\n' ? '\\n' : '\\c',
  )
}

export interface StompFrameInput {
  readonly command: string
  readonly headers: StompHeaders
  readonly body?: Uint8Array | string
}

/** The frame's octets. `content-length` is added wherever there is a body and the caller gave none. */
export function encodeStompFrame(input: StompFrameInput): Buffer {
  const body = typeof input.body === 'string' ? Buffer.from(input.body) : Buffer.from(input.body ?? [])
  const plain = unescapedCommands.has(input.command)
  const lines = [input.command]
  for (const [name, value] of input.headers) {
    lines.push(plain ? `${name}:${value}` : `${escape(name)}:${escape(value)}`)
  }
  if (body.length > 0 && headerOf(input, 'content-length') === undefined) lines.push(`content-length:${body.length}`)
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), body, Buffer.from([NUL])])
}
