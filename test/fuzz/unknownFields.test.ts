/** What a later version of a server adds is ignored, and costs nothing of what is known. */
import fc from 'fast-check'
import protobuf from 'protobufjs/minimal.js'
import { describe, expect, it } from 'vitest'
import { dialects } from '#electron/dialect/registry.ts'
import { im2 } from '#proto/gen/im2.js'
import { context, fixture, frameOf } from '#test/dialect/frames.ts'
import { vectorNames } from '#test/dialect/servers/im2.ts'
import { serverWords } from '#test/dialect/servers/serverWords.ts'

const { Reader, Writer } = protobuf
const vectors = vectorNames.map((name) => fixture(`im2/${name}.bin`))
const json = fc.json({ maxDepth: 4 })

/** A field with a number that the schema does not use, of any wire type. */
const unknownField: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.oneof(fc.integer({ min: 13, max: 19 }), fc.integer({ min: 24, max: 536_870_911 })),
    fc.constantFrom(0, 1, 2, 5),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.uint8Array({ maxLength: 40 }),
  )
  .map(([number, wireType, value, bytes]) => {
    const writer = Writer.create().uint32(number * 8 + wireType)
    if (wireType === 0) return Buffer.concat([writer.finish(), varint(value)])
    if (wireType === 1) return Buffer.concat([writer.finish(), Buffer.alloc(8, bytes[0] ?? 7)])
    if (wireType === 5) return Buffer.concat([writer.finish(), Buffer.alloc(4, bytes[0] ?? 7)])
    return writer.bytes(bytes).finish()
  })

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    if (rest <= 0x7fn) return Buffer.from(bytes)
  }
}

/** Where one field ends and the next begins, the two ends included. */
function seams(bytes: Uint8Array): number[] {
  const reader = Reader.create(bytes)
  const places = [0]
  while (reader.pos < reader.len) {
    reader.skipType(reader.uint32() & 7)
    places.push(reader.pos)
  }
  return places
}

describe('fields nobody here knows', () => {
  it('leave a protobuf message as it was, wherever they stand', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...vectors),
        fc.array(fc.tuple(fc.nat(), unknownField), { minLength: 1, maxLength: 5 }),
        (vector, fields) => {
          let bytes: Buffer = vector
          for (const [at, field] of fields) {
            const places = seams(bytes)
            const place = places[at % places.length] ?? 0
            bytes = Buffer.concat([bytes.subarray(0, place), field, bytes.subarray(place)])
          }
          expect(dialects.im2.decode(frameOf(bytes), context)).toEqual(dialects.im2.decode(frameOf(vector), context))
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('leave its payload as it was', () => {
    fc.assert(
      fc.property(fc.constantFrom('{"content":"x"}', 'words', ''), fc.array(unknownField), (content, fields) => {
        const envelope = im2.WebSocketMessage.encode({ messageId: 'm', senderId: 'u2', conversationId: 'g1' }).finish()
        const payload = im2.ChatMessage.encode({ content }).finish()
        const chat = (bytes: Uint8Array): Buffer =>
          Buffer.concat([envelope, Writer.create().uint32(162).bytes(bytes).finish()])
        const decoded = dialects.im2.decode(frameOf(chat(Buffer.concat([...fields, payload]))), context)
        expect(decoded).toMatchObject({ ok: true })
        expect(decoded).toEqual(dialects.im2.decode(frameOf(chat(payload)), context))
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['im2', 'xuqm'] as const)('leave a JSON message of %s as it was', (name) => {
    const known = serverWords[name].frames.filter(({ body }) => body[0] === 0x7b)
    expect(known.length).toBeGreaterThan(10)
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.array(fc.tuple(fc.nat({ max: 1e9 }), json)), (frame, more) => {
        const text = Buffer.from(frame.body).toString()
        const added = more.map(([number, value]) => `"x${number}":${value},`).join('')
        const body = Buffer.from(`{${added}${text.slice(1)}`)
        expect(dialects[name].decode({ ...frame, body }, context)).toEqual(dialects[name].decode(frame, context))
      }),
      { numRuns: 2_000 },
    )
  })
})
