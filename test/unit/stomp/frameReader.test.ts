import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { FrameReader, type ServerFrame, maxFrameBytes, maxHeaderBytes } from '#electron/adapters/stomp/frameReader.ts'
import { escapeHeader } from '#electron/adapters/stomp/headers.ts'
import { messageFrame } from './rawServer.ts'

function reading(): { reader: FrameReader; frames: ServerFrame[]; skipped: number[] } {
  const frames: ServerFrame[] = []
  const skipped: number[] = []
  const reader = new FrameReader({
    onFrame: (frame) => frames.push(frame),
    onSkipped: (bytes) => skipped.push(bytes),
  })
  return { reader, frames, skipped }
}

/** The same bytes in pieces of the given sizes, over and over. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cutUp: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + (sizes[turn % sizes.length] ?? 1)
    cutUp.push(bytes.subarray(at, end))
    at = end
  }
  return cutUp
}

const anyFrame = fc.record({
  body: fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string().map((text) => new TextEncoder().encode(text)),
  ),
  destination: fc.string({ minLength: 1, maxLength: 30 }).filter((text) => text.trim() === text),
  eols: fc.nat(3),
})

describe('reading frames', () => {
  it('any frames, cut into WebSocket messages anywhere, are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
        (written, sizes) => {
          const { reader, frames, skipped } = reading()
          const bytes = Buffer.concat(
            written.flatMap(({ body, destination, eols }) => [
              Buffer.from(`MESSAGE\ndestination:${escapeHeader(destination)}\n`),
              Buffer.from(`content-type:application/octet-stream\ncontent-length:${body.length}\n\n`),
              body,
              Buffer.from(`\0${'\n'.repeat(eols)}`),
            ]),
          )
          for (const message of pieces(bytes, sizes)) expect(reader.read(message)).not.toBe('tooBig')
          expect(skipped).toEqual([])
          expect(frames.map(({ body, headers }) => [Buffer.from(body), headers['destination']])).toEqual(
            written.map(({ body, destination }) => [Buffer.from(body), destination]),
          )
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('no bytes make it throw, and a good frame in a message of its own is read after any of them', () => {
    const good = messageFrame('{"good":true}')
    const frame = messageFrame('{"some":"frame"}', { type: 'application/octet-stream' })
    const mutated = fc
      .array(fc.tuple(fc.nat(frame.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const copy = Buffer.from(frame)
        for (const [at, byte] of changes) copy[at] = byte
        return copy
      })
    const random = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.oneof(mutated, random), (bad) => {
        const { reader, frames } = reading()
        const state = reader.read(bad)
        // What is left open is closed by time, or the link is ended by it and a new reader begins.
        const readerOfGood = state === 'pending' && !reader.giveUp() ? reading() : { reader, frames }
        readerOfGood.reader.read(good)
        const last = readerOfGood.frames.at(-1)
        expect(Buffer.from(last?.body ?? []).toString()).toBe('{"good":true}')
      }),
      { numRuns: 10_000 },
    )
  })

  it('a damaged protobuf, sent as text with a length of its own, is one frame with the header as it came', () => {
    const original = Buffer.from([0x0a, 0x02, 0xff, 0xfe, 0x10, 0x00, 0x4d])
    const asText = Buffer.from(original.toString('utf8'))
    const { reader, frames } = reading()
    reader.read(messageFrame(asText, { type: 'application/x-protobuf', length: original.length }))
    expect(frames).toHaveLength(1)
    expect(Buffer.from(frames[0]?.body ?? [])).toEqual(asText)
    expect(frames[0]?.headers['content-length']).toBe('7')
  })

  it('a binary body with a wrong length never yields a frame out of its own bytes', () => {
    const forged = Buffer.concat([Buffer.from('words\0'), messageFrame('{"forged":true}')])
    const { reader, frames } = reading()
    reader.read(messageFrame(forged, { type: 'application/x-protobuf', length: forged.length - 4 }))
    expect(frames).toHaveLength(1)
    expect(Buffer.from(frames[0]?.body ?? [])).toEqual(forged)
  })

  it('lines may end in CR LF, and NULs and EOLs between frames mean nothing', () => {
    const { reader, frames, skipped } = reading()
    reader.read(Buffer.from('\r\n\n\0MESSAGE\r\ndestination:/a\r\n\r\nbody\0\0\r\nRECEIPT\nreceipt-id:1\n\n\0'))
    expect(frames.map(({ command, headers }) => [command, headers])).toEqual([
      ['MESSAGE', { destination: '/a' }],
      ['RECEIPT', { 'receipt-id': '1' }],
    ])
    expect(skipped).toEqual([])
  })

  it('headers: the first of repeated ones counts, escapes are undone once, prototypes stay out', () => {
    const { reader, frames } = reading()
    reader.read(
      Buffer.from('MESSAGE\na:1\na:2\n__proto__:x\nconstructor:y\nb:\\\\n\\c\\x\\\nno colon\n:empty\nc: spaced \n\n\0'),
    )
    const headers = frames[0]?.headers ?? {}
    expect({ ...headers }).toEqual({ a: '1', constructor: 'y', b: '\\n:\\x\\', c: ' spaced ' })
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
  })

  it('CONNECTED is not unescaped', () => {
    const { reader, frames } = reading()
    reader.read(Buffer.from('CONNECTED\nserver:a\\cb\n\n\0'))
    expect(frames[0]?.headers).toEqual({ server: 'a\\cb' })
  })

  it('refuses headers without end and frames above the cap, however they come, and stays silent then', () => {
    const endless = reading()
    const lines = Buffer.from(`MESSAGE\n${'h:x\n'.repeat(maxHeaderBytes / 4)}`)
    expect(endless.reader.read(lines)).toBe('tooBig')
    expect(endless.reader.read(messageFrame('{}'))).toBe('idle')
    expect(endless.frames).toEqual([])

    const body = reading()
    expect(body.reader.read(Buffer.from('MESSAGE\n\n'))).toBe('pending')
    const half = Buffer.alloc(maxFrameBytes / 2, 'x')
    expect(body.reader.read(half)).toBe('pending')
    expect(body.reader.read(half)).toBe('pending')
    expect(body.reader.read(half)).toBe('tooBig')
  })

  const types = { text: 'text/plain', json: 'application/json', binary: 'application/x-protobuf' }
  it.each(Object.entries(types))('a %s frame whose rest never comes costs no later one', (_, type) => {
    const body = type === types.json ? '{"words":"words that go on and on"}' : 'words that go on and on'
    const whole = messageFrame(body, { type })
    const next = messageFrame('{"next":true}')
    for (let cut = 1; cut < whole.length - 1; cut++) {
      const { reader, frames } = reading()
      reader.read(whole.subarray(0, cut))
      reader.read(next)
      reader.read(next)
      reader.read(next)
      expect([cut, frames.filter((frame) => Buffer.from(frame.body).toString() === '{"next":true}').length]).toEqual([
        cut,
        3,
      ])
    }
  })

  it('a binary frame that says it is much longer costs no later one', () => {
    const { reader, frames } = reading()
    reader.read(messageFrame('short', { type: types.binary, length: 3_000_000 }))
    const next = messageFrame('{"next":true}')
    for (let index = 0; index < 5; index++) reader.read(next)
    expect(frames.map((frame) => Buffer.from(frame.body).toString())).toEqual([
      'short',
      ...Array<string>(5).fill('{"next":true}'),
    ])
  })

  it('a binary body is whole although one piece of it looks like a frame', () => {
    const inner = messageFrame('{"inner":true}')
    const body = Buffer.concat([Buffer.alloc(500, 1), inner, Buffer.alloc(500, 2)])
    const whole = messageFrame(body, { type: types.binary })
    const at = whole.indexOf(inner)
    const { reader, frames } = reading()
    for (const [from, to] of [
      [0, at],
      [at, at + inner.length],
      [at + inner.length, whole.length],
    ])
      reader.read(whole.subarray(from, to))
    expect(frames.map((frame) => Buffer.from(frame.body))).toEqual([body])
  })

  it.each([
    ['of many lines', (bytes: number) => 'h:x\n'.repeat(bytes / 4)],
    ['of one long line', (bytes: number) => `h:${'x'.repeat(bytes)}\n`],
  ])('a header %s in single bytes is looked at once', (_, make) => {
    const header = make(60_000)
    const frame = Buffer.from(`MESSAGE\n${header}\nbody\0`)
    const { reader, frames } = reading()
    let looks = 0
    const indexOf = Buffer.prototype.indexOf
    const seen = vi.spyOn(Buffer.prototype, 'indexOf').mockImplementation(function (
      this: Buffer,
      value,
      from,
      encoding,
    ) {
      const start = typeof from === 'number' ? from : 0
      const at = indexOf.call(this, value, start, encoding)
      looks += (at < 0 ? this.length : at) - start
      return at
    })
    for (let at = 0; at < frame.length; at++) reader.read(frame.subarray(at, at + 1))
    seen.mockRestore()
    expect(frames.map((read) => Buffer.from(read.body).toString())).toEqual(['body'])
    expect(looks).toBeLessThan(40 * frame.length)
  })

  it('a megabyte in single bytes is read without copying it over and over', () => {
    const { reader, frames } = reading()
    const frame = messageFrame('y'.repeat(1_000_000), { type: 'application/octet-stream' })
    for (let at = 0; at < frame.length; at++) reader.read(frame.subarray(at, at + 1))
    expect(frames[0]?.body.length).toBe(1_000_000)
  })
})
