// @vitest-environment node
/** The palette, measured by the rule of WCAG 2.2 (1.4.3 and 1.4.11). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../../renderer/src/styles/tokens.css', import.meta.url), 'utf8')
const avatars = readFileSync(new URL('../../renderer/src/ui/Avatar.vue', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map((match) => [
    match[1] ?? '',
    { light: match[2] ?? '', dark: match[3] ?? '' },
  ]),
)

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const surfaces = ['rail', 'panel', 'canvas', 'raised', 'sunken', 'hover', 'selected']
const textPairs = [
  ...surfaces.flatMap((surface) => [
    ['text', surface],
    ['text-soft', surface],
  ]),
  ...['canvas', 'raised', 'panel', 'own', 'sea-wash', 'selected'].map((surface) => ['sea', surface]),
  ...['canvas', 'panel', 'rust-wash', 'selected'].map((surface) => ['rust', surface]),
  ...['canvas', 'raised', 'own', 'danger-wash'].map((surface) => ['danger', surface]),
  ...['canvas', 'panel'].map((surface) => ['good', surface]),
  ['text', 'own'],
  ['own-soft', 'own'],
  ['text', 'rust-wash'],
  ['text-soft', 'rust-wash'],
  ['text', 'sea-wash'],
  ['sea-strong', 'sea-wash'],
  ['on-sea', 'sea'],
  ['on-sea', 'sea-strong'],
  ['on-rust', 'rust'],
]

describe.each(['light', 'dark'] as const)('the %s palette', (theme) => {
  const colour = (name: string): string => {
    const pair = tokens.get(name)
    if (pair === undefined) throw new Error(`No colour is called ${name}`)
    return pair[theme]
  }

  it.each(textPairs)('shows %s on %s with at least 4.5:1', (front = '', back = '') => {
    expect(contrast(colour(front), colour(back))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(surfaces.filter((name) => name !== 'rail'))('draws the edge of a control on %s with at least 3:1', (back) => {
    expect(contrast(colour('line-strong'), colour(back))).toBeGreaterThanOrEqual(3)
  })
})

describe('the colours of avatars', () => {
  it('carry white letters with at least 4.5:1', () => {
    const colours = [...avatars.matchAll(/\.colour-\d \{\s*background: (#[0-9a-f]{6})/g)].map((match) => match[1] ?? '')
    expect(colours).toHaveLength(8)
    expect(colours.filter((colour) => contrast('#ffffff', colour) < 4.5)).toEqual([])
  })
})
