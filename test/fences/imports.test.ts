import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHouse, lawfulFiles, type House } from './house.ts'

/** A file that breaks one rule, and the rule it breaks. */
interface Offence {
  rule: string
  path: string
  text: string
}

const ts = (rule: string, path: string, ...specifiers: string[]): Offence => ({
  rule,
  path,
  text: specifiers
    .map((specifier, index) => `import * as p${index} from '${specifier}'\nexport { p${index} }\n`)
    .join(''),
})
const typeImport = (rule: string, path: string, specifier: string): Offence => ({
  rule,
  path,
  text: `import type * as p from '${specifier}'\nexport type P = typeof p\n`,
})
const lazyImport = (rule: string, path: string, specifier: string): Offence => ({
  rule,
  path,
  text: `export const p = () => import('${specifier}')\n`,
})
const vue = (rule: string, path: string, specifier: string, keyword = 'import'): Offence => ({
  rule,
  path,
  text: `<script setup lang="ts">\n${keyword} * as p from '${specifier}'\n</script>\n\n<template>\n  <p>{{ p }}</p>\n</template>\n`,
})

const session = '#electron/core/session.ts'
const offences: readonly Offence[] = [
  ts('common-alone', 'common/planted/core.ts', session),
  ts('common-alone', 'common/planted/renderer.ts', '../../renderer/src/bridge/bridge.ts'),
  typeImport('common-alone', 'common/planted/type.ts', session),
  ts('core-pure', 'electron/core/planted/adapter.ts', '#electron/adapters/sqlite/store.ts'),
  ts('core-pure', 'electron/core/planted/dialect.ts', '../../dialect/dialect.ts'),
  ts('core-pure', 'electron/core/planted/main.ts', '../../main/container.ts'),
  typeImport('core-pure', 'electron/core/planted/type.ts', '#electron/adapters/sqlite/store.ts'),
  lazyImport('core-pure', 'electron/core/planted/lazy.ts', '#electron/adapters/sqlite/store.ts'),
  ts('dialect-behind-boundary', 'electron/dialect/planted.ts', '#electron/adapters/stomp/transport.ts'),
  ts('dialect-behind-boundary', 'electron/dialect/im2/planted.ts', session),
  ts('adapters-behind-ports', 'electron/adapters/http/planted.ts', '#electron/dialect/dialect.ts'),
  ts('adapters-behind-ports', 'electron/adapters/http/plantedMain.ts', '#electron/main/container.ts'),
  ts('main-no-renderer', 'electron/main/planted/page.ts', '../../../renderer/src/bridge/bridge.ts'),
  ts('preload-small', 'electron/preload/planted.ts', session),
  ts('renderer-page-only', 'renderer/src/planted/alias.ts', session),
  ts('renderer-page-only', 'renderer/src/planted/relative.ts', '../../../electron/core/session.ts'),
  typeImport('renderer-page-only', 'renderer/src/planted/type.ts', session),
  lazyImport('renderer-page-only', 'renderer/src/planted/lazy.ts', session),
  vue('renderer-page-only', 'renderer/src/planted/Alias.vue', session),
  vue('renderer-page-only', 'renderer/src/planted/Relative.vue', '../../../electron/core/session.ts'),
  vue('renderer-page-only', 'renderer/src/planted/Type.vue', session, 'import type'),
  vue('renderer-page-only', 'renderer/src/planted/Proto.vue', '#proto/gen/im2.js'),
  ts('proto-alone', 'proto/planted.ts', '#common/base/result.ts'),
  ts('production-no-test', 'electron/core/planted/test.ts', '#test/helper.ts'),
  ts('production-no-test', 'common/planted/build.ts', '../../build/scripts/run.ts'),
  vue('production-no-test', 'renderer/src/planted/Test.vue', '#test/helper.ts'),
  ts('build-no-product', 'build/scripts/planted.ts', session),

  ts('dialect-one-registry', 'electron/main/planted/dialect.ts', '#electron/dialect/im2/im2.ts'),
  ts('dialect-one-registry', 'electron/dialect/plantedShared.ts', './xuqm/xuqm.ts'),
  vue('dialect-one-registry', 'renderer/src/planted/Dialect.vue', '#electron/dialect/xuqm/xuqm.ts'),
  ts('dialects-apart', 'electron/dialect/xuqm/planted.ts', '../im2/im2.ts'),
  ts('dialect-registry-in-container', 'electron/main/planted/registry.ts', '#electron/dialect/registry.ts'),
  ts('dialect-registry-in-container', 'electron/adapters/http/registry.ts', '#electron/dialect/registry.ts'),
  ts('proto-in-im2', 'electron/dialect/xuqm/plantedProto.ts', '#proto/gen/im2.js'),
  ts('proto-in-im2', 'electron/core/planted/proto.ts', '#proto/gen/im2.js'),

  ts('stompjs-in-stomp', 'electron/core/planted/stomp.ts', '@stomp/stompjs'),
  vue('stompjs-in-stomp', 'renderer/src/planted/Stomp.vue', '@stomp/stompjs'),
  ts('ws-in-stomp', 'electron/adapters/http/ws.ts', 'ws'),
  ts('sqlite-in-adapter', 'electron/main/planted/sqlite.ts', 'better-sqlite3'),
  typeImport('sqlite-in-adapter', 'electron/core/planted/sqliteType.ts', 'better-sqlite3'),
  ts('protobuf-in-proto', 'electron/dialect/xuqm/protobuf.ts', 'protobufjs/minimal.js'),
  ts('electron-log-in-adapter', 'electron/main/planted/log.ts', 'electron-log'),
  ts('electron-in-few-places', 'electron/adapters/sqlite/electron.ts', 'electron'),
  ts('electron-in-few-places', 'electron/core/planted/electron.ts', 'electron'),
  ts('electron-in-few-places', 'common/planted/electron.ts', 'electron'),
  vue('electron-in-few-places', 'renderer/src/planted/Electron.vue', 'electron'),
  ts('preload-only-electron', 'electron/preload/plantedNode.ts', 'node:fs'),
  ts('preload-only-electron', 'electron/preload/plantedLibrary.ts', 'valibot'),
  ts('no-node', 'renderer/src/planted/node.ts', 'node:fs'),
  vue('no-node', 'renderer/src/planted/Node.vue', 'fs'),
  ts('no-node', 'common/planted/node.ts', 'node:path'),
  ts('no-node', 'electron/core/planted/node.ts', 'node:timers'),
  ts('pure-code-few-libraries', 'electron/core/planted/library.ts', 'protobufjs'),

  ts('no-cycles', 'common/planted/one.ts', './other.ts'),
  { rule: 'no-orphans', path: 'electron/main/planted/orphan.ts', text: 'export const alone = 1\n' },
  ts('no-dev-dependency-at-run-time', 'electron/main/planted/dev.ts', 'fast-check'),
  ts('no-undeclared-package', 'electron/main/planted/transitive.ts', 'debug'),
  ts('no-unresolvable', 'electron/main/planted/missing.ts', './absent.ts'),
]

