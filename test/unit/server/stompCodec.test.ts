import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createStompParser,
  encodeStompFrame,
  headerOf,
  serverCommands,
  StompSyntaxError,
} from '#test/server/stompCodec.ts'
import type { StompFrame } from '#test/server/stompCodec.ts'

function parse(text: string | Buffer, commands?: ReadonlySet<string>): StompFrame[] {
  const parser = createStompParser(commands === undefined ? {} : { commands })
  return parser.push(Buffer.from(text)).flatMap((item) => (item.kind === 'frame' ? [item.frame] : []))
}

describe('STOMP parser', () => {
  it('reads a frame without content-length up to the first null octet', () => {
    const [frame] = parse('SEND\ndestination:/app/chat\n\nhello\0')
    expect(frame?.command).toBe('SEND')
    expect(frame && headerOf(frame, 'destination')).toBe('/app/chat')
    expect(frame?.body.toString()).toBe('hello')
  })

  it('counts content-length in octets, so a body may hold null octets and multi-byte characters', () => {
    const body = Buffer.from('早\0晚')
    const [frame] = parse(
      Buffer.concat([Buffer.from('SEND\ndestination:/app/x\ncontent-length:7\n\n'), body, Buffer.of(0)]),
    )
    expect(frame?.body).toEqual(body)
  })

  it('accepts CR LF line ends and any number of line ends between frames', () => {
    const parser = createStompParser()
    const items = parser.push(Buffer.from('\n\r\nDISCONNECT\r\nreceipt:1\r\n\r\n\0\n\r\n'))
    expect(items.map(({ kind }) => kind)).toEqual(['heartbeat', 'heartbeat', 'frame', 'heartbeat', 'heartbeat'])
  })

  it('undoes the four escapes, and takes the first of repeated headers', () => {
    const [frame] = parse('SEND\ndestination:/app/x\na:\\c\\n\\r\\\\\na:second\n\n\0')
    expect(frame && headerOf(frame, 'a')).toBe(':\n\r\\')
  })

  it('leaves the headers of CONNECT as they are', () => {
    const [frame] = parse('CONNECT\naccept-version:1.2\nAuthorization:Bearer a:b\\n\n\n\0')
    expect(frame && headerOf(frame, 'Authorization')).toBe('Bearer a:b\\n')
  })

  it.each([
    ['an unknown command', 'PUSH\n\n\0'],
    ['a server command from a client', 'MESSAGE\n\n\0'],
    ['an undefined escape', 'SEND\ndestination:/app/x\na:\\t\n\n\0'],
    ['a lone backslash at the end of a header', 'SEND\ndestination:/app/x\na:\\\n\n\0'],
    ['a header without a colon', 'SEND\ndestination\n\n\0'],
    ['a header without a name', 'SEND\n:x\n\n\0'],
    ['an unescaped colon in a value', 'SEND\ndestination:/app:x\n\n\0'],
    ['a body on a frame that has none', 'SUBSCRIBE\nid:1\n\nbody\0'],
    ['a content-length that is too short', 'SEND\ndestination:/app/x\ncontent-length:2\n\nhello\0'],
    ['a content-length that is no number', 'SEND\ndestination:/app/x\ncontent-length:-1\n\n\0'],
    ['a null octet inside the headers', 'SEND\ndestination:/app/x\0\n\n\0'],
    ['a carriage return inside a header', 'SEND\ndestination:/a\rpp\n\n\0'],
    ['a carriage return alone between frames', '\rSEND\n\n\0'],
    ['bytes that never become a command', 'x'.repeat(100)],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(StompSyntaxError)
  })

  it('refuses header bytes that are not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('SEND\ndestination:'), Buffer.of(0xff), Buffer.from('\n\n\0')])
    expect(() => parse(bytes)).toThrow(StompSyntaxError)
  })

  it('refuses a frame over the limit, complete or not, and takes one exactly at it', () => {
    const frame = encodeStompFrame({ command: 'SEND', headers: [['destination', '/app/x']], body: 'x'.repeat(100) })
    expect(createStompParser({ maxFrameBytes: frame.length }).push(frame)).toHaveLength(1)
    expect(() => createStompParser({ maxFrameBytes: frame.length - 1 }).push(frame)).toThrow(StompSyntaxError)
    const beginning = createStompParser({ maxFrameBytes: 64 })
    expect(() => beginning.push(frame.subarray(0, 80))).toThrow(StompSyntaxError)
  })

  it('waits for ever for a frame without its null octet', () => {
    const parser = createStompParser()
    expect(parser.push(Buffer.from('SEND\ndestination:/app/x\n\nhello'))).toEqual([])
    expect(parser.pendingBytes).toBeGreaterThan(0)
  })

  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  const frames = fc.array(
    fc.record({
      command: fc.constantFrom('MESSAGE', 'ERROR'),
      headers: fc.array(
        fc.tuple(
          name.filter((text) => text !== 'content-length'),
          fc.string({ unit: 'grapheme', maxLength: 20 }),
        ),
        { maxLength: 5 },
      ),
      body: fc.uint8Array({ maxLength: 60 }),
    }),
    { maxLength: 5 },
  )

  it('reads back what was encoded, however the bytes are cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1 }), (inputs, cuts) => {
        const bytes = Buffer.concat(inputs.map(encodeStompFrame))
        const parser = createStompParser({ commands: serverCommands })
        const read: StompFrame[] = []
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const size = cuts[n % cuts.length] ?? 1
          for (const item of parser.push(bytes.subarray(at, at + size))) {
            if (item.kind === 'frame') read.push(item.frame)
          }
          at += size
        }
        expect(read.map(({ command }) => command)).toEqual(inputs.map(({ command }) => command))
        expect(read.map(({ body }) => [...body])).toEqual(inputs.map(({ body }) => [...body]))
        expect(read.map(({ headers }) => headers.filter(([key]) => key !== 'content-length'))).toEqual(
          inputs.map(({ headers }) => headers),
        )
        expect(parser.pendingBytes).toBe(0)
      }),
    )
  })

  it('throws nothing but StompSyntaxError, whatever the bytes', () => {
    const noise = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc
          .constantFrom('SEND\n', 'destination:/app/x\n', 'content-length:3\n', '\n', '\0', '\r\n', ':', '\\')
          .map((text) => Buffer.from(text)),
      ),
    )
    fc.assert(
      fc.property(noise, (chunks) => {
        const parser = createStompParser()
        try {
          for (const chunk of chunks) parser.push(chunk)
        } catch (error) {
          expect(error).toBeInstanceOf(StompSyntaxError)
        }
      }),
    )
  })
})
