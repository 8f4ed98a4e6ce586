import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { frame, now, received, self, team, teamId, tempDir, texts, unwrap } from './support.ts'

const workerUrl = new URL('../../electron/adapters/sqlite/worker.ts', import.meta.url)

async function opened(file = join(tempDir(), 'messages.db')): Promise<Store> {
  const store = unwrap(await createWorkerStore({ workerUrl, file, selfId: self }))
  onTestFinished(() => store.close())
  return store
}

describe('the store on its thread', () => {
  it('answers as the store does, in the order of asking', async () => {
    const store = await opened()
    const answered: string[] = []
    const note = (name: string) => () => void answered.push(name)
    const ingested = store.ingest(
      Array.from({ length: 2000 }, (_, index) => frame(received({ serverId: `s${index}`, serverTime: now + index }))),
      now,
    )
    const all = [
      ingested.then(note('ingest')),
      store.openConversation(team, now).then(note('open')),
      store.snapshot().then(note('snapshot')),
      store
        .send({ conversationId: teamId, content: { kind: 'text', text: 'x' }, clientId: 'x', at: now })
        .then(note('send')),
      store.outboxSize().then(note('size')),
    ]
    await Promise.all(all)
    expect(answered).toEqual(['ingest', 'open', 'snapshot', 'send', 'size'])
    expect((await ingested).changes?.messages).toHaveLength(2000)
    expect(await store.page(teamId, { at: 'newest' }, 1)).toMatchObject({
      ok: true,
      value: { messages: [{ state: 'sending' }] },
    })
  })

  it('does what was asked before closing, closes the file, and then refuses', async () => {
    const file = join(tempDir(), 'messages.db')
    const store = await opened(file)
    const asked = store.ingest([frame(received())], now)
    const closed = store.close()
    await expect(store.snapshot()).rejects.toThrow('storage.failed')
    await closed
    await store.close()
    expect((await asked).changes?.number).toBe(1)
    expect(existsSync(`${file}-wal`)).toBe(false)
    const again = unwrap(openAccountStore({ file, selfId: self }))
    expect(texts(again)).toEqual(['hello'])
    again.close()
  })

  it('tells why a file cannot be opened', async () => {
    const file = join(tempDir(), 'messages.db')
    writeFileSync(file, 'no database '.repeat(500))
    expect(await createWorkerStore({ workerUrl, file, selfId: self })).toMatchObject({
      ok: false,
      error: { code: 'storage.corrupt' },
    })
    await opened(join(tempDir(), 'other.db'))
  })

  it('answers a defect with its own code and goes on', async () => {
    const store = await opened()
    const strange: unknown = null
    await expect(store.ingest(strange as [], now)).rejects.toThrow('internal')
    expect((await store.ingest([frame(received())], now)).changes?.number).toBe(1)
  })

  it('that cannot even start is an outcome, not an exception', async () => {
    const url = pathToFileURL(join(tempDir(), 'nothing.mjs'))
    expect(await createWorkerStore({ workerUrl: url, file: ':memory:', selfId: self })).toMatchObject({
      ok: false,
      error: { code: 'storage.failed' },
    })
  })
})
