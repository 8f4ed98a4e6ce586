/**
 * Shapers that know where WebSocket messages begin: to cut them apart, to put many into one, or to stop within a header,
 * a body or a character. Both directions are read; what a client masked is unmasked to look at it, never changed.
 */
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { type Shaper, pausedAt } from './proxy.ts'

interface WireFrame {
  /** Offsets within the chunk. */
  readonly start: number
  readonly payloadAt: number
  readonly end: number
  readonly opcode: number
  readonly payload: Buffer
}

const isData = ({ opcode }: WireFrame): boolean => opcode <= 2

/** The whole frames a chunk begins with. Demo server and client write each frame at once, so most chunks are aligned. */
function framesOf(chunk: Buffer): readonly WireFrame[] {
  const frames: WireFrame[] = []
  for (let start = 0; start + 2 <= chunk.length;) {
    const first = chunk[start] ?? 0
    const second = chunk[start + 1] ?? 0
    const opcode = first & 0x0f
    if ((first & 0x70) !== 0 || ![0, 1, 2, 8, 9, 10].includes(opcode)) break
    const short = second & 0x7f
    let payloadAt = start + 2
    if (payloadAt + (short < 126 ? 0 : short === 126 ? 2 : 8) > chunk.length) break
    const length = short < 126 ? short : short === 126 ? chunk.readUInt16BE(payloadAt) : Number(chunk.readBigUInt64BE(payloadAt)) // prettier-ignore
    payloadAt += short < 126 ? 0 : short === 126 ? 2 : 8
    const mask = (second & 0x80) === 0 ? null : chunk.subarray(payloadAt, payloadAt + 4)
    payloadAt += mask === null ? 0 : 4
    const end = payloadAt + length
    if (end > chunk.length) break
    const payload = Buffer.from(chunk.subarray(payloadAt, end))
    if (mask !== null) payload.forEach((byte, at) => (payload[at] = byte ^ (mask[at % 4] ?? 0)))
    frames.push({ start, payloadAt, end, opcode, payload })
    start = end
  }
  return frames
}

const places = {
  header: (payload: Buffer) => payload.indexOf('destination:') + 5,
  body: (payload: Buffer) => payload.indexOf('\n\n') + 12,
  /** Within the first character of more than one byte: between its bytes. */
  character: (payload: Buffer) => payload.findIndex((byte) => byte >= 0xe0) + 1,
}

export type Place = keyof typeof places

/** Stops for `ms` at that place of each STOMP frame that has one; `onPause` counts. */
export function pausedWithin(place: Place, ms: number, onPause: () => void): Shaper {
  const find = (chunk: Buffer): readonly number[] => {
    const found = framesOf(chunk)
      .filter((frame) => isData(frame) && frame.payload.indexOf('destination:') >= 0)
      .map(({ payloadAt, payload }) => ({ payloadAt, at: places[place](payload), length: payload.length }))
      .filter(({ at, length }) => at > 5 && at < length)
      .map(({ payloadAt, at }) => payloadAt + at)
    for (const _ of found) onPause()
    return found
  }
  return pausedAt(find, ms)
}

function message(payload: Buffer): Buffer {
  const { length } = payload
  const head =
    length < 126
      ? Buffer.from([0x82, length])
      : length < 65_536
        ? Buffer.from([0x82, 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0]), Buffer.from(Uint32Array.of(length).buffer).reverse()])
  return Buffer.concat([head, payload])
}

/** Towards the client: all messages that come within `ms` arrive as one; `onMerged` is told how many. */
export function mergedMessages(ms: number, onMerged: (count: number) => void): Shaper {
  return buffered(ms, (frames, write) => {
    const payloads = frames.filter(isData).map(({ payload }) => payload)
    if (payloads.length === 0) return
    onMerged(payloads.length)
    write(message(Buffer.concat(payloads)))
  })
}

/** Towards the client: every byte of a message is a message of its own. */
export function splitMessages(): Shaper {
  return buffered(0, (frames, write) => {
    for (const { payload } of frames.filter(isData)) {
      write(Buffer.concat([...payload].map((byte) => message(Buffer.from([byte])))))
    }
  })
}

/** Control frames and the answer to the upgrade pass as they are. */
function buffered(ms: number, flush: (frames: readonly WireFrame[], write: (piece: Buffer) => void) => void): Shaper {
  let upgraded = false
  let rest = Buffer.alloc(0)
  let due: Promise<void> | null = null
  return async (chunk, write) => {
    let bytes = chunk
    if (!upgraded) {
      const end = chunk.indexOf('\r\n\r\n')
      upgraded = end >= 0
      write(upgraded ? chunk.subarray(0, end + 4) : chunk)
      bytes = upgraded ? chunk.subarray(end + 4) : Buffer.alloc(0)
    }
    rest = Buffer.concat([rest, bytes])
    due ??= (ms > 0 ? wait(ms) : nextTurn()).then(() => {
      due = null
      const frames = framesOf(rest)
      const all = rest
      rest = rest.subarray(frames.at(-1)?.end ?? 0)
      flush(frames, write)
      for (const frame of frames) if (!isData(frame)) write(all.subarray(frame.start, frame.end))
    })
    await Promise.resolve()
  }
}
