/** Frames that are no good, and code of ours that throws: each costs at most itself. */
import { describe, expect } from 'vitest'
import type { Store, UndecodedFrame } from '#electron/core/ports/store.ts'
import { im2Queues } from '#test/server/im2Events.ts'
import type { DialectName } from '#test/server/types.ts'
import { xuqmQueue } from '#test/server/xuqm.ts'
import { wholeRun } from './fault.ts'
import { type Rig, type RigClient, rigFault, settled } from './rig.ts'

const speed = 20
const oneOf = (dialect: DialectName): readonly DialectName[] => (wholeRun ? ['im2', 'xuqm'] : [dialect])
const deep = 100_000
const fiveMiB = 5 * 1024 * 1024

interface Poison {
  readonly what: string
  /** One WebSocket message. */
  readonly bytes: string | Buffer
}

const queueOf = (rig: Rig): string => (rig.dialect === 'im2' ? im2Queues.privateMessages : xuqmQueue)

function frame(rig: Rig, headers: Readonly<Record<string, string>>, body: string | Buffer, eol = '\n'): Buffer {
  const all = { destination: queueOf(rig), 'message-id': 'x', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}:${value}${eol}`)
  return Buffer.concat([Buffer.from(`MESSAGE${eol}${lines.join('')}${eol}`), Buffer.from(body), Buffer.from([0])])
}

const json = { 'content-type': 'application/json' }
const binary = { 'content-type': 'application/octet-stream' }

function poisons(rig: Rig): Poison[] {
  const words = JSON.stringify({ hello: 'world' })
  const nested = '['.repeat(deep) + ']'.repeat(deep)
  const nestedObjects = '{"a":'.repeat(deep) + '1' + '}'.repeat(deep)
  const noise = Buffer.from(Array.from({ length: 300 }, () => Math.floor(rig.random() * 256)))
  const list: Poison[] = [
    { what: 'content-length too long, text', bytes: frame(rig, { ...json, 'content-length': '999999' }, words) },
    { what: 'content-length too short, text', bytes: frame(rig, { ...json, 'content-length': '3' }, words) },
    { what: 'content-length too long, binary', bytes: frame(rig, { ...binary, 'content-length': '100000' }, noise) },
    { what: 'content-length too short, binary', bytes: frame(rig, { ...binary, 'content-length': '3' }, noise) },
    { what: 'content-length negative', bytes: frame(rig, { ...binary, 'content-length': '-1' }, words) },
    { what: 'content-length no number', bytes: frame(rig, { ...binary, 'content-length': 'many' }, words) },
    { what: 'content-length of 10 GB', bytes: frame(rig, { ...binary, 'content-length': '9999999999' }, words) },
    { what: 'bad UTF-8 in the body', bytes: frame(rig, json, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22])) },
    {
      what: 'bad UTF-8 in a header',
      bytes: Buffer.concat([Buffer.from('MESSAGE\nx:'), Buffer.from([0xc3, 0x28]), Buffer.from('\n\n\0')]),
    },
    { what: 'arrays nested a hundred thousand deep', bytes: frame(rig, json, nested) },
    { what: 'objects nested a hundred thousand deep', bytes: frame(rig, json, nestedObjects) },
    { what: 'nested deep in the content', bytes: frame(rig, json, JSON.stringify(contentOf(rig, nestedObjects))) },
    {
      what: 'a type of the far future',
      bytes: frame(rig, json, JSON.stringify({ type: 30_000, msgType: '??', content: '{}' })),
    },
    {
      what: 'types where others belong',
      bytes: frame(rig, json, JSON.stringify({ id: {}, type: [], fromId: 7, content: null })),
    },
    { what: 'prototype names', bytes: frame(rig, json, '{"__proto__":{"type":0},"constructor":1,"type":"__proto__"}') },
    { what: 'NUL within the body', bytes: frame(rig, json, '{"a":"\0"}') },
    { what: 'nothing but NUL', bytes: Buffer.alloc(64) },
    { what: 'an empty body', bytes: frame(rig, json, '') },
    { what: 'noise for protobuf', bytes: frame(rig, { ...binary, 'content-length': String(noise.length) }, noise) },
    { what: 'noise for a frame', bytes: noise },
    { what: 'a page of HTML', bytes: '<!doctype html><html><body>Sign in to the network</body></html>' },
    { what: 'a command nobody knows', bytes: 'SURPRISE\nx:y\n\nboo\0' },
    { what: 'CONNECTED once more', bytes: 'CONNECTED\nversion:1.2\nheart-beat:1,1\n\n\0' },
    { what: 'header lines without end', bytes: `MESSAGE\n${'a:b\n'.repeat(2_000)}\n\0` },
    { what: 'five mebibytes', bytes: frame(rig, json, JSON.stringify({ content: 'x'.repeat(fiveMiB) })) },
    {
      what: 'five mebibytes of binary',
      bytes: frame(rig, { ...binary, 'content-length': String(fiveMiB) }, Buffer.alloc(fiveMiB, 7)),
    },
  ]
  return list
}

/** A message whose content only is bad. */
function contentOf(rig: Rig, content: string): object {
  return rig.dialect === 'im2'
    ? { messageId: '', type: 13, senderId: 'bob', conversationId: 'c_alice_bob', chat: { content } }
    : { id: '', fromId: 'bob', toId: 'alice', chatType: 'SINGLE', msgType: 'REVOKE', content }
}

function give(rig: Rig, bytes: string | Buffer): void {
  const filter = { userId: 'alice' }
  rig.server.control.raw(
    typeof bytes === 'string' ? { ...filter, text: bytes } : { ...filter, base64: bytes.toString('base64') },
  )
}

/** A store that lets one see what was set aside. */
function watched(store: Store): { store: Store; setAside: UndecodedFrame[] } {
  const setAside: UndecodedFrame[] = []
  return {
    setAside,
    store: {
      ...store,
      keepUndecoded: (frames, at) => {
        setAside.push(...frames)
        return store.keepUndecoded(frames, at)
      },
    },
  }
}

const texts = async (client: RigClient, chat: string): Promise<string[]> =>
  (await client.reads(chat)).map(({ content }) => (content.kind === 'text' ? content.text : content.kind))

describe('poison', () => {
  rigFault(
    'F29',
    'of every kind: the next good frame is delivered',
    { timeoutMs: 120_000, limits: { sendBufferBytes: 64 * 1024 * 1024 } },
    async (rig, notes) => {
      const seen: UndecodedFrame[][] = []
      const alice = await rig.client('alice', {
        speed,
        wrapStore: (store) => {
          const { store: wrapped, setAside } = watched(store)
          seen.push(setAside)
          return wrapped
        },
      })
      await alice.reaches('online')
      const sent: string[] = []
      for (const { what, bytes } of poisons(rig)) {
        await alice.reaches('online')
        give(rig, bytes)
        sent.push(`after ${what}`)
        rig.server.control.message({ from: 'bob', to: 'alice', text: `after ${what}` })
        await expect.poll(() => texts(alice, 'direct:bob'), { interval: 10, message: what }).toEqual(sent)
      }
      const setAside = seen.flat()
      expect(setAside.length).toBeGreaterThan(5)
      expect((await alice.store.snapshot()).conversations.filter(({ id }) => id.startsWith('direct:'))).toHaveLength(1)
      notes.add(`${sent.length} kinds, ${setAside.length} set aside`)
    },
  )

  rigFault('F29', 'good frames in unusual dress are delivered', {}, async (rig) => {
    const alice = await rig.client('alice', { speed })
    await alice.reaches('online')
    const { control } = rig.server
    const dresses: ((body: string) => Buffer)[] = [
      (body) => frame(rig, json, body, '\r\n'),
      (body) => frame(rig, { ...json, 'content-length': String(Buffer.byteLength(body)) }, body, '\r\n'),
      (body) => frame(rig, { ...json, 'content-length': '1' }, body),
      (body) => Buffer.concat([Buffer.from('\r\n\n\n'), frame(rig, json, body), Buffer.from('\r\n\r\n')]),
      (body) => frame(rig, { 'content-type': 'application/json;charset=utf-8', 'x-\\c-y': '\\n' }, body),
      (body) => frame(rig, {}, body),
    ]
    for (const [n, dress] of dresses.entries()) {
      control.dropPushes({ userId: 'alice', count: 1, lost: true })
      const row = control.message({
        from: 'bob',
        to: 'alice',
        text: `dress ${n}: 你好 👋`,
        serverTime: 1_700_000_000_000 + n,
      })
      const { serverId, clientId, senderId, conversationId, sequence, serverTime, content } = row
      const body =
        rig.dialect === 'im2'
          ? {
              messageId: serverId,
              clientMessageId: clientId,
              type: 0,
              senderId,
              receiverId: 'alice',
              conversationId,
              timestamp: serverTime,
              sequence,
              chat: { content },
            }
          : {
              id: serverId,
              fromId: senderId,
              toId: 'alice',
              chatType: 'SINGLE',
              msgType: 'TEXT',
              content,
              status: 'SENT',
              createdAt: serverTime,
            }
      give(rig, dress(JSON.stringify(body)))
    }
    await expect.poll(() => texts(alice, 'direct:bob')).toEqual(dresses.map((_, n) => `dress ${n}: 你好 👋`))
  })
})

describe('code of ours that throws', () => {
  rigFault(
    'F30',
    'in the store: the frame is set aside, the next is delivered',
    { dialects: oneOf('im2') },
    async (rig) => {
      let setAside: UndecodedFrame[] = []
      const alice = await rig.client('alice', {
        speed,
        wrapStore: (real) => {
          const { store, setAside: seen } = watched(real)
          setAside = seen
          return {
            ...store,
            ingest: (batch, at) => {
              if (JSON.stringify(batch).includes('trips')) return Promise.reject(new TypeError('a defect'))
              return store.ingest(batch, at)
            },
          }
        },
      })
      await alice.reaches('online')
      for (const [n, text] of ['one', 'trips', 'two', 'three', 'trips again', 'four'].entries()) {
        const serverTime = 1_700_000_000_000 + n
        const { serverId } = rig.server.control.message({ from: 'bob', to: 'alice', text, serverTime })
        if (text.includes('trips')) rig.withheld('alice', serverId)
      }
      await expect.poll(() => texts(alice, 'direct:bob')).toEqual(['one', 'two', 'three', 'four'])
      await expect.poll(() => setAside.length).toBe(2)
      expect(setAside.map(({ reason }) => reason)).toEqual(['not stored', 'not stored'])
      expect(alice.session.connection.state).toBe('online')
    },
  )

  rigFault(
    'F30',
    'in the dialect: the frame is set aside, the next is delivered',
    { dialects: oneOf('xuqm') },
    async (rig) => {
      let setAside: UndecodedFrame[] = []
      const alice = await rig.client('alice', {
        speed,
        wrapStore: (real) => {
          const { store, setAside: seen } = watched(real)
          setAside = seen
          return store
        },
        wrapDialect: (dialect) => ({
          ...dialect,
          decode: (given, context) => {
            if (Buffer.from(given.body).includes('trips')) throw new TypeError('a defect')
            return dialect.decode(given, context)
          },
        }),
      })
      await alice.reaches('online')
      for (const [n, text] of ['one', 'trips', 'two'].entries()) {
        const serverTime = 1_700_000_000_000 + n
        const { serverId } = rig.server.control.message({ from: 'bob', to: 'alice', text, serverTime })
        if (text === 'trips') rig.withheld('alice', serverId)
      }
      await expect.poll(() => texts(alice, 'direct:bob')).toEqual(['one', 'two'])
      await expect.poll(() => setAside.length).toBe(1)
      expect(Buffer.from(setAside[0]?.body ?? []).includes('trips')).toBe(true)
    },
  )

  rigFault('F30', 'in whoever is told of changes: nothing is held up', { dialects: oneOf('im2') }, async (rig) => {
    const alice = await rig.client('alice', { speed })
    await alice.reaches('online')
    let throws = 0
    const listening = alice.session.onChanges(() => {
      throws++
      throw new TypeError('a defect')
    })
    for (const text of ['one', 'two', 'three']) {
      rig.server.control.message({ from: 'bob', to: 'alice', text })
      await expect.poll(async () => (await texts(alice, 'direct:bob')).at(-1)).toBe(text)
    }
    expect(throws).toBeGreaterThan(1)
    listening.dispose()
    const chat = await alice.opens({ person: 'bob' })
    await alice.says(chat, 'four')
    await settled(alice)
  })
})
