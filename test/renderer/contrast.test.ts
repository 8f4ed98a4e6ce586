// @vitest-environment node
/** The palette, measured by the rule of WCAG 2.2 (1.4.3 and 1.4.11). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../../renderer/src/styles/tokens.css', import.meta.url), 'utf8')
const moreCss = readFileSync(new URL('../../renderer/src/styles/highContrast.css', import.meta.url), 'utf8')

type Palette = ReadonlyMap<string, { readonly light: string; readonly dark: string }>

function paletteOf(sheet: string): Palette {
  const pairs = sheet.matchAll(/--([\w-]+):\s*(?:light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)|(#[0-9a-f]{6}));/g)
  return new Map(
    [...pairs].map(([, name = '', light = '', dark = '', both]) => [
      name,
      { light: both ?? light, dark: both ?? dark },
    ]),
  )
}
const plain = paletteOf(css)
const more: Palette = new Map([...plain, ...paletteOf(moreCss)])

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
const avatarNames = Array.from({ length: 8 }, (_, index) => `avatar-${index}`)
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
  ['on-danger', 'danger'],
  ['on-inverse', 'inverse'],
  ...avatarNames.map((name) => ['on-avatar', name]),
]

describe.each([
  { theme: 'light', tokens: plain, atLeast: 4.5, name: 'light palette' },
  { theme: 'dark', tokens: plain, atLeast: 4.5, name: 'dark palette' },
  { theme: 'light', tokens: more, atLeast: 7, name: 'light palette of high contrast' },
  { theme: 'dark', tokens: more, atLeast: 7, name: 'dark palette of high contrast' },
] as const)('the $name', ({ theme, tokens, atLeast }) => {
  const colour = (name: string): string => {
    const pair = tokens.get(name)
    if (pair === undefined) throw new Error(`No colour is called ${name}`)
    return pair[theme]
  }

  it.each(textPairs)(`shows %s on %s with at least ${atLeast}:1`, (front = '', back = '') => {
    expect(contrast(colour(front), colour(back))).toBeGreaterThanOrEqual(atLeast)
  })

  it.each(surfaces.filter((name) => name !== 'rail'))('draws the edge of a control on %s with at least 3:1', (back) => {
    expect(contrast(colour('line-strong'), colour(back))).toBeGreaterThanOrEqual(3)
  })
})
