/**
 * Cuts what comes in into STOMP frames, so that one bad `content-length` costs at most its own frame. The library's
 * parser believes that header without question: one that is too long makes it swallow every later frame, silently and
 * for ever. It also walks byte by byte; this one is several times as fast.
 *
 * How a frame ends:
 * - JSON holds no NUL, so a JSON body ends at the first one, whatever `content-length` says.
 * - Otherwise `content-length` counts where a NUL stands behind it. It is never second-guessed there: a body may hold
 *   anything, bytes that look like a frame included.
 * - Otherwise it is wrong. A text then ends at its first NUL; a binary body (it may hold NULs, and whatever its author
 *   wrote behind them) ends with its WebSocket message, because only the server decides where that ends.
 * - A frame that waits for more bytes than come is closed where one of its WebSocket messages ended in NUL (`giveUp`).
 *
 * The header stays as it came, so that a reader of the frame can see that it disagrees. Bytes that begin no frame are
 * dropped to the end of their WebSocket message. Promises: no exception for any bytes, memory bounded by the cap.
 */
import { readHeaders } from './headers.ts'

export const maxFrameBytes = 4 * 1024 * 1024
export const maxHeaderBytes = 64 * 1024

export interface ServerFrame {
  readonly command: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface FrameReaderOptions {
  readonly onFrame: (frame: ServerFrame) => void
  /** Bytes that belong to no frame. */
  readonly onSkipped: (bytes: number) => void
}

/** `pending`: a frame has begun and not ended. `tooBig` ends the reading for good. */
export type ReadState = 'idle' | 'pending' | 'tooBig'

interface Head {
  readonly command: string
  readonly headers: Readonly<Record<string, string>>
  readonly bodyStart: number
  /** Where the NUL is said to stand; -1 where the first NUL ends the body. */
  readonly declaredEnd: number
  readonly isText: boolean
}

/** A frame that has begun: its bytes so far, in a buffer that grows by doubling. */
interface Unfinished {
  buffer: Buffer
  filled: number
  head: Head | null
  /** No NUL ends the body before here. */
  scanned: number
  /** The first end of a WebSocket message at which the frame could have ended; 0 where there was none. */
  couldEndAt: number
}

const LF = 0x0a
const CR = 0x0d
const NUL = 0x00

const commands = ['MESSAGE', 'RECEIPT', 'CONNECTED', 'ERROR'] as const
const jsonType = /json/i
const textType = /json|^text\/|xml/i

export class FrameReader {
  readonly #options: FrameReaderOptions
  #unfinished: Unfinished | null = null
  #stopped = false

  constructor(options: FrameReaderOptions) {
    this.#options = options
  }

