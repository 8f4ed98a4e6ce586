/**
 * How much work a frame makes, counted in executed blocks of our own code rather than timed: twice the bytes may cost
 * twice the work, never four times, whatever they are and however they are cut. (A megabyte of the costliest pattern
 * here is then a few milliseconds on any machine.)
 */
import { Session } from 'node:inspector'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Frame } from '#electron/core/ports/transport.ts'

type Streams = Readonly<Record<string, (bytes: number) => string>>

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[]
  }[]
}

/** Files whose work is counted. */
const ours = /\/(electron\/dialect|electron\/adapters\/stomp|common\/base|proto\/gen)\//
const unit = 4_096
const wholeStream = 4_096_000

const inspector = new Session()

function ask(method: string, params: object = {}): Coverage {
  let answer: Coverage = { result: [] }
  inspector.post(method, params, (error: Error | null, result?: object) => {
    if (error !== null) throw error
    if (result !== undefined && 'result' in result) answer = result as Coverage
  })
  return answer
}

/** Blocks of our code executed by the call. */
function workOf(call: () => void): number {
  ask('Profiler.takePreciseCoverage')
  call()
  return ask('Profiler.takePreciseCoverage')
    .result.filter(({ url }) => ours.test(url))
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }) => ranges)
    .reduce((sum, { count }) => sum + count, 0)
}

beforeAll(() => {
  inspector.connect()
  ask('Profiler.enable')
  // Before the code under test is loaded: blocks are only counted in what is compiled afterwards.
  ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
})
afterAll(() => inspector.disconnect())

/** Text of about so many bytes that has made parsers slow. */
const texts: Readonly<Record<string, (bytes: number) => string>> = {
  'one long word': (bytes) => 'x'.repeat(bytes),
  'letters of base64': (bytes) => 'QUJD'.repeat(bytes / 4),
  spaces: (bytes) => ' '.repeat(bytes),
  'open brackets': (bytes) => '['.repeat(bytes),
  'open objects': (bytes) => '{"a":'.repeat(bytes / 5),
  quotes: (bytes) => '"'.repeat(bytes),
  backslashes: (bytes) => `{"content":"${'\\'.repeat(bytes)}`,
  'keys of one object': (bytes) => `{${'"a":1,'.repeat(bytes / 6)}"id":"1"}`,
  'line ends': (bytes) => '\n'.repeat(bytes),
  'a number of many digits': (bytes) => `{"id":${'9'.repeat(bytes)}}`,
  'a document in a document': (bytes) =>
    JSON.stringify({
      messageId: 'm',
      senderId: 'u',
      conversationId: 'g1',
      chat: { content: JSON.stringify({ content: 'x'.repeat(bytes) }) },
    }),
  mentions: (bytes) =>
    JSON.stringify({
      messageId: 'm',
      senderId: 'u',
      conversationId: 'g1',
      chat: {
        content: JSON.stringify({ content: 'x', contentExtra: { mentions: Array(Math.floor(bytes / 4)).fill('u') } }),
      },
    }),
}

const binaries: Readonly<Record<string, (bytes: number) => Buffer>> = {
  zeros: (bytes) => Buffer.alloc(bytes),
  'continued varints': (bytes) => Buffer.alloc(bytes, 0xff),
  'empty unknown fields': (bytes) => Buffer.alloc(bytes, Buffer.from([0xc2, 0x01, 0x00])),
  'groups in groups': (bytes) => Buffer.alloc(bytes, 0xc3),
  'the same id again and again': (bytes) => Buffer.alloc(bytes, Buffer.from([0x0a, 0x01, 0x61])),
  'payloads again and again': (bytes) => Buffer.alloc(bytes, Buffer.from([0xa2, 0x01, 0x00])),
}

describe('the work a frame makes grows with its bytes, not faster', () => {
  const linear = (run: (bytes: number) => void): void => {
    run(unit)
    const once = workOf(() => run(unit))
    const fourTimes = workOf(() => run(4 * unit))
    // None counted would be a broken counter.
    expect(once).toBeGreaterThan(1)
    expect(fourTimes).toBeLessThan(4.5 * once + 2_000)
    expect(fourTimes).toBeLessThan(4 * unit * 60)
  }

  const bodies = { ...texts, ...binaries }
  it.each(Object.keys(bodies))('in a body: %s', async (name) => {
    const { dialects } = await import('#electron/dialect/registry.ts')
    const context = { selfId: 'me', isGroup: () => false }
    linear((bytes) => {
      const body = Buffer.from(bodies[name]?.(bytes) ?? '')
      for (const contentType of ['application/json', 'application/octet-stream']) {
        const frame: Frame = { destination: '/topic/conversation/g1', contentType, headers: {}, body }
        for (const dialect of Object.values(dialects)) dialect.decode(frame, context)
      }
    })
  })

  it.each(Object.keys(texts))('in a content document: %s', async (name) => {
    const { readContent } = await import('#electron/dialect/contentDocument.ts')
    linear((bytes) => void readContent('quote', texts[name]?.(bytes) ?? '', 'LABEL'))
  })

  const head = 'MESSAGE\ncontent-type:application/octet-stream\n'
  /** A header block is at most 64 KiB, which bounds what is looked at again for each of its pieces. */
  const headerStreams: Streams = {
    'headers without end': (bytes) => `MESSAGE\n${'a:b\n'.repeat(bytes / 4)}`,
    'one header without end': (bytes) => `MESSAGE\na:${'b'.repeat(bytes)}`,
    escapes: (bytes) => `MESSAGE\na:${'\\c'.repeat(bytes / 2)}\n\n\0`,
    'beginnings of frames': (bytes) => 'MESSAGE\n'.repeat(bytes / 8),
  }
  const streams: Streams = {
    'a body that promises more': (bytes) => `${head}content-length:4000000\n\n${'x'.repeat(bytes)}`,
    'a body with a wrong length, full of NULs': (bytes) => `${head}content-length:3\n\n${'\0x'.repeat(bytes / 2)}`,
    'frames without bodies': (bytes) => 'RECEIPT\n\n\0'.repeat(bytes / 10),
    'heart-beats': (bytes) => '\n'.repeat(bytes),
    rubbish: (bytes) => 'M\0\r'.repeat(bytes / 3),
  }
  it.each([
    ...Object.keys(streams).flatMap((name) => [wholeStream, 61, 1].map((piece) => [name, piece] as const)),
    ...Object.keys(headerStreams).map((name) => [name, wholeStream] as const),
  ])('in a stream: %s, in messages of at most %i bytes', async (name, piece) => {
    const { FrameReader } = await import('#electron/adapters/stomp/frameReader.ts')
    linear((bytes) => {
      const reader = new FrameReader({ onFrame: () => undefined, onSkipped: () => undefined })
      const stream = Buffer.from((streams[name] ?? headerStreams[name])?.(bytes) ?? '')
      for (let at = 0; at < stream.length; at += piece) reader.read(stream.subarray(at, at + piece))
    })
  })
})
