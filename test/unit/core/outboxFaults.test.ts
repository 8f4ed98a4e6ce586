/** The sending half of the delivery promise when things go wrong: store, link, clock, program and server. */
import { beforeEach, describe, expect, it } from 'vitest'
import { ok } from '#common/base/result.ts'
import { type ErrorCode, appError } from '#common/base/errors.ts'
import type { QueuedCommand } from '#common/domain/commands.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import type { Message } from '#common/domain/message.ts'
import {
  Outbox,
  giveUpAfterMs,
  proofTimeoutMs,
  silentProofMs,
  storageRetryMs,
  unansweredProofMs,
} from '#electron/core/outbox.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { type FakeLink, idleLink, silentLog } from '#test/fakes/fakeTransport.ts'
import { type MemoryStore, openMemoryStore } from '#test/fakes/memoryStore.ts'

const dayMs = 24 * 3_600_000

let clock: FakeClock
let memory: MemoryStore
let outbox: Outbox
let link: FakeLink
let ids = 0

/** Another program on the same database; `over` replaces what the store does. */
function createOutbox(over: Partial<Store> = {}): Outbox {
  return new Outbox({
    store: { ...methodsOf(memory.store), ...over },
    clock,
    log: silentLog,
    encode: (command) => {
      const named = !('target' in command) || command.target.serverId !== undefined
      return named
        ? ok({ destination: '/app/x', headers: {}, body: JSON.stringify(command) })
        : { ok: false, error: appError('message.unknown', 'no server id') }
    },
    messagesPerSecond: 10,
    needsServerId: true,
    onChanges: () => undefined,
  })
}

function methodsOf(store: Store) {
  const { outboxHeads, outboxWritten, outboxSettle, outboxFail, readFact, writeFact } = store
  return { outboxHeads, outboxWritten, outboxSettle, outboxFail, readFact, writeFact }
}

