/** The sending half of the delivery promise: real store in memory, a clock and a link that do as they are told. */
import { beforeEach, describe, expect, it } from 'vitest'
import { ok } from '#common/base/result.ts'
import type { QueuedCommand } from '#common/domain/commands.ts'
import type { Message } from '#common/domain/message.ts'
import { Outbox, giveUpAfterMs, proofTimeoutMs, silentProofMs } from '#electron/core/outbox.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { type FakeLink, idleLink, silentLog } from '#test/fakes/fakeTransport.ts'
import { type MemoryStore, openMemoryStore } from '#test/fakes/memoryStore.ts'

let clock: FakeClock
let memory: MemoryStore
let outbox: Outbox
let link: FakeLink
let ids = 0

beforeEach(() => {
  clock = new FakeClock()
  memory = openMemoryStore('me')
  outbox = new Outbox({
    store: memory.store,
    clock,
    log: silentLog,
    encode: (command) => ok({ destination: '/app/x', headers: {}, body: JSON.stringify(command) }),
    messagesPerSecond: 10,
    needsServerId: true,
    onChanges: () => undefined,
  })
  link = idleLink()
})

function queue(peer: string, text: string): number {
  memory.inside.openConversation({ kind: 'direct', peerId: peer }, clock.now())
  const sent = memory.inside.send({
    conversationId: `direct:${peer}`,
    content: { kind: 'text', text },
    clientId: `client-${++ids}`,
    at: clock.now(),
  })
  if (!sent.ok) throw new Error(sent.error.code)
  return sent.value.value.messageId
}

const written = (over: FakeLink = link): QueuedCommand[] =>
  over.sent.map(({ frame }) => JSON.parse(String(frame.body)) as QueuedCommand)
const texts = (over: FakeLink = link): string[] =>
  written(over).map((command) =>
    command.type === 'message.send' && command.content.kind === 'text' ? command.content.text : command.type,
  )
const message = (peer: string, id: number): Message | undefined => {
  const page = memory.inside.page(`direct:${peer}`, { at: 'newest' }, 200)
  return page.ok ? page.value.messages.find((row) => row.id === id) : undefined
}

/** The server's echo of the newest write of the text. */
async function echo(text: string, serverId = `server-${text}`): Promise<void> {
  const command = written().findLast(
    (one) => one.type === 'message.send' && one.content.kind === 'text' && one.content.text === text,
  )
  if (command?.type !== 'message.send') throw new Error(`${text} was not written`)
  const { value } = memory.inside.ingest(
    [
      {
        covers: null,
        events: [
          {
            type: 'message.received',
            conversation: command.conversation,
            senderId: 'me',
            serverId,
            clientId: command.clientId,
            sequence: null,
            serverTime: clock.now(),
            content: command.content,
            state: 'sent',
            recalled: false,
          },
        ],
      },
    ],
    clock.now(),
  )
  outbox.settled(value)
  await clock.pass(0)
}

