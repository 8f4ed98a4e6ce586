/**
 * SQLite's write-ahead log, read without SQLite (https://sqlite.org/fileformat2.html#walformat). The library itself
 * takes the first frame that is wrong for the end of the log and throws away whatever stands behind it, messages that
 * were accepted included; here the two are told apart.
 *
 * Must never write to a log.
 */

const headerBytes = 32
const frameHeaderBytes = 24
const bigEndianMagic = 0x377f0683
const littleEndianMagic = 0x377f0682
const magics = [littleEndianMagic, bigEndianMagic] as const
/** No file of ours has pages beyond it: 16 TiB. */
const largestPage = 2 ** 32 - 2

interface Checksum {
  readonly first: number
  readonly second: number
}

export interface LogFrame {
  /** Number of the page it holds. */
  readonly page: number
  readonly bytes: Buffer
  /** Pages in the file after the transaction that ends here; 0 within one. */
  readonly commit: number
}

export interface LogReading {
  /** Something that was written whole is not as it was written, and whole transactions stand behind it. */
  readonly damaged: boolean
  /** Up to the last whole transaction, those with a wrong byte included. */
  readonly frames: readonly LogFrame[]
}

export function readLog(bytes: Buffer, pageSize: number): LogReading {
  const frameBytes = frameHeaderBytes + pageSize
  const count = Math.max(0, Math.floor((bytes.length - headerBytes) / frameBytes))
  if (count === 0) return { damaged: false, frames: [] }
  const headerIsRight = isHeaderRight(bytes, pageSize)
  // All frames of one log carry its salts; those of the log before it, further on in the file, carry others.
  const salts = headerIsRight ? bytes.subarray(16, 24) : bytes.subarray(headerBytes + 8, headerBytes + 16)
  const readings = (headerIsRight ? [bytes.readUInt32BE(0)] : magics).map((magic) => {
    const isRight = (index: number): boolean => isFrameRight(bytes, index, frameBytes, salts, magic, headerIsRight)
    return Array.from({ length: count }, (_, index) => isRight(index))
  })
  const right = readings.reduce((best, reading) => (countRight(reading) > countRight(best) ? reading : best))
  const end = right.findLastIndex((isRight, index) => isRight && frameAt(bytes, index, frameBytes).commit > 0)
  const frames: LogFrame[] = []
  let damaged = !headerIsRight && end >= 0
  const isWritten = (index: number): boolean => index >= count || hasSalt(bytes, index, frameBytes, salts)
  for (let index = 0; index <= end; index++) {
    const frame = frameAt(bytes, index, frameBytes)
    const mustBeRight = index > 0 || headerIsRight
    if (mustBeRight && right[index] !== true && !damaged) {
      // What never reached the disk is what a power cut leaves, and there the log ends by its own rules. Disks lose
      // whole blocks, and a block that holds the end of one frame holds the head of the next.
      if (!isWritten(index) || !isWritten(index + 1)) return { damaged, frames: upToCommit(frames) }
      damaged = true
    }
    if (isWritten(index) && frame.page > 0 && frame.page <= largestPage) frames.push(frame)
  }
  return { damaged, frames }
}

function upToCommit(frames: readonly LogFrame[]): readonly LogFrame[] {
  return frames.slice(0, frames.findLastIndex(({ commit }) => commit > 0) + 1)
}

function countRight(reading: readonly boolean[]): number {
  return reading.filter(Boolean).length
}

function isHeaderRight(bytes: Buffer, pageSize: number): boolean {
  const magic = bytes.readUInt32BE(0)
  if (magic !== bigEndianMagic && magic !== littleEndianMagic) return false
  const sum = checksum(bytes.subarray(0, 24), { first: 0, second: 0 }, magic)
  return bytes.readUInt32BE(8) === pageSize && isSum(bytes, 24, sum)
}

function frameAt(bytes: Buffer, index: number, frameBytes: number): LogFrame {
  const at = headerBytes + index * frameBytes
  return {
    page: bytes.readUInt32BE(at),
    commit: bytes.readUInt32BE(at + 4),
    bytes: bytes.subarray(at + frameHeaderBytes, at + frameBytes),
  }
}

/** One of the two is enough: a byte of the other may be the damage. */
function hasSalt(bytes: Buffer, index: number, frameBytes: number, salts: Buffer): boolean {
  const at = headerBytes + index * frameBytes + 8
  return bytes.readUInt32BE(at) === salts.readUInt32BE(0) || bytes.readUInt32BE(at + 4) === salts.readUInt32BE(4)
}

/** Each frame's sum goes on from the one stored before it, so that every frame can be judged for itself. */
function isFrameRight(
  bytes: Buffer,
  index: number,
  frameBytes: number,
  salts: Buffer,
  magic: number,
  headerIsRight: boolean,
): boolean {
  const at = headerBytes + index * frameBytes
  if (!bytes.subarray(at + 8, at + 16).equals(salts)) return false
  if (index === 0 && !headerIsRight) return false
  const before = index === 0 ? 24 : at - frameBytes + 16
  const seed = { first: bytes.readUInt32BE(before), second: bytes.readUInt32BE(before + 4) }
  const head = checksum(bytes.subarray(at, at + 8), seed, magic)
  return isSum(bytes, at + 16, checksum(bytes.subarray(at + frameHeaderBytes, at + frameBytes), head, magic))
}

function isSum(bytes: Buffer, at: number, { first, second }: Checksum): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second
}

function checksum(bytes: Buffer, seed: Checksum, magic: number): Checksum {
  const littleEndian = magic === littleEndianMagic
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let first = seed.first | 0
  let second = seed.second | 0
  for (let at = 0; at + 8 <= bytes.byteLength; at += 8) {
    first = (first + view.getInt32(at, littleEndian) + second) | 0
    second = (second + view.getInt32(at + 4, littleEndian) + first) | 0
  }
  return { first: first >>> 0, second: second >>> 0 }
}
