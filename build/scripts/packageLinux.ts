#!/usr/bin/env node
/**
 * The packer of deb and rpm: takes the arguments that electron-builder writes for fpm, and packs with the tools of the
 * distributions themselves (dpkg-deb, rpmbuild).
 *
 * Promises: the same files give the same package, byte for byte. Exits with 1 and one line when it cannot pack.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readChangelog } from '../packaging/changelog.ts'
import { packDeb } from '../packaging/deb.ts'
import { layOutTree } from '../packaging/linuxTree.ts'
import { readPackRequest } from '../packaging/packRequest.ts'
import { packRpm } from '../packaging/rpm.ts'
import { commandPath } from '../packaging/tools.ts'

const projectDir = join(import.meta.dirname, '../..')
const packers = { deb: 'dpkg-deb', rpm: 'rpmbuild' } as const

function pack(args: readonly string[]): void {
  const request = readPackRequest(args)
  const packer = packers[request.format]
  if (commandPath(packer) === undefined) throw new Error(`No ${packer} here: ${request.format} packages need it`)
  const read = (name: string): string => readFileSync(join(projectDir, 'build/linux', name), 'utf8')
  const changelog = readChangelog(read('changelog'))
  const date = changelog[0]?.date
  if (date === undefined) throw new Error('The changelog has no entry')

  const work = mkdtempSync(join(tmpdir(), 'godwit-pack-'))
  try {
    const root = join(work, 'root')
    mkdirSync(root, { mode: 0o755 })
    const description = read('description').trimEnd().split('\n')
    const laidOut = { request, root, entries: layOutTree(root, request, date), date, description }
    if (request.format === 'deb') packDeb(laidOut)
    else packRpm(laidOut, { changelog, work })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

try {
  pack(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