describe('the outbox', () => {
  it('writes again on the next link what was in flight for a fraction of a millisecond', async () => {
    queue('bob', 'b1')
    await outbox.start(link)
    await clock.pass(85.877)
    expect(texts()).toEqual(['b1'])
    outbox.stop()
    const next = idleLink()
    await outbox.start(next)
    await clock.pass(0)
    expect(texts(next)).toEqual(['b1'])
  })

  it('has one message of a conversation in flight, and does not let one conversation hold up another', async () => {
    queue('bob', 'b1')
    queue('bob', 'b2')
    queue('eve', 'e1')
    await outbox.start(link)
    await clock.pass(10)
    expect(texts()).toEqual(['b1', 'e1'])
    await echo('b1')
    await clock.pass(10)
    expect(texts()).toEqual(['b1', 'e1', 'b2'])
  })

  it('keeps to ten a second over all conversations', async () => {
    for (let index = 0; index < 35; index++) queue(`peer${index}`, `m${index}`)
    await outbox.start(link)
    await clock.pass(0)
    expect(link.sent).toHaveLength(10)
    await clock.pass(999)
    expect(link.sent).toHaveLength(10)
    await clock.pass(1)
    expect(link.sent).toHaveLength(20)
    await clock.pass(2000)
    expect(link.sent).toHaveLength(35)
  })

  it('writes again under the same id what is not proved, and once proved never again', async () => {
    const learned = queue('eve', 'teaches what this server proves by')
    await outbox.start(link)
    await clock.pass(0)
    await echo('teaches what this server proves by')
    expect(message('eve', learned)?.state).toBe('sent')
    queue('bob', 'hello')
    outbox.pump()
    await clock.pass(proofTimeoutMs + 1000)
    expect(texts().filter((text) => text === 'hello')).toHaveLength(2)
    const sent = written().filter((one) => one.type === 'message.send' && one.conversation.kind === 'direct')
    expect(new Set(sent.slice(1).map((one) => (one.type === 'message.send' ? one.clientId : ''))).size).toBe(1)
    await echo('hello')
    await clock.pass(10 * proofTimeoutMs)
    expect(texts().filter((text) => text === 'hello')).toHaveLength(2)
    expect(memory.inside.outboxSize()).toBe(0)
  })

  it('queues again in its place what was in flight when the link broke', async () => {
    queue('bob', 'one')
    queue('bob', 'two')
    await outbox.start(link)
    await clock.pass(0)
    outbox.stop()
    const next = idleLink()
    await outbox.start(next)
    await clock.pass(0)
    expect(texts(link)).toEqual(['one'])
    expect(texts(next)).toEqual(['one'])
  })

  it('takes a receipt as proof', async () => {
    const id = queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    outbox.receipt(link.sent[0]?.receiptId ?? '')
    await clock.pass(0)
    expect(message('bob', id)).toMatchObject({ state: 'sent', proof: 'receipt' })
  })

  it('believes a silent server only when it answered a ping well after the writing', async () => {
    const id = queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    await clock.pass(silentProofMs * 3)
    expect(message('bob', id)?.state).toBe('sending')
    outbox.answered()
    await clock.pass(0)
    expect(message('bob', id)).toMatchObject({ state: 'sent', proof: 'alive' })
    expect(link.sent).toHaveLength(1)
  })

  it('never sends what was taken back, even between reading and writing', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => queue(`peer${index}`, `m${index}`))
    await outbox.start(link)
    await clock.pass(0)
    // Ten went out; the last two are read and wait for their second.
    expect(memory.inside.cancel(ids[11] ?? 0).ok).toBe(true)
    await clock.pass(5_000)
    expect(texts()).not.toContain('m11')
    expect(texts()).toContain('m10')
  })

  it('sends the words as they were edited before the writing, once', async () => {
    const ids = Array.from({ length: 11 }, (_, index) => queue(`peer${index}`, `m${index}`))
    await outbox.start(link)
    await clock.pass(0)
    expect(memory.inside.edit(ids[10] ?? 0, 'better words', clock.now()).ok).toBe(true)
    await clock.pass(5_000)
    expect(texts().slice(10)).toEqual(['better words'])
  })

  it('lets edits and recalls wait until their message is proved', async () => {
    const id = queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    expect(memory.inside.edit(id, 'hello, edited', clock.now()).ok).toBe(true)
    outbox.pump()
    await clock.pass(1_000)
    expect(texts()).toEqual(['hello'])
    await echo('hello', 's-1')
    await clock.pass(1_000)
    expect(written().at(-1)).toMatchObject({ type: 'message.edit', target: { serverId: 's-1' }, text: 'hello, edited' })
  })

  it('gives up only after a day of trying while connected, and says so', async () => {
    queue('eve', 'x')
    const id = queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    await echo('x')
    await clock.pass(giveUpAfterMs - 60_000)
    expect(message('bob', id)?.state).toBe('sending')
    await clock.pass(120_000)
    expect(message('bob', id)).toMatchObject({ state: 'failed', problem: { code: 'message.gaveUp' } })
  })

  it('leaves no timer behind', async () => {
    queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    outbox.dispose()
    expect(clock.pending).toBe(0)
  })
})