beforeEach(() => {
  clock = new FakeClock()
  memory = openMemoryStore('me')
  outbox = createOutbox()
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
const said = (command: QueuedCommand): string =>
  command.type === 'message.send' && command.content.kind === 'text' ? command.content.text : command.type
const texts = (over: FakeLink = link): string[] => written(over).map(said)
const message = (id: number): Message | null => memory.inside.message(id)
const steps = (id: number): string[] =>
  memory.inside.trace(id).map(({ step, cause, code }) => [step, cause, code].filter((fact) => fact !== null).join(' '))

function tell(event: ServerEvent): void {
  const { value } = memory.inside.ingest([{ covers: null, events: [event] }], clock.now())
  outbox.settled(value)
}

/** The server's echo of what was written. */
function echo(command: QueuedCommand): void {
  if (command.type !== 'message.send') throw new Error('only messages come back')
  tell({
    type: 'message.received',
    conversation: command.conversation,
    senderId: 'me',
    serverId: `server-${command.clientId}`,
    clientId: command.clientId,
    sequence: null,
    serverTime: clock.now(),
    content: command.content,
    state: 'sent',
    recalled: false,
  })
}
function echoText(text: string, over: FakeLink = link): void {
  const command = written(over).findLast((one) => said(one) === text)
  if (command === undefined) throw new Error(`${text} was not written`)
  echo(command)
}

/** A server that has echoed a message before. */
async function learned(): Promise<void> {
  queue('teacher', 'lesson')
  await outbox.start(link)
  await clock.pass(0)
  echoText('lesson')
  await clock.pass(2_000)
  link.sent.splice(0)
}

/** The connection shows life all the time and pings are answered; the server proves nothing. */
async function live(ms: number, stepMs = 1_000): Promise<void> {
  for (let passed = 0, answered = link.pings; passed < ms; passed += stepMs) {
    outbox.alive()
    if (link.pings > answered) outbox.answered()
    answered = link.pings
    await clock.pass(stepMs)
  }
}

/** What comes in says nothing of what goes out. */
async function deaf(ms: number, stepMs = 1_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    outbox.alive()
    await clock.pass(stepMs)
  }
}

/** An answer at once to all that is written, for so long. */
async function answering(ms: number): Promise<void> {
  let answered = link.sent.length
  for (let passed = 0; passed < ms; passed += 50) {
    await clock.pass(50)
    for (const command of written().slice(answered)) echo(command)
    answered = link.sent.length
  }
}

describe('lanes', () => {
  it('with hundreds queued let a fresh message of another one through within a second', async () => {
    await learned()
    for (let index = 0; index < 500; index++) queue('busy', `b${index}`)
    outbox.pump()
    await answering(3_000)
    queue('friend', 'fresh')
    outbox.pump()
    await answering(1_000)
    expect(texts()).toContain('fresh')
    expect(texts().filter((text) => text.startsWith('b')).length).toBeLessThan(100)
  })

  it('take turns: however long the queues of many are, a fresh message elsewhere waits for one round of them', async () => {
    await learned()
    for (let peer = 0; peer < 20; peer++) for (let at = 0; at < 25; at++) queue(`peer${peer}`, `p${peer}-${at}`)
    outbox.pump()
    await answering(4_000)
    queue('friend', 'fresh')
    outbox.pump()
    await answering(4_000)
    expect(texts()).toContain('fresh')
    // Nobody was served twice before everybody was served once.
    const first = texts().slice(0, 20)
    expect(new Set(first.map((text) => text.split('-')[0])).size).toBe(20)
  })
})

describe('a store that refuses', () => {
  it('in the middle of sending is asked again without anybody’s nudge', async () => {
    let refusals = 3
    outbox = createOutbox({
      outboxWritten: (...args) =>
        refusals-- > 0 ? Promise.reject(new Error('storage.full')) : memory.store.outboxWritten(...args),
    })
    queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    expect(texts()).toEqual([])
    await clock.pass(3 * storageRetryMs)
    expect(texts()).toEqual(['hello'])
  })

  it('to say what there is to send, or what was learned, stops nothing for good', async () => {
    let refuses = true
    const unless =
      <A extends unknown[], R>(ask: (...args: A) => Promise<R>) =>
      (...args: A): Promise<R> =>
        refuses ? Promise.reject(new Error('storage.failed')) : ask(...args)
    outbox = createOutbox({
      outboxHeads: unless(memory.store.outboxHeads),
      readFact: unless(memory.store.readFact),
    })
    queue('bob', 'hello')
    const started = outbox.start(link)
    await clock.pass(10 * storageRetryMs)
    refuses = false
    await clock.pass(storageRetryMs)
    await started
    await clock.pass(storageRetryMs)
    expect(texts()).toEqual(['hello'])
  })

  it('to record a proof is asked again, and the proved message is not written twice', async () => {
    await learned()
    let refuses = true
    outbox.dispose()
    outbox = createOutbox({
      outboxSettle: (...args) =>
        refuses ? Promise.reject(new Error('storage.full')) : memory.store.outboxSettle(...args),
    })
    const id = queue('bob', 'hello')
    queue('bob', 'after it')
    await outbox.start(link)
    await clock.pass(0)
    outbox.receipt(link.sent[0]?.receiptId ?? '')
    await clock.pass(4 * proofTimeoutMs)
    expect(texts()).toEqual(['hello'])
    refuses = false
    await clock.pass(storageRetryMs)
    expect(message(id)).toMatchObject({ state: 'sent', proof: 'receipt' })
    expect(texts()).toEqual(['hello', 'after it'])
  })

  it('leaves no timer behind when everything ends', async () => {
    outbox = createOutbox({ outboxHeads: () => Promise.reject(new Error('storage.failed')) })
    await outbox.start(link)
    await clock.pass(0)
    expect(clock.pending).toBe(1)
    outbox.dispose()
    await clock.pass(0)
    expect(clock.pending).toBe(0)
  })
})

describe('a proof', () => {
  it('that comes while its message is being written again keeps it from being written', async () => {
    await learned()
    let late: (() => void) | null = null
    outbox.dispose()
    outbox = createOutbox({
      outboxWritten: async (...args) => {
        const answer = await memory.store.outboxWritten(...args)
        if (args[2]?.cause === 'noProof') await new Promise<void>((resolve) => (late = resolve))
        return answer
      },
    })
    queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(proofTimeoutMs + 1_000)
    expect(late).not.toBeNull()
    echoText('hello')
    ;(late as (() => void) | null)?.()
    await clock.pass(5 * proofTimeoutMs)
    expect(texts()).toEqual(['hello'])
    expect(memory.inside.outboxSize()).toBe(0)
  })

  it('by a receipt counts however late it comes, also for an earlier writing', async () => {
    await learned()
    const id = queue('bob', 'hello')
    outbox.pump()
    await clock.pass(proofTimeoutMs + 1_000)
    expect(texts()).toEqual(['hello', 'hello'])
    outbox.receipt(link.sent[0]?.receiptId ?? '')
    await clock.pass(5 * proofTimeoutMs)
    expect(texts()).toEqual(['hello', 'hello'])
    expect(message(id)).toMatchObject({ state: 'sent', proof: 'receipt' })
  })

  it('that a server never gives for one kind of command does not hold up the messages behind it', async () => {
    await learned()
    queue('bob', 'one')
    outbox.pump()
    await clock.pass(0)
    echoText('one')
    await clock.pass(0)
    const [one] = memory.inside.snapshot().conversations.filter(({ targetId }) => targetId === 'bob')
    expect(memory.inside.deleteForMe(one?.last?.messageId ?? 0, true, clock.now()).ok).toBe(true)
    queue('bob', 'two')
    outbox.pump()
    await live(5 * proofTimeoutMs)
    expect(texts()).toEqual([
      'one',
      'message.deleteForMe',
      'message.deleteForMe',
      'message.deleteForMe',
      'two',
      ...texts().slice(5),
    ])
    expect(
      texts()
        .slice(5)
        .every((text) => text === 'two'),
    ).toBe(true)
  })
})

describe('a server that shows our messages to other connections only', () => {
  it('is not waited for a day for what it never shows on the link it was sent by', async () => {
    queue('bob', 'first')
    await outbox.start(link)
    await clock.pass(0)
    // The link breaks, and the sync of the next one brings the message before the queue goes on.
    outbox.stop()
    echoText('first')
    link = idleLink()
    await outbox.start(link)
    const second = queue('bob', 'second')
    outbox.pump()
    await live(4 * proofTimeoutMs)
    expect(message(second)).toMatchObject({ state: 'sent', proof: 'alive' })
    expect(memory.inside.outboxSize()).toBe(0)
  })

  it('or that says nothing but what it refuses is still a silent one', async () => {
    const refused = queue('bob', 'too much')
    await outbox.start(link)
    await clock.pass(0)
    tell({
      type: 'message.status',
      target: { clientId: message(refused)?.clientId ?? '' },
      state: 'failed',
      reason: 'too long',
    })
    expect(message(refused)?.state).toBe('failed')
    const second = queue('bob', 'second')
    outbox.pump()
    await live(3 * silentProofMs)
    expect(message(second)).toMatchObject({ state: 'sent', proof: 'alive' })
  })

  it('is insisted on once it has shown one on that link', async () => {
    await learned()
    const second = queue('bob', 'second')
    outbox.pump()
    await live(10 * proofTimeoutMs)
    expect(message(second)?.state).toBe('sending')
    echoText('second')
    expect(message(second)).toMatchObject({ state: 'sent', proof: 'echo' })
  })
})

describe('a silent server', () => {
  it('that has ever answered a ping has to answer one sent after the writing: what it says itself proves nothing', async () => {
    const first = queue('bob', 'first')
    await outbox.start(link)
    await live(2 * silentProofMs)
    expect(message(first)).toMatchObject({ state: 'sent', proof: 'alive' })
    // Another program, the same database.
    outbox.dispose()
    outbox = createOutbox()
    link = idleLink()
    const second = queue('bob', 'second')
    await outbox.start(link)
    await deaf(2 * unansweredProofMs)
    expect(message(second)?.state).toBe('sending')
    expect(link.pings).toBeGreaterThan(0)
    outbox.answered()
    await clock.pass(0)
    expect(message(second)).toMatchObject({ state: 'sent', proof: 'alive' })
  })

  it('whose answer is to a ping of before the writing has not shown that it has the message', async () => {
    await outbox.start(link)
    outbox.answered()
    const id = queue('bob', 'hello')
    outbox.pump()
    await clock.pass(1_000)
    outbox.answered()
    await deaf(silentProofMs - 2_000)
    expect(message(id)?.state).toBe('sending')
  })

  it('that never answers pings is believed when the link lives longer than a server bears a silent client', async () => {
    const id = queue('bob', 'hello')
    await outbox.start(link)
    await deaf(unansweredProofMs - 1_000)
    expect(message(id)?.state).toBe('sending')
    await deaf(3_000)
    expect(message(id)).toMatchObject({ state: 'sent', proof: 'alive' })
  })
})

describe('giving up', () => {
  it('never happens for time that was spent without a connection, however long', async () => {
    await learned()
    const id = queue('bob', 'hello')
    outbox.pump()
    await clock.pass(1_000)
    outbox.stop()
    await clock.pass(3 * dayMs)
    await outbox.start(link)
    await clock.pass(3 * proofTimeoutMs)
    expect(message(id)?.state).toBe('sending')
  })

  it('does not follow the wall clock, forwards or back', async () => {
    await learned()
    const id = queue('bob', 'hello')
    outbox.pump()
    await clock.pass(1_000)
    for (const jump of [10 * 365 * dayMs, -20 * 365 * dayMs]) {
      clock.jump(jump)
      await clock.pass(3 * proofTimeoutMs)
      expect(message(id)?.state).toBe('sending')
    }
    await clock.pass(giveUpAfterMs)
    expect(message(id)).toMatchObject({ state: 'failed', problem: { code: 'message.gaveUp' } })
  })

  it('counts the trying of earlier runs of the program', async () => {
    await learned()
    const id = queue('bob', 'hello')
    outbox.pump()
    await clock.pass(giveUpAfterMs - 3_600_000)
    expect(message(id)?.state).toBe('sending')
    outbox.dispose()
    outbox = createOutbox()
    await outbox.start(idleLink())
    await clock.pass(3_600_000 + 4 * proofTimeoutMs)
    expect(message(id)).toMatchObject({ state: 'failed', problem: { code: 'message.gaveUp' } })
  })

  it('begins anew when the user tries again: same id, same place, another day', async () => {
    await learned()
    const id = queue('bob', 'hello')
    queue('bob', 'later')
    outbox.pump()
    await clock.pass(giveUpAfterMs + 2 * proofTimeoutMs)
    expect(message(id)?.state).toBe('failed')
    link.sent.splice(0)
    expect(memory.inside.retry(id, clock.now()).ok).toBe(true)
    outbox.stop()
    await outbox.start(link)
    await clock.pass(giveUpAfterMs - 3_600_000)
    expect(message(id)?.state).toBe('sending')
    expect(texts()[0]).toBe('hello')
    expect(steps(id).filter((step) => step.startsWith('failed') || step === 'retried')).toEqual([
      'failed message.gaveUp',
      'retried',
    ])
  })
})

describe('what is done to a message', () => {
  it('waits for the server’s id of it where the server knows no other, and goes out when that is known', async () => {
    await learned()
    const id = queue('bob', 'hello')
    outbox.pump()
    await clock.pass(0)
    tell({ type: 'message.status', target: { clientId: `client-${ids}` }, state: 'sent', reason: null })
    expect(memory.inside.edit(id, 'hello, edited', clock.now()).ok).toBe(true)
    queue('bob', 'next')
    outbox.pump()
    await clock.pass(1_000)
    expect(texts()).toEqual(['hello', 'next'])
    expect(message(id)?.problem).toBeNull()
    echoText('hello')
    echoText('next')
    await clock.pass(1_000)
    expect(texts()).toEqual(['hello', 'next', 'message.edit'])
  })

  it('is refused in plain words by a server that never names messages', async () => {
    const id = queue('bob', 'hello')
    await outbox.start(link)
    await live(2 * silentProofMs)
    expect(message(id)).toMatchObject({ state: 'sent', proof: 'alive' })
    expect(memory.inside.edit(id, 'hello, edited', clock.now()).ok).toBe(true)
    outbox.pump()
    await clock.pass(1_000)
    expect(message(id)).toMatchObject({ content: { text: 'hello' }, problem: { code: 'message.notSupported' } })
  })
})

describe('the trace', () => {
  it('tells why each writing was needed: a lost link and how it was lost, silence, a restart', async () => {
    await learned()
    const id = queue('bob', 'hello')
    outbox.pump()
    await clock.pass(1_000)
    outbox.stop()
    outbox.linkEnded('link.closed')
    await outbox.start(link)
    await clock.pass(proofTimeoutMs + 1_000)
    outbox.dispose()
    outbox = createOutbox()
    await outbox.start(link)
    await clock.pass(0)
    echoText('hello')
    expect(steps(id)).toEqual([
      'stored',
      'written',
      'written linkLost link.closed',
      'written noProof',
      'written restarted',
      'proved',
      'identified',
    ])
  })
})

describe('an ERROR that names a command', () => {
  const lastReceipt = (over: FakeLink): string => over.sent.at(-1)?.receiptId ?? ''
  const refusedBy = (over: FakeLink, words: string, code: ErrorCode = 'link.serverError') => ({
    serverError: { message: words, body: '', receiptId: lastReceipt(over) },
    problem: appError(code),
  })
  async function reconnect(): Promise<void> {
    outbox.stop()
    link = idleLink()
    await outbox.start(link)
    await clock.pass(0)
  }

  it('repeats it once under the same id, and fails it the second time with the words of the server', async () => {
    const id = queue('bob', 'poison')
    queue('bob', 'next')
    await outbox.start(link)
    await clock.pass(0)
    expect(outbox.refused(refusedBy(link, 'cannot be handled'))).toBe(true)
    await reconnect()
    expect(texts()).toEqual(['poison'])
    expect(message(id)?.state).toBe('sending')
    expect(outbox.refused(refusedBy(link, 'cannot be handled'))).toBe(true)
    await reconnect()
    expect(message(id)).toMatchObject({
      state: 'failed',
      problem: { code: 'message.refused', detail: 'cannot be handled' },
    })
    expect(texts()).toEqual(['next'])
  })

  it('is forgiven when the command arrived after all, and counted anew when the user tries again', async () => {
    const id = queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    outbox.refused(refusedBy(link, 'a bad moment'))
    await reconnect()
    outbox.refused(refusedBy(link, 'a bad moment'))
    await reconnect()
    expect(message(id)?.state).toBe('failed')
    memory.inside.retry(id, clock.now())
    outbox.pump()
    await clock.pass(0)
    outbox.refused(refusedBy(link, 'a bad moment'))
    await reconnect()
    expect(message(id)?.state).toBe('sending')
    echoText('hello')
    expect(message(id)?.state).toBe('sent')
  })

  it('fails nothing when it is the server that stops, or wants another token', async () => {
    const id = queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    for (const code of ['link.closed', 'session.unauthorized', 'link.closed', 'link.closed'] as const) {
      expect(outbox.refused(refusedBy(link, 'Broker not available', code))).toBe(true)
      await reconnect()
    }
    expect(message(id)?.state).toBe('sending')
    expect(texts()).toEqual(['hello'])
  })

  it('is no concern of the queue when it names something else', async () => {
    queue('bob', 'hello')
    await outbox.start(link)
    await clock.pass(0)
    const about = (receiptId?: string) => ({
      serverError: { message: 'no', body: '', ...(receiptId !== undefined && { receiptId }) },
      problem: appError('link.serverError'),
    })
    expect([outbox.refused(about()), outbox.refused(about('sub-group-x'))]).toEqual([false, false])
  })
})

describe('a link that ends', () => {
  it('while the attempt is being recorded takes nothing; the message goes out over the next one', async () => {
    const id = queue('bob', 'hello')
    await outbox.start(link)
    outbox.stop()
    await clock.pass(0)
    expect(texts()).toEqual([])
    const next = idleLink()
    await outbox.start(next)
    await clock.pass(0)
    expect(texts(next)).toEqual(['hello'])
    expect(message(id)?.state).toBe('sending')
  })

  it('while the pace is waited for leaves no timer, and the next link waits for nobody', async () => {
    for (let index = 0; index < 25; index++) queue(`peer${index}`, `m${index}`)
    await outbox.start(link)
    await clock.pass(0)
    expect(link.sent).toHaveLength(10)
    outbox.dispose()
    await clock.pass(0)
    expect(clock.pending).toBe(0)
  })
})
