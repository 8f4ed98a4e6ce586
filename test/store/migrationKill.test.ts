/** F22: a migration killed at every statement it makes, and what is kept of the time before it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { accountApplicationId, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { accountMigrations } from '#electron/adapters/sqlite/migrations/account/all.ts'
import { openDatabase } from '#electron/adapters/sqlite/open.ts'
import { inspect, self, tempDir, unwrap } from './support.ts'

const moduleUrl = new URL('../../electron/adapters/sqlite/accountStore.ts', import.meta.url).href

/** Opens the account, and is killed as `kill -9` does when the statement of that number is about to run. */
const opener = `
  const { openAccountStore } = await import(process.argv[1])
  let number = 0
  const opened = openAccountStore({
    file: process.argv[2],
    selfId: '${self}',
    trace: () => { if (++number === Number(process.argv[3])) process.kill(process.pid, 'SIGKILL') },
  })
  if (!opened.ok) throw new Error(JSON.stringify(opened.error))
  opened.value.close()
  console.log(number)`

async function openedElsewhere(file: string, killedAt: number): Promise<{ signal: string | null; statements: number }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', opener, moduleUrl, file, String(killedAt)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { signal, statements: Number(output) }
}

/** An account as the version before wrote it, with a message on its way and a draft. */
function oldAccount(file: string, version: number): void {
  const database = unwrap(
    openDatabase({ file, migrations: accountMigrations.slice(0, version), applicationId: accountApplicationId }),
  )
  database.exec(`
    INSERT INTO meta VALUES (1, '${self}', 1, 1);
    INSERT INTO conversations (id, name, kind, target_id, membership, created_at, active_at, unread, mentions, draft,
      last_seq, last_time, last_tie, numbered, revision)
    VALUES (1, 'group:team', 'group', 'team', 'member', 0, 0, 0, 0, 'half a thought', 0, 0, '', 0, 1);
    INSERT INTO messages (id, conversation_id, order_seq, order_time, numbered, client_id, sender_id, local_time, state,
      unread, mentioned, pinned, deleted, revision, kind, text)
    VALUES (1, 1, 9223372036854775807, 1, 0, 'c-one', '${self}', 0, 0, 0, 0, 0, 0, 1, 'text', 'one');
    INSERT INTO outbox (id, conversation_id, message_id, kind, text, held, composed_at, attempts)
    VALUES (1, 1, 1, 'send', '', 0, 0, 0);`)
  database.close()
}

function expectWhole(file: string): void {
  const store = unwrap(openAccountStore({ file, selfId: self, check: 'always' }))
  expect(store.outboxHeads([], 9)).toMatchObject([{ id: 1, command: { clientId: 'c-one' } }])
  expect(store.snapshot().conversations).toMatchObject([{ draft: 'half a thought' }])
  store.close()
  expect(inspect(file, (database) => database.pragma('user_version', { simple: true }))).toBe(accountMigrations.length)
  expect(inspect(file, (database) => database.pragma('integrity_check', { simple: true }))).toBe('ok')
}

const backupsOf = (file: string): string[] =>
  readdirSync(dirname(file)).filter((name) => name.includes('before-migration'))

describe('a migration', () => {
  // The first version meets every statement of every later one.
  it('killed at any of its statements is made whole by the next opening', async () => {
    const dir = tempDir()
    const template = join(dir, 'template.db')
    oldAccount(template, 1)
    const copy = (name: string): string => {
      const file = join(dir, name, 'messages.db')
      unwrap(openDatabase({ file: join(dir, name, 'x.db'), migrations: [], applicationId: 1 })).close()
      copyFileSync(template, file)
      return file
    }
    const { statements } = await openedElsewhere(copy('whole'), 0)
    expect(statements).toBeGreaterThan(10)
    for (let at = 1; at <= statements; at++) {
      const file = copy(`killed-${at}`)
      expect((await openedElsewhere(file, at)).signal).toBe('SIGKILL')
      expectWhole(file)
    }
  }, 120_000)

  it('is made on a file that was copied first; the copy stays until a start that has nothing to migrate', () => {
    const file = join(tempDir(), 'messages.db')
    oldAccount(file, 1)
    unwrap(openAccountStore({ file, selfId: self })).close()
    expect(backupsOf(file)).toEqual(['messages.before-migration-1.db'])
    const backup = join(dirname(file), 'messages.before-migration-1.db')
    expect(inspect(backup, (database) => database.prepare('SELECT text FROM messages').pluck().all())).toEqual(['one'])
    expect(inspect(backup, (database) => database.pragma('user_version', { simple: true }))).toBe(1)
    unwrap(openAccountStore({ file, selfId: self })).close()
    expect(backupsOf(file)).toEqual([])
  })

  it('of a new file copies nothing', () => {
    const file = join(tempDir(), 'messages.db')
    unwrap(openAccountStore({ file, selfId: self })).close()
    expect(backupsOf(file)).toEqual([])
  })

  it('that was killed while it copied copies again', () => {
    const file = join(tempDir(), 'messages.db')
    oldAccount(file, 1)
    writeFileSync(join(dirname(file), 'messages.before-migration-1.db.tmp'), 'half a copy')
    unwrap(openAccountStore({ file, selfId: self })).close()
    expect(existsSync(join(dirname(file), 'messages.before-migration-1.db'))).toBe(true)
    expectWhole(file)
  })
})
