import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { projectDir, runNode } from '../../../build/scripts/run.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'godwit-proto-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

it('the committed protobuf code is what its schema generates', async () => {
  expect(await runNode(join(projectDir, 'build/scripts/proto.ts'), [dir], { silent: true })).toBe(0)
  const generated = contents(dir)
  expect(Object.keys(generated)).toEqual(['im2.d.ts', 'im2.js'])
  const committed = contents(join(projectDir, 'proto/gen'))
  // Names only: a difference of 100 kB tells nobody more.
  expect(Object.keys(committed)).toEqual(Object.keys(generated))
  expect(
    Object.entries(generated)
      .filter(([name, text]) => committed[name] !== text)
      .map(([name]) => name),
  ).toEqual([])
})
