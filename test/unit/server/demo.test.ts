import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { managedConfigSchema } from '#common/contract/managedConfig.ts'
import { demoSeed, parseSeed } from '#test/server/seed.ts'
import { createDemoServer } from '#test/server/server.ts'
import type { DemoServer } from '#test/server/server.ts'
import { createTokens } from '#test/server/tokens.ts'
import { closeRawClients, im2Message, signIn } from './rawClient.ts'

let server: DemoServer

beforeEach(async () => {
  server = await createDemoServer()
})
afterEach(async () => {
  closeRawClients()
  await server.close()
})

const form = (bytes: string | Uint8Array<ArrayBuffer>, name = '图.png'): FormData => {
  const data = new FormData()
  data.append('file', new File([bytes], name, { type: 'image/png' }))
  return data
}

const upload = (body: FormData | string, token = server.issueToken('alice')): Promise<Response> =>
  fetch(`${server.origin}/upload`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body })

describe('uploads', () => {
  it('serve back the bytes, type and name that were sent', async () => {
    const answer = v.parse(v.object({ url: v.string() }), await (await upload(form('PNG bytes'))).json())
    const file = await fetch(answer.url)
    expect(await file.text()).toBe('PNG bytes')
    expect(file.headers.get('content-type')).toBe('image/png')
    expect(file.headers.get('content-disposition')).toContain(encodeURIComponent('图.png'))
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('need a token, a form and the field', async () => {
    expect((await upload(form('x'), 'a.b.c')).status).toBe(401)
    expect((await upload('no form')).status).toBe(415)
    const other = new FormData()
    other.append('note', 'x')
    expect((await upload(other)).status).toBe(400)
    expect((await fetch(`${server.origin}/files/none`)).status).toBe(404)
  })

  it('keep to the limit an administrator set', async () => {
    server.control.policy({ fileUploadLimit: 1 })
    expect((await upload(form(new Uint8Array(1024 * 1024)))).status).toBe(200)
    expect((await upload(form(new Uint8Array(1024 * 1024 + 1)))).status).toBe(413)
    expect((await upload(form(new Uint8Array(3 * 1024 * 1024)))).status).toBe(413)
  })
})

describe('tokens', () => {
  it('have the form x.y.z and hold until they expire', () => {
    let now = 1000
    const tokens = createTokens({ now: () => now })
    const token = tokens.issue('alice', { ttlMs: 10 })
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(tokens.check(token)).toMatchObject({ ok: true, claims: { userId: 'alice', expiresAt: 1010 } })
    now = 1010
    expect(tokens.check(token)).toEqual({ ok: false, reason: 'token is expired' })
  })

  it('are refused when they were changed, and expire one by one or all of a user’s', () => {
    const tokens = createTokens({ now: () => 0 })
    const [one, two] = [tokens.issue('alice'), tokens.issue('alice')]
    expect(tokens.check(`${one}x`).ok).toBe(false)
    tokens.expire(one)
    expect([one, two].map((token) => tokens.check(token).ok)).toEqual([false, true])
    tokens.expireAll('alice')
    expect([two, tokens.issue('alice')].map((token) => tokens.check(token).ok)).toEqual([false, true])
  })
})

describe('seed', () => {
  it('gives a first start a history in each conversation, in order and in the past', async () => {
    await server.close()
    server = await createDemoServer({ seed: 'demo' })
    const rows = server.messages('im2')
    expect(rows).toHaveLength(demoSeed.messages.length)
    expect(rows.every(({ serverTime }) => serverTime < Date.now())).toBe(true)
    for (const group of demoSeed.groups) {
      expect(rows.some(({ conversationId }) => conversationId === group.groupId)).toBe(true)
    }
    for (const id of new Set(rows.map(({ conversationId }) => conversationId))) {
      const times = rows.filter(({ conversationId }) => conversationId === id).map(({ serverTime }) => serverTime)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
    expect(server.messages('xuqm')).toHaveLength(rows.length)
  })

  it('says where a file is wrong', () => {
    expect(() => parseSeed({ users: [{ userId: 'a' }] })).toThrow('users.0.nickname')
    expect(() => parseSeed({ rooms: [] })).toThrow('rooms')
  })
})

describe('bots', () => {
  it('answer direct messages, talk in groups, announce and administer', async () => {
    await server.close()
    server = await createDemoServer({ bots: { speed: 200 } })
    const alice = await signIn(server, 'im2', { userId: 'alice' })
    alice.subscribe(
      '/user/queue/private-messages',
      '/topic/system/notifications',
      '/topic/conversation/g-product',
      '/topic/conversation/g-release',
    )
    alice.json('/app/private-message', {
      receiverId: 'echo-bot',
      content: JSON.stringify({ content: '在吗' }),
      clientMsgId: 'c-1',
      timestamp: 1,
    })
    const answer = await im2Message(alice, ({ senderId }) => senderId === 'echo-bot')
    expect(answer.conversationId).toBe('c_alice_echo-bot')
    await im2Message(alice, ({ conversationId, type }) => type === 0 && conversationId === 'g-product')
    await im2Message(alice, ({ type }) => type === 20)
    await im2Message(alice, ({ content }) => content['configType'] === 'chat_settings')
  })
})

describe('command line', () => {
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-server-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('prints addresses and tokens in one line and writes a managed configuration the app understands', async () => {
    const config = join(folder, 'managed.json')
    const seed = join(folder, 'seed.json')
    writeFileSync(
      seed,
      JSON.stringify({
        users: [{ userId: 'ann', nickname: '安' }],
        groups: [{ groupId: 'g1', name: '一', members: [{ userId: 'ann', role: 'owner' }] }],
      }),
    )
    const child = spawn(process.execPath, [
      main,
      '--port',
      '0',
      '--seed',
      seed,
      '--quiet',
      '--managed-config-out',
      config,
      '--as',
      'ann',
    ])
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data: Buffer) => resolve(data.toString())),
    )
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    const printed = v.parse(
      v.object({
        urls: v.record(v.string(), v.string()),
        control: v.string(),
        tokens: v.record(v.string(), v.string()),
      }),
      JSON.parse(line),
    )
    expect(Object.keys(printed.urls)).toEqual(['im2', 'xuqm'])
    expect(await (await fetch(`${printed.control}sessions`)).json()).toEqual([])
    const managed = v.parse(managedConfigSchema, JSON.parse(readFileSync(config, 'utf8')))
    expect(managed.accounts.map(({ dialect, url }) => [dialect, url])).toEqual(Object.entries(printed.urls))
    expect(managed.accounts[1]).toMatchObject({
      userId: 'ann',
      appKey: 'ak_demo_chat',
      groups: [{ id: 'g1', name: '一' }],
    })
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  it('refuses a dialect it does not know', async () => {
    await expect(promisify(execFile)(process.execPath, [main, '--port', '0', '--dialect', 'irc'])).rejects.toThrow(
      'irc',
    )
  })
})
