/**
 * Damaged bytes: good ones with some changed, cut out, doubled, cut off, mixed with another good one, or with a word
 * put in that parsers have stumbled over. Often the result still decodes, which is the point.
 */
import fc from 'fast-check'

const nastyWords: readonly Buffer[] = [
  ...['{', '}', '[', ']', '"', ':', ',', '\\', '\\u0000', '\\ud800', 'null', 'true', '-', '1e999', '0.0', '{"'],
  ...['"__proto__":', '"constructor":{"prototype":{"polluted":1}},', '9223372036854775808', '12345678901234567890'],
  ...['\0', '\n', '\r\n', '\n\n', 'MESSAGE\n', 'content-length:', 'content-length:7\n', '\ufeff', '\ufffd', '\u202e'],
  '['.repeat(40),
  '{"a":'.repeat(40),
]
  .map((word) => Buffer.from(word))
  .concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from([0xc0, 0xaf]),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
    Buffer.from([0xa2, 0x01, 0xff, 0xff, 0xff, 0xff, 0x0f]),
  ])

interface Change {
  readonly at: number
  readonly byte: number
  readonly how: number
}

const change: fc.Arbitrary<Change> = fc.record({ at: fc.nat(), byte: fc.nat(255), how: fc.nat(7) })

/** One of the good ones, damaged in one to four places. */
export function mutated(good: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  return fc.tuple(fc.nat(good.length - 1), fc.array(change, { minLength: 1, maxLength: 4 })).map(([index, changes]) => {
    let bytes: Buffer = Buffer.from(good[index] ?? new Uint8Array())
    for (const each of changes) bytes = apply(bytes, each, good)
    return bytes
  })
}

function apply(bytes: Buffer, { at, byte, how }: Change, good: readonly Uint8Array[]): Buffer {
  if (bytes.length === 0) return bytes
  const place = at % bytes.length
  const head = bytes.subarray(0, place)
  switch (how) {
    case 0:
      return head
    case 1:
      return Buffer.concat([head, bytes.subarray(place + 1 + (byte % 8))])
    case 2:
      return Buffer.concat([head, bytes.subarray(Math.max(0, place - byte))])
    case 3:
      return Buffer.concat([head, nastyWords[byte % nastyWords.length] ?? head, bytes.subarray(place)])
    case 4: {
      const other = Buffer.from(good[byte % good.length] ?? [])
      return Buffer.concat([head, other.subarray(at % Math.max(1, other.length))])
    }
    case 5:
      bytes[place] = byte
      return bytes
    default:
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (byte % 8))
      return bytes
  }
}
