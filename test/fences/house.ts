/**
 * A small copy of the house in a folder of its own: the repository's real configuration, and source files made for the
 * test. Offences are planted there, never in the repository itself.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { projectDir, toolPath } from '../../build/scripts/run.ts'

const configuration = [
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  ...['common', 'electron', 'electron/core', 'electron/dialect', 'renderer', 'test', 'build'].map(
    (room) => `${room}/tsconfig.json`,
  ),
  'eslint.config.js',
  '.dependency-cruiser.cjs',
]

/** Source text by path; every room has something, and nothing in it is forbidden. */
export const lawfulFiles: Readonly<Record<string, string>> = {
  'common/base/result.ts': `import * as v from 'valibot'\nexport const schema = v.string()\n`,
  'electron/core/ports/store.ts': `export interface Store {\n  close: () => void\n}\n`,
  'electron/core/session.ts': `import { schema } from '#common/base/result.ts'\nimport type { Store } from './ports/store.ts'\nexport const createSession = (store: Store) => ({ schema, close: () => store.close() })\n`,
  'electron/dialect/dialect.ts': `import type { schema } from '#common/base/result.ts'\nexport interface Dialect {\n  decode: (text: string) => typeof schema\n}\n`,
  'electron/dialect/im2/im2.ts': `import { text } from '#proto/gen/im2.js'\nimport type { Dialect } from '../dialect.ts'\nexport const im2 = (dialect: Dialect) => dialect.decode(text)\n`,
  'electron/dialect/xuqm/xuqm.ts': `import type { Dialect } from '../dialect.ts'\nexport const xuqm = (dialect: Dialect) => dialect.decode('xuqm')\n`,
  'electron/dialect/registry.ts': `import { im2 } from './im2/im2.ts'\nimport { xuqm } from './xuqm/xuqm.ts'\nexport const dialects = { im2, xuqm }\n`,
  'electron/adapters/stomp/transport.ts': `import { Client } from '@stomp/stompjs'\nimport WebSocket from 'ws'\nexport const createTransport = () => [Client, WebSocket]\n`,
  'electron/adapters/sqlite/store.ts': `import Database from 'better-sqlite3'\nimport type { Store } from '#electron/core/ports/store.ts'\nexport const createStore = (): Store => new Database(':memory:')\n`,
  'electron/adapters/notifier/notifier.ts': `import { Notification } from 'electron'\nexport const createNotifier = () => Notification\n`,
  'electron/main/container.ts': `import { createNotifier } from '#electron/adapters/notifier/notifier.ts'\nimport { createStore } from '#electron/adapters/sqlite/store.ts'\nimport { createTransport } from '#electron/adapters/stomp/transport.ts'\nimport { createSession } from '#electron/core/session.ts'\nimport { dialects } from '#electron/dialect/registry.ts'\nexport const createContainer = () => [createNotifier, createTransport, createSession(createStore()), dialects]\n`,
  'electron/main/index.ts': `import { app } from 'electron'\nimport { createContainer } from './container.ts'\napp.on('ready', createContainer)\n`,
  'electron/preload/index.ts': `import { contextBridge } from 'electron'\ncontextBridge.exposeInMainWorld('godwit', {})\n`,
  'proto/gen/im2.js': `import protobuf from 'protobufjs/minimal.js'\nexport const text = String(protobuf)\n`,
  'proto/gen/im2.d.ts': `export const text: string\n`,
  'renderer/src/bridge/bridge.ts': `export const bridge = (window as { godwit?: object }).godwit\n`,
  'renderer/src/App.vue': `<script setup lang="ts">\nimport { schema } from '#common/base/result.ts'\nimport { bridge } from './bridge/bridge.ts'\n</script>\n\n<template>\n  <p>{{ schema }} {{ bridge }}</p>\n</template>\n`,
  'renderer/src/main.ts': `import { createApp } from 'vue'\nimport App from './App.vue'\ncreateApp(App).mount('#app')\n`,
  'test/helper.ts': `import { createSession } from '#electron/core/session.ts'\nexport const helper = createSession\n`,
  'build/scripts/run.ts': `import { join } from 'node:path'\nexport const path = join('a', 'b')\n`,
}

export interface House {
  dir: string
  /** Runs a package's command in the house and returns what it printed, whatever its exit code. */
  run: (
    packageName: string,
    command: string,
    args: readonly string[],
  ) => Promise<{ code: number | null; output: string }>
  dispose: () => void
}

/** Builds a house of the lawful files and the given ones. The caller disposes of it. */
export function createHouse(planted: Readonly<Record<string, string>>): House {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-fences-'))
  for (const path of configuration) cpSync(join(projectDir, path), ensureFolder(join(dir, path)))
  linkPackages(join(projectDir, 'node_modules'), join(dir, 'node_modules'))
  for (const [path, text] of Object.entries({ ...lawfulFiles, ...planted })) {
    writeFileSync(ensureFolder(join(dir, path)), text)
  }
  return {
    dir,
    run: (packageName, command, args) => runTool(dir, toolPath(packageName, command), args),
    dispose: () => rmSync(dir, { recursive: true, force: true }),
  }
}

// A folder of links, not a link to the folder: the tools keep their caches in node_modules, and ours is not theirs.
function linkPackages(from: string, to: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from).filter((name) => !name.startsWith('.'))) {
    symlinkSync(join(from, name), join(to, name), 'junction')
  }
}

function ensureFolder(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  return path
}

function runTool(cwd: string, file: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [file, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let complaints = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
    child.once('error', fail)
    child.once('close', (code) => {
      if (output === '' && complaints !== '') fail(new Error(complaints))
      else done({ code, output })
    })
  })
}
