/**
 * Damaged frames through everything that reads what a server says. Whatever the bytes: nothing throws, nothing is
 * changed for anybody else, what is said is valid, and the next good frame is read.
 */
import fc from 'fast-check'
import * as v from 'valibot'
import { afterEach, expect, it } from 'vitest'
import { contentSchema } from '#common/domain/content/content.ts'
import { FrameReader, type ServerFrame } from '#electron/adapters/stomp/frameReader.ts'
import { type WireKind, readContent, writeContent } from '#electron/dialect/contentDocument.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { im2 } from '#proto/gen/im2.js'
import { anyContent } from '#test/dialect/contents.ts'
import { context, fixture, frameOf } from '#test/dialect/frames.ts'
import { assertCleanPrototypes, holds } from '#test/dialect/holds.ts'
import { mutated } from '#test/dialect/mutation.ts'
import { vectorNames } from '#test/dialect/servers/im2.ts'
import { serverWords } from '#test/dialect/servers/serverWords.ts'
import { encodeStompFrame } from '#test/server/stompCodec.ts'
import { framesPerTarget, fuzzTimeoutMs } from './amount.ts'

const vectors = vectorNames.map((name) => fixture(`im2/${name}.bin`))
const jsonVectors = vectors.map((bytes) => Buffer.from(JSON.stringify(im2.WebSocketMessage.decode(bytes).toJSON())))

afterEach(assertCleanPrototypes)

it(
  'protobuf bodies: valid facts or undecoded, never an exception',
  () => {
    let understood = 0
    const body = mutated(vectors)
    fc.assert(
      fc.property(body, (bytes) => {
        if (holds(dialects.im2, frameOf(bytes, { contentType: 'application/octet-stream' }), context)) understood++
        assertCleanPrototypes()
      }),
      { numRuns: framesPerTarget },
    )
    // A fuzzer that only makes what is refused at the door tests the door.
    expect(understood).toBeGreaterThan(framesPerTarget / 20)
  },
  fuzzTimeoutMs,
)

it(
  'JSON bodies, of both dialects: valid facts or undecoded, never an exception',
  () => {
    let understood = 0
    const xuqmBodies = serverWords.xuqm.frames.map(({ body }) => body)
    const body = fc.oneof(
      mutated(jsonVectors).map((bytes) => ({ dialect: dialects.im2, bytes })),
      mutated(xuqmBodies).map((bytes) => ({ dialect: dialects.xuqm, bytes })),
    )
    fc.assert(
      fc.property(body, fc.constantFrom('application/json', null), ({ dialect, bytes }, contentType) => {
        if (holds(dialect, frameOf(bytes, { contentType }), context)) understood++
        assertCleanPrototypes()
      }),
      { numRuns: framesPerTarget },
    )
    expect(understood).toBeGreaterThan(framesPerTarget / 20)
  },
  fuzzTimeoutMs,
)

it(
  'content documents of every kind: a valid content, which can be written and read again',
  () => {
    const documents = fc.sample(anyContent, { numRuns: 300, seed: 1 }).flatMap((content) => {
      const written = writeContent(content)
      return written.ok ? [{ kind: written.value.kind, bytes: Buffer.from(written.value.document) }] : []
    })
    const kinds = [...new Set(documents.map(({ kind }) => kind))]
    const bytes = mutated(documents.map((document) => document.bytes))
    fc.assert(
      fc.property(bytes, fc.constantFrom<WireKind>(...kinds), (carried, kind) => {
        const content = readContent(kind, carried.toString(), 'LABEL')
        v.parse(contentSchema, content)
        const written = writeContent(content)
        if (!written.ok && content.kind !== 'unsupported') throw new Error(`${content.kind} cannot be written`)
        if (written.ok) expect(readContent(written.value.kind, written.value.document, 'LABEL')).toEqual(content)
        assertCleanPrototypes()
      }),
      { numRuns: framesPerTarget },
    )
  },
  fuzzTimeoutMs,
)

const stompFrames = [
  ...vectors.slice(0, 8).map((body, index) =>
    encodeStompFrame({
      command: 'MESSAGE',
      headers: [
        ['destination', '/user/queue/private-messages'],
        ['content-type', 'application/octet-stream'],
        ['subscription', 'private'],
        ['message-id', `s-${index}`],
      ],
      body,
    }),
  ),
  ...jsonVectors.slice(0, 8).map((body) =>
    encodeStompFrame({
      command: 'MESSAGE',
      headers: [
        ['destination', '/topic/a\\b:c\nd'],
        ['content-type', 'application/json'],
      ],
      body,
    }),
  ),
  encodeStompFrame({ command: 'CONNECTED', headers: [['heart-beat', '10000,10000']] }),
  encodeStompFrame({ command: 'RECEIPT', headers: [['receipt-id', 'r1']] }),
  encodeStompFrame({ command: 'ERROR', headers: [['message', 'Unauthorized']], body: 'Unauthorized' }),
]
const good = encodeStompFrame({
  command: 'MESSAGE',
  headers: [
    ['content-type', 'application/json'],
    ['message-id', 'the good one'],
  ],
  body: '{"good":1}',
})

it(
  'STOMP frames: read or skipped, and no damage silences the link for longer than one frame',
  () => {
    fc.assert(
      fc.property(fc.array(mutated(stompFrames), { minLength: 1, maxLength: 3 }), (messages) => {
        const frames: ServerFrame[] = []
        const reader = new FrameReader({ onFrame: (frame) => frames.push(frame), onSkipped: () => undefined })
        let state = 'idle'
        for (const message of messages) state = reader.read(message)
        // What waits for bytes that do not come is closed after a while, or else the link is.
        if (state === 'pending' && !reader.giveUp()) return
        // A truncated frame may take the next one for its rest, but never two.
        for (let repeat = 0; repeat < 2; repeat++) state = reader.read(good)
        for (const { command, headers } of frames) {
          expect(['MESSAGE', 'RECEIPT', 'CONNECTED', 'ERROR']).toContain(command)
          if (Object.getPrototypeOf(headers) !== Object.prototype) throw new Error('headers with another prototype')
        }
        const arrived = frames.at(-1)?.headers['message-id'] === 'the good one'
        if (!arrived && state === 'idle') throw new Error('good frames are lost without a word')
        assertCleanPrototypes()
      }),
      { numRuns: framesPerTarget },
    )
  },
  fuzzTimeoutMs,
)
