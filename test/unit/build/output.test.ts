/** The built app as it ships: what each of its programs may load, and that the page fits its content security policy. */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectDir } from '../../../build/scripts/run.ts'
import { programSizes } from '../../../build/scripts/sizes.ts'
import { loadedBy } from '../../packaging/loadedBy.ts'

const outDir = join(projectDir, 'out')
const filesIn = (folder: string, extension: string): string[] =>
  readdirSync(join(outDir, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(outDir, folder, name))
const read = (path: string): string => readFileSync(path, 'utf8')
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? match[0])

describe('the built preload', () => {
  it('is one CommonJS file', () => {
    expect(readdirSync(join(outDir, 'preload'), { recursive: true })).toEqual(['index.cjs'])
  })

  it('requires nothing but electron', () => {
    const text = read(join(outDir, 'preload/index.cjs'))
    expect(new Set(all(text, /\brequire\(([^)]*)\)/g))).toEqual(new Set(['"electron"']))
    expect(all(text, /\bimport\b\s*[({"'*]/g)).toEqual([])
  })
})

describe('the built main process', () => {
  it('has the app and the store worker side by side', () => {
    expect(readdirSync(join(outDir, 'main'))).toEqual(expect.arrayContaining(['index.js', 'storeWorker.js']))
  })

  it('loads only what ships: Node, Electron and the dependencies of package.json', () => {
    const { dependencies } = JSON.parse(read(join(projectDir, 'package.json'))) as { dependencies: object }
    const shipped = new Set(['electron', ...Object.keys(dependencies)])
    const packageOf = (specifier: string): string =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
    const loaded = filesIn('main', '.js').flatMap((path) => loadedBy(read(path)))
    expect(loaded).toContain('electron')
    expect(loaded.filter((name) => !name.startsWith('.') && !isBuiltin(name) && !shipped.has(packageOf(name)))).toEqual(
      [],
    )
  })
})

describe('the built page', () => {
  const html = read(join(outDir, 'renderer/index.html'))

  it('has no script or style of its own text', () => {
    expect(all(html, /<script\b[^>]*>/g).length).toBeGreaterThan(0)
    expect(all(html, /<script\b(?![^>]*\bsrc=)[^>]*>/g)).toEqual([])
    expect(all(html, /<style\b|\bstyle=|\bon\w+=|javascript:/g)).toEqual([])
  })

  it('takes scripts and styles from its own folder', () => {
    const sources = all(html, /<(?:script|link)\b[^>]*\b(?:src|href)="([^"]*)"/g)
    expect(sources.filter((source) => !source.startsWith('./'))).toEqual([])
  })

  it('holds no data: address, which the policy refuses', () => {
    const styles = filesIn('renderer', '.css').map(read)
    expect(styles.flatMap((text) => all(text, /url\(["']?data:/g))).toEqual([])
  })

  it('makes no code from text', () => {
    const scripts = filesIn('renderer', '.js').map(read)
    expect(scripts.flatMap((text) => all(text, /\bnew Function\b|\beval\(/g))).toEqual([])
  })
})

describe('the scripts that ship', () => {
  it.each(programSizes())('keep $program within $limit bytes', ({ bytes, limit }) => {
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(limit)
  })
})
