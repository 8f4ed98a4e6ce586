/** Secrets and words are planted in a log the way it is really written; none comes out of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readLog, scrubLog } from '#electron/adapters/log/exportLog.ts'
import { createFileLog } from '#electron/adapters/log/fileLog.ts'

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ'
const home = '/home/alice.hart'

const secrets = [
  jwt,
  'opaque-user-sig',
  'dXNlcjpwYXNz',
  'sessionid=77',
  'hunter2',
  'room=5&who=alice',
  'carol:pa55',
  'meet me at the oak',
  '在老橡树下见',
  'a second line',
  'Tuesday’s plan',
  'alice.hart',
]

const planted = [
  `link ended wss://chat.example.org/ws/im?token=opaque-user-sig&appKey=1`,
  `fetched https://files.example.org/a/b.png?room=5&who=alice#frag`,
  `answer of wss://carol:pa55@chat.example.org/ws`,
  `Authorization: Bearer ${jwt}`,
  `Authorization: Basic dXNlcjpwYXNz`,
  `cookie: sessionid=77; path=/`,
  `password=hunter2`,
  `{"token":"opaque-user-sig","passcode":"hunter2"}`,
  `error ${inspect({ code: 'x', content: 'meet me at the oak', at: 5 })}`,
  `error ${inspect({ text: "it's: meet me at the oak", n: 1 })}`,
  `error ${inspect({ caption: '在老橡树下见' })}`,
  `error ${inspect({ body: `${'meet me at the oak '.repeat(5)}\n${'a second line '.repeat(5)}\n` })}`,
  `error ${JSON.stringify({ draft: 'say "meet me at the oak"', title: 'Tuesday’s plan' })}`,
  `Error: no such file '${home}/.config/godwit/app.db'`,
]

describe('the log that is handed on', () => {
  it.each(planted)('holds neither secret nor word of: %s', (line) => {
    const clean = scrubLog(line, home)
    for (const secret of secrets) expect(clean).not.toContain(secret)
  })

  it('keeps what helps: times, codes, hosts and paths', () => {
    const line = `[2026-01-31 10:20:30.400] [warn]  link ended ${inspect({ code: 'link.refused', failures: 3 })} wss://chat.example.org/ws`
    expect(scrubLog(line, home)).toBe(line)
    expect(scrubLog(`wss://chat.example.org/ws?a=1 and ${home}/x`, home)).toBe(
      'wss://chat.example.org/ws?[query] and ~/x',
    )
  })

  it('is the older file and then the newer one; nothing where there is none', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'godwit-log-'))
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
    const file = join(dir, 'main.log')
    expect(await readLog(file, home)).toBe('')
    writeFileSync(join(dir, 'main.old.log'), `older Bearer ${jwt}\n`)
    writeFileSync(file, 'newer\n')
    expect(await readLog(file, home)).toBe('older Bearer [secret]\nnewer\n')
  })

  it('has none of what was planted by way of the log itself', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'godwit-log-'))
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
    const file = join(dir, 'main.log')
    const log = createFileLog({ file, echo: false })
    for (const line of planted) log.warn(line)
    log.error('call failed', {
      error: new Error(`wss://chat.example.org/ws?token=opaque-user-sig ${jwt}`),
      content: { text: 'meet me at the oak', deep: [{ caption: '在老橡树下见' }] },
      token: 'opaque-user-sig',
    })
    const text = await readLog(file, home)
    expect(text.split('\n').length).toBeGreaterThan(planted.length)
    expect(text).toContain('call failed')
    for (const secret of secrets) expect(text).not.toContain(secret)
  })
})
