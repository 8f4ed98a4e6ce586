import { expect, it } from 'vitest'
import { isBounded } from '#electron/main/ipc/bounds.ts'

it.each([
  ['plain data', { a: 1, b: 'text' }, 0, true],
  ['nothing', undefined, 0, true],
  ['a text of a million', 'x'.repeat(999_998), 0, true],
  ['a longer one', 'x'.repeat(1_000_001), 0, false],
  ['bytes where none may be', { bytes: new Uint8Array(1) }, 0, false],
  ['bytes up to the limit', { bytes: new Uint8Array(10) }, 10, true],
  ['one byte more', { bytes: new Uint8Array(11) }, 10, false],
  ['bytes in parts', [new Uint8Array(6), { deep: new DataView(new ArrayBuffer(6)) }], 10, false],
  ['numbers that would be as many letters', Array.from({ length: 400_000 }, () => 255), 10, false],
  ['something without a JSON form', { n: 1n }, 10, false],
])('%s', (_what, input, maxBytes, bounded) => {
  expect(isBounded(input, maxBytes)).toBe(bounded)
})

it('a circle is no plain data', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  expect(isBounded(circle, 0)).toBe(false)
})