  /** One WebSocket message. */
  read(message: Buffer): ReadState {
    if (this.#stopped) return 'idle'
    const { head, couldEndAt } = this.#unfinished ?? { head: null, couldEndAt: 0 }
    // What comes is the next frame, not the rest of this one: its length was wrong.
    if (head?.isText === true && couldEndAt > 0 && typeof commandAt(message, 0) === 'string') this.giveUp()
    const unfinished = this.#unfinished
    if (unfinished === null) return this.#parse(message)
    if (unfinished.filled + message.length > maxFrameBytes + maxHeaderBytes) return this.#refuse()
    append(unfinished, message)
    return this.#parse(unfinished.buffer.subarray(0, unfinished.filled))
  }

  /**
   * The rest of the unfinished frame will not come. True when the frame could be closed where it might have ended;
   * false when there is no such place.
   */
  giveUp(): boolean {
    const unfinished = this.#unfinished
    if (unfinished === null || unfinished.head === null || unfinished.couldEndAt === 0) return false
    const { head, couldEndAt } = unfinished
    const data = unfinished.buffer.subarray(0, unfinished.filled)
    const end = head.isText ? data.indexOf(NUL, head.bodyStart) : lastNul(data, head.bodyStart, couldEndAt)
    this.#unfinished = null
    this.#emit(head, data, end)
    this.#parse(data.subarray(end + 1))
    return true
  }

  /** Whatever comes later is not read. */
  stop(): void {
    this.#stopped = true
    this.#unfinished = null
  }

  /** `data` begins at a frame or between frames, and ends with a WebSocket message. */
  #parse(data: Buffer): ReadState {
    let at = 0
    while (!this.#stopped) {
      at = skipBetweenFrames(data, at)
      if (at >= data.length) {
        this.#unfinished = null
        return 'idle'
      }
      const head = (at === 0 ? this.#unfinished?.head : null) ?? readHead(data, at)
      if (head === null) {
        this.#unfinished = null
        this.#options.onSkipped(data.length - at)
        return 'idle'
      }
      const end = head === 'unfinished' ? -1 : this.#bodyEnd(head, data)
      if (head === 'unfinished' || end < 0) {
        if (at > 0 || this.#unfinished === null) {
          this.#unfinished = begun(data.subarray(at))
          return this.#parse(this.#unfinished.buffer.subarray(0, this.#unfinished.filled))
        }
        if (head === 'unfinished') return data.length > maxHeaderBytes ? this.#refuse() : 'pending'
        this.#unfinished.head = head
        this.#unfinished.scanned = data.length
        if (this.#unfinished.couldEndAt === 0 && endsInNul(data, head.bodyStart)) {
          this.#unfinished.couldEndAt = data.length
        }
        return 'pending'
      }
      this.#unfinished = null
      this.#emit(head, data, end)
      at = end + 1
    }
    return 'idle'
  }

  /** Where the frame's NUL stands; -1 when it has not come yet. */
  #bodyEnd({ declaredEnd, bodyStart, isText }: Head, data: Buffer): number {
    if (declaredEnd >= 0) {
      if (declaredEnd < data.length && data[declaredEnd] === NUL) return declaredEnd
      if (declaredEnd >= data.length && declaredEnd - bodyStart <= maxFrameBytes) return -1
      if (!isText) return lastNul(data, bodyStart, this.#unfinished?.couldEndAt || data.length)
      return data.indexOf(NUL, bodyStart)
    }
    return data.indexOf(NUL, Math.max(bodyStart, this.#unfinished?.scanned ?? 0))
  }

  #emit({ command, headers, bodyStart }: Head, data: Buffer, end: number): void {
    this.#options.onFrame({ command, headers, body: data.subarray(bodyStart, end) })
  }

  #refuse(): ReadState {
    this.stop()
    return 'tooBig'
  }
}

/** `null` for bytes that begin no frame of a server. */
function readHead(data: Buffer, start: number): Head | 'unfinished' | null {
  const command = commandAt(data, start)
  if (command === null || command === 'unfinished') return command
  const blockStart = data.indexOf(LF, start) + 1
  const bodyStart = endOfHeaders(data, blockStart)
  if (bodyStart < 0) return 'unfinished'
  const headers = readHeaders(data.toString('utf8', blockStart, bodyStart - 1), command !== 'CONNECTED')
  const length = headers['content-length']?.trim()
  const contentType = headers['content-type']
  const counts = length !== undefined && /^\d{1,10}$/.test(length) && !jsonType.test(contentType ?? '')
  return {
    command,
    headers,
    bodyStart,
    declaredEnd: counts ? bodyStart + Number(length) : -1,
    isText: contentType === undefined || textType.test(contentType),
  }
}

/** The command whose line begins here, as far as the bytes tell; `null` where none does. */
function commandAt(data: Buffer, start: number): (typeof commands)[number] | 'unfinished' | null {
  for (const command of commands) {
    const available = Math.min(command.length, data.length - start)
    let matching = 0
    while (matching < available && data[start + matching] === command.charCodeAt(matching)) matching++
    if (matching < available) continue
    if (matching < command.length) return 'unfinished'
    const end = data[start + matching] === CR ? start + matching + 1 : start + matching
    if (end >= data.length) return 'unfinished'
    return data[end] === LF ? command : null
  }
  return null
}

/** Just behind the empty line; -1 when it has not come yet. */
function endOfHeaders(data: Buffer, start: number): number {
  for (let at = start; at < data.length; at++) {
    if (data[at] === LF) return at + 1
    if (data[at] === CR && data[at + 1] === LF) return at + 2
    while (at < data.length && data[at] !== LF) at++
  }
  return -1
}

function skipBetweenFrames(data: Buffer, start: number): number {
  let at = start
  while (at < data.length && (data[at] === LF || data[at] === CR || data[at] === NUL)) at++
  return at
}

function endsInNul(data: Buffer, bodyStart: number): boolean {
  let end = data.length
  while (end > bodyStart && (data[end - 1] === LF || data[end - 1] === CR)) end--
  return end > bodyStart && data[end - 1] === NUL
}

/** The last NUL before `before`; -1 where the body holds none. */
function lastNul(data: Buffer, bodyStart: number, before: number): number {
  const at = data.lastIndexOf(NUL, before - 1)
  return at >= bodyStart ? at : -1
}

function begun(bytes: Buffer): Unfinished {
  const buffer = Buffer.allocUnsafe(Math.max(1024, bytes.length * 2))
  bytes.copy(buffer)
  return { buffer, filled: bytes.length, head: null, scanned: 0, couldEndAt: 0 }
}

function append(unfinished: Unfinished, bytes: Buffer): void {
  const filled = unfinished.filled + bytes.length
  if (unfinished.buffer.length < filled) {
    const grown = Buffer.allocUnsafe(filled * 2)
    unfinished.buffer.copy(grown, 0, 0, unfinished.filled)
    unfinished.buffer = grown
  }
  bytes.copy(unfinished.buffer, unfinished.filled)
  unfinished.filled = filled
}
