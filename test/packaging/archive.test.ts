/**
 * The packed program's own packages: that none of what was left out of them is missed. The archive is unpacked and its
 * packages are loaded from there, where no other folder of packages is near.
 */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { toolPath } from '../../build/scripts/run.ts'
import { loadedBy } from './loadedBy.ts'
import { type Arch, outputOf, packedFeed, unpackedFolder } from './packages.ts'

const arch: Arch = process.arch === 'arm64' ? 'arm64' : 'x64'

describe('the packed program', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'godwit-archive-'))
    const resources = join(unpackedFolder(inject('packagesDir'), arch), 'resources')
    outputOf(process.execPath, [toolPath('@electron/asar', 'asar'), 'extract', join(resources, 'app.asar'), folder])
    cpSync(join(resources, 'app.asar.unpacked'), folder, { recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** What a module in the packed program's folder prints when it is run by Node. */
  const runInside = (source: string): unknown => {
    const file = join(folder, 'out/main/probe.mjs')
    writeFileSync(file, source)
    try {
      return JSON.parse(outputOf(process.execPath, [file])) as unknown
    } finally {
      rmSync(file)
    }
  }

  it('knows the feed it was packed with', () => {
    const { update } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { update: unknown }
    expect(update).toEqual(packedFeed)
  })

  it('finds every package it loads', () => {
    const main = join(folder, 'out/main')
    const sources = readdirSync(main).filter((name) => name.endsWith('.js'))
    const loaded = sources
      .flatMap((name) => loadedBy(readFileSync(join(main, name), 'utf8')))
      .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    const packages = [...new Set(loaded)].filter((specifier) => specifier !== 'electron')
    expect(packages).toContain('better-sqlite3')
    const outcomes = runInside(`
      const outcomes = {}
      for (const name of ${JSON.stringify(packages)}) {
        outcomes[name] = await import(name).then(() => 'loaded', (error) => String(error))
      }
      console.log(JSON.stringify(outcomes))
      process.exit()
    `)
    expect(outcomes).toEqual(Object.fromEntries(packages.map((name) => [name, 'loaded'])))
  })

  it('opens a database with the binding it brings', () => {
    const answer = runInside(`
      import Database from 'better-sqlite3'
      const row = new Database(':memory:').prepare("select sqlite_compileoption_used('ENABLE_FTS5') as search").get()
      console.log(JSON.stringify(row))
    `)
    expect(answer).toEqual({ search: 1 })
  })
})
