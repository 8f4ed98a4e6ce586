import { describe, expect, it } from 'vitest'
import { type WireKind, readContent, writeContent } from '#electron/dialect/contentDocument.ts'
import { sample } from './frames.ts'

const read = (kind: WireKind, carried: string | object): unknown =>
  readContent(kind, typeof carried === 'string' ? carried : JSON.stringify(carried), 'LABEL')

describe('content documents', () => {
  it.each(['text', 'image', 'file', 'quote', 'forward'] as const)(
    'the sample of a %s in section 4.2 survives reading and writing',
    (kind) => {
      const written = writeContent(readContent(kind, sample(`im2-4.2-${kind}`), ''))
      expect(written.ok && JSON.parse(written.value.document)).toEqual(JSON.parse(sample(`im2-4.2-${kind}`)))
    },
  )

  it.each([
    ['plain words'],
    ['{"content":'],
    ['[1]'],
    ['"quoted"'],
    ['123'],
    [''],
    ['{"a":1}'],
    ['{"content":{"nested":true}}'],
    [`{"content":${'['.repeat(50)}${']'.repeat(50)}}`],
  ])('a text that is no document is shown as it is: %s', (carried) => {
    expect(read('text', carried)).toEqual({ kind: 'text', text: carried })
  })

  it('other kinds that are no document are shown as text', () => {
    for (const kind of ['image', 'quote', 'location', 'card'] as const) {
      expect(read(kind, 'plain {words')).toEqual({ kind: 'text', text: 'plain {words' })
    }
  })

  it('a medium that is nothing but its address is that medium', () => {
    expect(read('image', 'https://e/a.png')).toEqual({ kind: 'image', caption: '', url: 'https://e/a.png' })
    expect(read('text', 'https://e/a.png')).toEqual({ kind: 'text', text: 'https://e/a.png' })
    expect(read('image', 'javascript:alert(1)')).toEqual({ kind: 'text', text: 'javascript:alert(1)' })
  })

  it('fields of wrong types are absent, numbers in quotes are numbers', () => {
    expect(
      read('image', {
        content: 5,
        contentExtra: { url: ['x'], width: '800', height: -1, size: 'big', format: { a: 1 } },
      }),
    ).toEqual({ kind: 'image', caption: '5', url: '', width: 800 })
    expect(read('file', { content: null, contentExtra: 7 })).toEqual({ kind: 'file', name: '', url: '' })
  })

  it('contentExtra may be JSON in a string, or laid flat', () => {
    const expected = { kind: 'voice', caption: '', url: 'https://e/v', duration: 3 }
    expect(read('voice', { content: '', contentExtra: '{"url":"https://e/v","duration":3}' })).toEqual(expected)
    expect(read('voice', { url: 'https://e/v', duration: 3 })).toEqual(expected)
  })

  it('a place on the equator is there from either side: -0 is 0', () => {
    const place = '{"content":"here","contentExtra":{"latitude":-0,"longitude":-2.5e-329}}'
    expect(read('location', place)).toMatchObject({ kind: 'location', latitude: 0, longitude: 0 })
  })

  it('what lacks what makes its kind is unsupported, with all it carried', () => {
    const nowhere = { content: 'here', contentExtra: { latitude: 91, longitude: 0 } }
    expect(read('location', nowhere)).toEqual({ kind: 'unsupported', label: 'LABEL', raw: JSON.stringify(nowhere) })
    expect(read('card', { content: 'name' })).toMatchObject({ kind: 'unsupported' })
  })

  it('mentions are ids or everyone, a bounded number of them', () => {
    const mentions = ['u1', 2, '*', '', null, { a: 1 }]
    expect(read('text', { content: 'x', contentExtra: { mentions } })).toEqual({
      kind: 'text',
      text: 'x',
      mentions: ['u1', '2', '*'],
    })
    expect(read('quote', { content: 'x', contentExtra: { mentions: ['u1'] } })).toMatchObject({ mentions: ['u1'] })
    expect(read('text', { content: 'x', contentExtra: { mentions: 'all' } })).toEqual({ kind: 'text', text: 'x' })
    const many = read('text', { content: 'x', contentExtra: { mentions: Array(5000).fill('u') } })
    expect((many as { mentions: string[] }).mentions).toHaveLength(200)
  })

  it('HTML is text like any other', () => {
    expect(read('text', { content: '<img src=x onerror=alert(1)>' })).toEqual({
      kind: 'text',
      text: '<img src=x onerror=alert(1)>',
    })
  })
})
