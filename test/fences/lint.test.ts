import { relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHouse, lawfulFiles, type House } from './house.ts'

/** A file that breaks one rule once. */
interface Offence {
  rule: string
  path: string
  text: string
}

let count = 0
const script = (rule: string, folder: string, text: string): Offence => ({
  rule,
  path: `${folder}/planted${++count}.ts`,
  text: `${text}\n`,
})
const component = (rule: string, text: string, template = '<p>{{ p }}</p>'): Offence => ({
  rule,
  path: `renderer/src/planted/Planted${++count}.vue`,
  text: `<script setup lang="ts">\n${text}\n</script>\n\n<template>\n  ${template}\n</template>\n`,
})
const markup = (rule: string, template: string): Offence => component(rule, 'const p = 1', template)

const pureRooms = ['common/base', 'electron/core']
const roomsBlindToDialects = [
  'common/base',
  'electron/core',
  'electron/adapters/sqlite',
  'electron/main',
  'renderer/src',
]
const machineNames = [
  'process',
  'Buffer',
  'window',
  'document',
  'navigator',
  'localStorage',
  'fetch',
  'WebSocket',
  'console',
]
const clockNames = ['setTimeout', 'setInterval', 'performance', 'crypto']

const offences: readonly Offence[] = [
  ...pureRooms.flatMap((room) => [
    ...[...machineNames, ...clockNames].map((name) =>
      script('no-restricted-globals', room, `export const p = ${name}`),
    ),
    script('no-restricted-properties', room, 'export const p = Date.now()'),
    script('no-restricted-properties', room, 'export const p = Math.random()'),
    script('no-restricted-syntax', room, 'export const p = new Date()'),
  ]),
  script('no-restricted-globals', 'electron/dialect/im2', 'export const p = fetch'),
  script('no-restricted-globals', 'electron/main', 'export const p = document'),

  ...['process', 'require', 'Buffer', 'fetch', 'localStorage', 'godwit'].flatMap((name) => [
    script('no-restricted-globals', 'renderer/src', `export const p = ${name}`),
    component('no-restricted-globals', `const p = ${name}`),
  ]),
  ...['window.godwit', "window['godwit']", 'globalThis.godwit'].flatMap((access) => [
    script('no-restricted-properties', 'renderer/src/stores', `export const p = ${access}`),
    component('no-restricted-properties', `const p = ${access}`),
  ]),
  script('no-restricted-properties', 'renderer/src', 'export const { godwit } = window'),

  ...roomsBlindToDialects.flatMap((room) => [
    script('no-restricted-syntax', room, `export const p = (name: string) => name === 'im2'`),
    script('no-restricted-syntax', room, `export const p = { xuqm: 1 }`),
    script('no-restricted-syntax', room, 'export const p = `im2`'),
  ]),
  component('no-restricted-syntax', `const p = 'xuqm'`),
  markup('vue/no-restricted-syntax', `<p v-if="String(p) === 'im2'" />`),
  markup('vue/no-restricted-syntax', '<p class="im2" />'),

  ...['innerHTML', 'outerHTML'].flatMap((sink) => [
    script('no-restricted-properties', 'renderer/src', `export const p = (e: Element) => (e.${sink} = 'x')`),
    script('no-restricted-syntax', 'renderer/src', `export const p = { ${sink}: 'x' }`),
    component('no-restricted-properties', `const p = (e: Element) => (e.${sink} = 'x')`),
    markup('vue/no-restricted-v-bind', `<p :${sink}="p" />`),
  ]),
  script(
    'no-restricted-properties',
    'renderer/src',
    `export const p = (e: Element) => e.insertAdjacentHTML('beforeend', 'x')`,
  ),
  script('no-restricted-properties', 'renderer/src', `export const p = () => document.write('x')`),
  markup('vue/no-v-html', '<p v-html="p" />'),
  markup('vue/no-restricted-static-attribute', '<p style="color: red" />'),
  markup('vue/no-restricted-html-elements', '<iframe />'),

  script('no-eval', 'electron/main', `eval('1')`),
  script('no-new-func', 'electron/main', `export const p = new Function('return 1')`),
  script('@typescript-eslint/no-implied-eval', 'electron/main', `setTimeout('p()', 1)`),
  script('no-empty', 'electron/main', 'try {\n  JSON.parse("")\n} catch {}'),
  script('no-restricted-syntax', 'electron/main', `export const p = Object.assign({}, JSON.parse('{}'))`),
  script('no-restricted-syntax', 'electron/main', 'export default 1'),
  script('no-restricted-syntax', 'electron/main', `export * from './container.ts'`),
  script('no-restricted-syntax', 'electron/main', `export const p = 1 as unknown as string`),
  script('no-restricted-syntax', 'test', `export const p = 1 as unknown as string`),
  script('@typescript-eslint/no-explicit-any', 'electron/main', 'export const p = 1 as any'),
  script('@typescript-eslint/ban-ts-comment', 'electron/main', '// @ts-ignore\nexport const p: string = 1'),
  script(
    '@typescript-eslint/consistent-type-imports',
    'electron/main',
    `import { Dialect } from '#electron/dialect/dialect.ts'\nexport type P = Dialect`,
  ),
  script('@typescript-eslint/no-floating-promises', 'electron/main', 'const p = async () => 1\np()'),
  script(
    '@typescript-eslint/no-misused-promises',
    'electron/main',
    'const p = async () => true\nif (p()) p().then(String, String)',
  ),
  script(
    '@typescript-eslint/switch-exhaustiveness-check',
    'electron/main',
    `export const p = (kind: 'a' | 'b') => {\n  switch (kind) {\n    case 'a':\n      return 1\n  }\n}`,
  ),
  component('@typescript-eslint/no-floating-promises', 'const p = async () => 1\np()'),
]

/** Names that may be written where they belong. */
const lawful: Readonly<Record<string, string>> = {
  'common/domain/account.ts': `export const dialectNames = ['im2', 'xuqm'] as const\n`,
  'electron/dialect/im2/name.ts': `export const p = 'im2'\n`,
  'electron/adapters/http/clock.ts': 'export const p = () => setTimeout(() => Date.now() + Math.random(), 1)\n',
  'renderer/src/timer.ts': 'export const p = () => setTimeout(() => document.title, 1)\n',
  'test/dialects.test.ts': `export const p = 'im2'\n`,
  'vitest.config.ts': 'export default {}\n',
}

interface LintResult {
  filePath: string
  messages: { ruleId: string | null; message: string }[]
}

describe('the lint rules', () => {
  let house: House
  const rulesBroken = new Map<string, (string | null)[]>()

  beforeAll(async () => {
    house = createHouse({ ...lawful, ...Object.fromEntries(offences.map(({ path, text }) => [path, text])) })
    const { output } = await house.run('eslint', 'eslint', ['--format', 'json', '.'])
    for (const { filePath, messages } of JSON.parse(output) as LintResult[]) {
      const path = relative(house.dir, filePath).replaceAll('\\', '/')
      rulesBroken.set(
        path,
        messages.map(({ ruleId, message }) => ruleId ?? message),
      )
    }
  })
  afterAll(() => house.dispose())

  it.each(offences)('refuse $path by $rule', ({ rule, path }) => {
    expect(rulesBroken.get(path)).toContain(rule)
  })

  it.each(
    Object.keys({ ...lawful, ...lawfulFiles }).filter(
      (path) => /[.](ts|vue)$/.test(path) && !path.startsWith('proto/'),
    ),
  )('let %s pass', (path) => {
    expect(rulesBroken.get(path)).toEqual([])
  })
})
