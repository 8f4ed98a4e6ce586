/** Every content that can be sent, for property tests. */
import fc from 'fast-check'
import type { Content } from '#common/domain/content/content.ts'

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('{"content":"x"}', '<b>bold</b>', '12345678901234567890', '\u202egnp.exe', 'null', ' ', '\0'),
)
const name = words.filter((text) => text !== '')
const size = fc.oneof(
  fc.nat(),
  fc.double({ min: 0, max: 1e15, noNaN: true }).map((number) => number + 0),
)
const coordinate = (limit: number): fc.Arbitrary<number> =>
  fc.double({ min: -limit, max: limit, noNaN: true }).map((number) => number + 0)
const some = { requiredKeys: ['kind', 'caption', 'url'] as ['kind', 'caption', 'url'] }
const mentions = fc.array(name, { minLength: 1, maxLength: 5 })

export const anyContent: fc.Arbitrary<Content> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: words, mentions }, { requiredKeys: ['kind', 'text'] }),
  fc.record(
    {
      kind: fc.constant('image' as const),
      caption: words,
      url: words,
      width: size,
      height: size,
      size,
      format: name,
    },
    some,
  ),
  fc.record(
    { kind: fc.constant('file' as const), name: words, url: words, size, mime: name, extension: name },
    { requiredKeys: ['kind', 'name', 'url'] },
  ),
  fc.record(
    { kind: fc.constant('voice' as const), caption: words, url: words, duration: size, size, format: name },
    some,
  ),
  fc.record(
    {
      kind: fc.constant('video' as const),
      caption: words,
      url: words,
      duration: size,
      size,
      format: name,
      width: size,
      height: size,
      thumbnailUrl: name,
    },
    some,
  ),
  fc.record({
    kind: fc.constant('location' as const),
    latitude: coordinate(90),
    longitude: coordinate(180),
    address: words,
    title: words,
  }),
  fc.record(
    { kind: fc.constant('card' as const), userId: name, nickname: words, avatar: name },
    { requiredKeys: ['kind', 'userId', 'nickname'] },
  ),
  fc.record(
    {
      kind: fc.constant('quote' as const),
      text: words,
      mentions,
      quotedId: words,
      quotedText: words,
      quotedSenderId: words,
    },
    { requiredKeys: ['kind', 'text', 'quotedId', 'quotedText', 'quotedSenderId'] },
  ),
  fc.record({ kind: fc.constant('forward' as const), text: words, originalId: words, reason: words }),
)
