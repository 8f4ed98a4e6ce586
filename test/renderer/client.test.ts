import { reactive } from 'vue'
import { describe, expect, it } from 'vitest'
import { createClient } from '../../renderer/src/bridge/client.ts'
import { createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { accountId, changeSet, message } from './fakes/rows.ts'

function createSubject() {
  const bridge = createFakeBridge(createWorld())
  const broken: string[] = []
  return { bridge, broken, client: createClient({ bridge, onBroken: (what) => broken.push(what) }) }
}

describe('a call', () => {
  it('answers with what main said', async () => {
    const { client } = createSubject()
    expect(await client.call('app.boot', {})).toMatchObject({ ok: true, value: { version: '0.1.0', accounts: [] } })
  })

  it('sends plain data, whatever reactive object it was given', async () => {
    const { client, bridge } = createSubject()
    await client.call('settings.set', reactive({ settings: { theme: 'dark' as const } }))
    expect(bridge.inputsOf('settings.set')).toEqual([{ settings: { theme: 'dark' } }])
  })

  it('that does not fit the contract is not made', async () => {
    const { client, bridge } = createSubject()
    const answer = await client.call('message.edit', { accountId, messageId: 0.5, text: '' })
    expect(answer).toMatchObject({ ok: false, error: { code: 'input.invalid' } })
    expect(bridge.calls).toEqual([])
  })

  it('keeps the code of a failure', async () => {
    const { client, bridge } = createSubject()
    bridge.refuse('message.send', { code: 'message.readOnly', data: { by: 'chen' } })
    const answer = await client.call('message.send', { accountId, conversationId: 'direct:bob', text: 'x' })
    expect(answer).toEqual({ ok: false, error: { code: 'message.readOnly', data: { by: 'chen' } } })
  })

  it.each([
    ['no result at all', 42],
    ['an answer of the wrong shape', { ok: true, value: { version: 1 } }],
  ])('that gets %s fails and is reported', async (_, said) => {
    const { bridge, broken } = createSubject()
    const client = createClient({
      bridge: { ...bridge, call: () => Promise.resolve(said as never) },
      onBroken: (what) => broken.push(what),
    })
    expect(await client.call('app.boot', {})).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(broken).toHaveLength(1)
  })

  it('does not reject when the bridge breaks', async () => {
    const { bridge, broken } = createSubject()
    const client = createClient({
      bridge: { ...bridge, call: () => Promise.reject(new Error('gone')) },
      onBroken: (what) => broken.push(what),
    })
    expect(await client.call('app.boot', {})).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(broken).toEqual(['call of app.boot'])
  })
})

describe('pushes', () => {
  it('come parsed, until the listening ends', () => {
    const { client, bridge } = createSubject()
    const seen: unknown[] = []
    const listening = client.onPush((push) => seen.push(push))
    const push = { type: 'changes' as const, accountId, changes: changeSet(1, { messages: [message({ id: 1 })] }) }
    bridge.push(push)
    listening.dispose()
    bridge.push(push)
    expect(seen).toEqual([push])
  })

  it('that do not fit are left out and reported', () => {
    const { client, bridge, broken } = createSubject()
    const seen: unknown[] = []
    client.onPush((push) => seen.push(push))
    bridge.push({ type: 'connection', accountId, status: { state: 'hopeful' } } as never)
    expect(seen).toEqual([])
    expect(broken).toHaveLength(1)
  })
})
