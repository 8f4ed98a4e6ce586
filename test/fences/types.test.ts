import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHouse, type House } from './house.ts'

/** A file that uses what its room has no types for. */
const offences: Readonly<Record<string, string>> = {
  'common/planted/node.ts': 'export const p = process.pid\n',
  'common/planted/dom.ts': 'export const p = document.title\n',
  'electron/core/planted/node.ts': `export const p = Buffer.from('p')\n`,
  'electron/core/planted/dom.ts': 'export const p = window.name\n',
  'electron/core/planted/timer.ts': 'export const p = setTimeout(() => 1, 1)\n',
  'electron/main/planted/dom.ts': 'export const p = document.title\n',
  'renderer/src/planted/node.ts': 'export const p = process.pid\n',
  'renderer/src/planted/Node.vue': `<script setup lang="ts">\nconst p = process.pid\n</script>\n\n<template>\n  <p>{{ p }}</p>\n</template>\n`,
  'renderer/src/planted/Template.vue': `<script setup lang="ts">\nconst p: { name?: string } = {}\n</script>\n\n<template>\n  <p>{{ p.name.length }}</p>\n</template>\n`,
  'common/planted/index.ts': 'export const p = (list: number[]): number => list[0]\n',
  'common/planted/optional.ts': 'export const p: { name?: string } = { name: undefined }\n',
  'common/planted/enum.ts': 'export enum P {\n  a,\n}\n',
}

describe('the type checker', () => {
  let house: House
  let errors: string[]
  beforeAll(async () => {
    house = createHouse(offences)
    const { output } = await house.run('vue-tsc', 'vue-tsc', ['-b'])
    errors = output.split('\n').flatMap((line) => /^(\S+)\(\d+,\d+\): error/.exec(line)?.[1] ?? [])
  })
  afterAll(() => house.dispose())

  it.each(Object.keys(offences))('refuses %s', (path) => {
    expect(errors).toContain(path)
  })

  it('refuses nothing else', () => {
    expect(errors.filter((path) => !(path in offences))).toEqual([])
  })
})
