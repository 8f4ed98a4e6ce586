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
 * - A frame whose rest never came gives way to the next: a WebSocket message that is a whole frame by itself is not the
 *   rest of a text. A binary body might hold such bytes by chance, once; a second such message ends the doubt.
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
  /** No NUL ends the body before here; while the header is not complete, no LF ends its last line. */
  scanned: number
  /** Where that line begins. */
  lineStart: number
  /** Where a WebSocket message began that is a whole frame by itself; 0 where none did. */
  wholeAt: number
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
    if (isWhole(message) && !fills(unfinished, message)) {
      const { head, filled, wholeAt, couldEndAt } = unfinished
      const isWrong = head === null || head.isText || head.declaredEnd < filled + message.length
      if (isWrong || wholeAt > 0) {
        if (couldEndAt > 0 && this.giveUp()) return this.read(message)
        return this.#giveWay(unfinished, wholeAt || filled, message)
      }
      unfinished.wholeAt = filled
    }
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
    if (unfinished === null || unfinished.head === null) return false
    if (unfinished.couldEndAt === 0 || (unfinished.wholeAt > 0 && unfinished.couldEndAt > unfinished.wholeAt)) {
      if (unfinished.wholeAt === 0) return false
      this.#giveWay(unfinished, unfinished.wholeAt, Buffer.alloc(0))
      return true
    }
    const { head, couldEndAt } = unfinished
    const data = unfinished.buffer.subarray(0, unfinished.filled)
    const end = head.isText ? data.indexOf(NUL, head.bodyStart) : lastNul(data, head.bodyStart, couldEndAt)
    this.#unfinished = null
    this.#emit(head, data, end)
    this.#parse(data.subarray(end + 1))
    return true
  }

  /** The frame that has begun ends nowhere: what begins at `from` is read in its place, and then the message. */
  #giveWay({ buffer, filled }: Unfinished, from: number, message: Buffer): ReadState {
    this.#unfinished = null
    this.#options.onSkipped(from)
    return this.#parse(Buffer.concat([buffer.subarray(from, filled), message]))
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
      const begunHere = at === 0 ? this.#unfinished : null
      const head = begunHere?.head ?? readHead(data, at, begunHere)
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
      if (!isText) return this.#binaryEnd(bodyStart, data)
      return data.indexOf(NUL, bodyStart)
    }
    return data.indexOf(NUL, Math.max(bodyStart, this.#unfinished?.scanned ?? 0))
  }

  /** Its length is wrong: the end of the message it began with, so that it takes no later frame along. */
  #binaryEnd(bodyStart: number, data: Buffer): number {
    const { couldEndAt = 0, wholeAt = 0 } = this.#unfinished ?? {}
    const first = wholeAt > 0 && couldEndAt > wholeAt ? wholeAt : couldEndAt
    return lastNul(data, bodyStart, first || data.length)
  }

  #emit({ command, headers, bodyStart }: Head, data: Buffer, end: number): void {
    this.#options.onFrame({ command, headers, body: data.subarray(bodyStart, end) })
  }

  #refuse(): ReadState {
    this.stop()
    return 'tooBig'
  }
}

/** `null` for bytes that begin no frame of a server. What an earlier look at the same bytes has shown is not looked at again. */
function readHead(data: Buffer, start: number, begunHere: Unfinished | null): Head | 'unfinished' | null {
  const command = commandAt(data, start)
  if (command === null || command === 'unfinished') return command
  const blockStart = data.indexOf(LF, start) + 1
  const { bodyStart, lineStart } = endOfHeaders(
    data,
    Math.max(blockStart, begunHere?.lineStart ?? 0),
    begunHere?.scanned ?? 0,
  )
  if (bodyStart < 0) {
    if (begunHere !== null) {
      begunHere.lineStart = lineStart
      begunHere.scanned = data.length
    }
    return 'unfinished'
  }
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

/** Just behind the empty line; -1 when it has not come yet, and then where the first line begins that is not complete. */
function endOfHeaders(data: Buffer, start: number, scanned: number): { bodyStart: number; lineStart: number } {
  for (let at = start; ;) {
    if (data[at] === LF) return { bodyStart: at + 1, lineStart: at }
    if (data[at] === CR && data[at + 1] === LF) return { bodyStart: at + 2, lineStart: at }
    const end = data.indexOf(LF, Math.max(at, scanned))
    if (end < 0) return { bodyStart: -1, lineStart: at }
    at = end + 1
  }
}

/** The message begins with a frame that ends in it. */
function isWhole(message: Buffer): boolean {
  if (typeof commandAt(message, 0) !== 'string') return false
  const head = readHead(message, 0, null)
  if (head === null || head === 'unfinished') return false
  return head.declaredEnd < 0 ? message.includes(NUL, head.bodyStart) : message[head.declaredEnd] === NUL
}

/** With the message, the frame that has begun ends exactly where it said. */
function fills({ head, filled }: Unfinished, message: Buffer): boolean {
  return head !== null && head.declaredEnd >= filled && message[head.declaredEnd - filled] === NUL
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
  return { buffer, filled: bytes.length, head: null, scanned: 0, lineStart: 0, wholeAt: 0, couldEndAt: 0 }
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