/** A cycle takes two, and is reported at one of them. */
const accomplices = { 'common/planted/other.ts': `import * as p from './one.ts'\nexport { p }\n` }

interface Violation {
  rule: { name: string }
  from: string
}

async function cruise(house: House): Promise<Violation[]> {
  const { output } = await house.run('dependency-cruiser', 'depcruise', [
    ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
    ...['common', 'electron', 'renderer', 'proto', 'test', 'build'],
  ])
  return (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations
}

describe('the import rules', () => {
  it('let the lawful house pass', async () => {
    const house = createHouse({})
    try {
      expect(await cruise(house)).toEqual([])
    } finally {
      house.dispose()
    }
  })

  describe('with offences planted', () => {
    let house: House
    let violations: Violation[]
    beforeAll(async () => {
      house = createHouse({ ...accomplices, ...Object.fromEntries(offences.map(({ path, text }) => [path, text])) })
      violations = await cruise(house)
    })
    afterAll(() => house.dispose())

    it.each(offences.map(({ rule, path }) => ({ rule, path })))('refuse $path as $rule', ({ rule, path }) => {
      const rulesBroken = violations.filter(({ from }) => from === path).map(({ rule: { name } }) => name)
      expect(rulesBroken).toContain(rule)
    })

    it('refuse nothing that is lawful', () => {
      expect(violations.filter(({ from }) => from in lawfulFiles)).toEqual([])
    })
  })

  it('refuse a second file that imports the STOMP library', async () => {
    const house = createHouse({
      'electron/adapters/stomp/second.ts': lawfulFiles['electron/adapters/stomp/transport.ts'] ?? '',
    })
    try {
      expect((await cruise(house)).map(({ rule: { name } }) => name)).toContain('stompjs-one-file')
    } finally {
      house.dispose()
    }
  })

  it('each have an offence here', () => {
    const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] }
    const tested = new Set([...offences.map(({ rule }) => rule), 'stompjs-one-file'])
    expect(config.forbidden.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([])
  })
})
