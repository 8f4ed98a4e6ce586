/**
 * What a user, other people, an administrator, the network and the machine can do to a client. A command that makes no
 * sense at its time does nothing: which one it is about is decided by a number, whatever is there.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import { type Composed, type World } from './world.ts'
import { self } from './server.ts'

/** The model is in the world: what it owes is learned from the answers of the store. */
export type Model = Record<string, never>
type Step = fc.AsyncCommand<Model, World>

/** Real time that a user, a person or a server takes for one thing. */
const momentMs = 20

function step(name: string, args: readonly unknown[], act: (world: World) => Promise<void> | void): Step {
  return {
    check: () => true,
    run: async (_model, world) => {
      await act(world)
      await world.pass(momentMs)
      world.looks()
    },
    toString: () => `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`,
  }
}

const refusals = ['input.tooLong', 'message.readOnly']

async function says(world: World, conversation: number, words: string): Promise<void> {
  const { session } = world
  const conversationId = world.chat(conversation)
  const clientId = world.uuid()
  const sent = await world.answer(
    session.store.send({ conversationId, content: { kind: 'text', text: words }, clientId, at: world.clock.now() }),
  )
  const { maxMessageLength, readOnly } = world.store.policy()
  const allowed = !readOnly && words.length <= maxMessageLength
  expect(sent.ok ? 'ok' : sent.error.code, 'the answer to a message').toSatisfy((answer: string) =>
    allowed ? answer === 'ok' : refusals.includes(answer),
  )
  if (!sent.ok) return
  const { messageId } = session.changed(sent.value)
  world.composed.push({
    messageId,
    clientId,
    conversationId,
    words,
    takenBack: false,
    unwanted: false,
    hidden: false,
    waited: false,
    contested: false,
  })
  session.nudge()
}

/** One of the user's messages that are still there. */
function own(world: World, index: number): Composed | null {
  const there = world.composed.filter(({ takenBack, hidden }) => !takenBack && !hidden)
  return there[index % Math.max(1, there.length)] ?? null
}

/** Asks for a change of one message of the user's; answers whether it was accepted. */
async function change(
  world: World,
  message: Composed,
  ask: () => ReturnType<World['session']['store']['recall']>,
): Promise<boolean> {
  const { session } = world
  const before = world.store.message(message.messageId)
  const result = await world.answer(ask())
  if (!result.ok) {
    expect(before, result.error.code).not.toBeNull()
    return false
  }
  session.changed(result.value)
  if (world.store.message(message.messageId)?.deleted === true) message.takenBack = true
  session.nudge()
  return true
}

async function edits(world: World, index: number, words: string): Promise<void> {
  const message = own(world, index)
  if (message === null) return
  const { messageId } = message
  if (await change(world, message, () => world.session.store.edit(messageId, words, world.clock.now()))) {
    message.words = words
  }
}

async function recalls(world: World, index: number): Promise<void> {
  const message = own(world, index)
  if (message === null) return
  if (await change(world, message, () => world.session.store.recall(message.messageId, world.clock.now()))) {
    message.unwanted = true
  }
}

async function cancels(world: World, index: number): Promise<void> {
  const message = own(world, index)
  if (message === null) return
  await change(world, message, () => world.session.store.cancel(message.messageId))
}

async function retries(world: World, index: number): Promise<void> {
  const message = own(world, index)
  if (message === null) return
  await change(world, message, () => world.session.store.retry(message.messageId, world.clock.now()))
}

/** What was written goes out all the same, and the server keeps it from this user where it can be told. */
async function hides(world: World, index: number): Promise<void> {
  const message = own(world, index)
  if (message === null) return
  const { session } = world
  const { messageId } = message
  const isFailed = world.store.message(messageId)?.state === 'failed'
  const wasWritten = world.store.trace(messageId).some(({ step: what }) => what === 'written')
  const tell = session.capabilities.deleteForMe
  await change(world, message, () => session.store.deleteForMe(messageId, tell, world.clock.now()))
  message.takenBack = isFailed || !wasWritten
  message.hidden = !message.takenBack
}

function reads(world: World, conversation: number): Promise<void> | void {
  const chat = world.chat(conversation)
  const rows = world.timeline(chat)
  const last = rows.at(-1)
  if (last === undefined) return
  for (const { senderId, serverId } of rows) if (senderId !== self && serverId !== null) world.read.add(serverId)
  return world
    .answer(world.session.store.markRead(chat, last.id))
    .then((changed) => void world.session.changed(changed))
}

/** Somebody else, or the user on another device, writes. */
function arrives(world: World, from: string, conversation: number, words: string): void {
  const { control, store } = world.server
  if (store.users.get(from)?.permission === 'read_only') return
  control.message({ from, ...world.target(conversation, from), text: words, clientId: world.uuid() })
}

/** A message at the server that its sender may still change. */
function changeable(world: World, index: number, whose: (senderId: string) => boolean): string | null {
  const rows = world.server.messages().filter(({ state, senderId }) => state === 'normal' && whose(senderId))
  const row = rows[index % Math.max(1, rows.length)]
  if (row === undefined) return null
  const composed = world.composed.find(({ clientId }) => row.senderId === self && clientId === row.clientId)
  if (composed !== undefined) composed.contested = true
  return row.serverId
}

/** Whether the client knows by now that this server shows on the same link what it has taken. */
function hasLearned(world: World): boolean {
  const facts = [world.store.readFact('learnedProofs'), world.store.readFact('learnedCommands')].join(' ')
  return facts.includes('receipt') || facts.includes('message.send')
}

const isSelf = (senderId: string): boolean => senderId === self
const isOther = (senderId: string): boolean => senderId !== self

const index = fc.nat({ max: 30 })
const conversation = fc.nat({ max: 2 })
/** Short ones pass any limit, long ones only the widest. */
const words = fc.constantFrom('hi', 'five!', '你好', 'fourteen chars', 'a text of more than twenty characters')
const few = fc.integer({ min: 1, max: 5 })
const waits = fc.constantFrom(1, 50, 1_000, 5_000, 16_000, 35_000, 90_000)
const direction = fc.constantFrom(['in'] as const, ['out'] as const, ['in', 'out'] as const)

/** All commands; which of them a dialect's server has words for is its own affair. */
export function commands(dialect: 'im2' | 'xuqm', manner: World['manner']): fc.Arbitrary<Step>[] {
  const canEdit = dialect === 'im2'
  const steps: fc.Arbitrary<Step>[] = [
    fc.tuple(conversation, words).map(([c, w]) => step('says', [c, w], (world) => says(world, c, w))),
    fc.tuple(conversation, few).map(([c, n]) =>
      step('saysSeveral', [c, n], async (world) => {
        for (let at = 0; at < n; at++) await says(world, c, `${at} of several`)
      }),
    ),
    fc.tuple(index, words).map(([i, w]) => step('edits', [i, w], (world) => edits(world, i, `${w} *`))),
    index.map((i) => step('recalls', [i], (world) => recalls(world, i))),
    index.map((i) => step('cancels', [i], (world) => cancels(world, i))),
    index.map((i) => step('retries', [i], (world) => retries(world, i))),
    index.map((i) => step('hides', [i], (world) => hides(world, i))),
    conversation.map((c) => step('reads', [c], (world) => reads(world, c))),

    fc
      .tuple(conversation, words)
      .map(([c, w]) => step('otherSays', [c, w], (world) => arrives(world, world.peer(c), c, w))),
    fc.tuple(conversation, words).map(([c, w]) => step('deviceSays', [c, w], (world) => arrives(world, self, c, w))),
    fc.tuple(index, fc.boolean()).map(([i, theirs]) =>
      step(theirs ? 'otherRecalls' : 'deviceRecalls', [i], (world) => {
        const serverId = changeable(world, i, theirs ? isOther : isSelf)
        if (serverId !== null) world.server.control.recall({ serverId })
      }),
    ),

    fc.constant(step('cuts', [], (world) => world.network.reset())),
    fc.boolean().map((on) =>
      step(on ? 'plugs' : 'unplugs', [], (world) => {
        world.network.plug(on)
        if (!on) world.network.reset()
      }),
    ),
    direction.map((directions) => step('swallows', [directions], (world) => world.network.blackHole(directions))),
    fc.constant(step('heals', [], (world) => world.network.heal())),
    fc.boolean().map((on) => step(on ? 'serverStarts' : 'serverStops', [], (world) => world.network.listen(on))),
    fc.constant(step('restarts', [], (world) => world.restart())),
    fc
      .tuple(
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom('before', 'after'),
        fc.array(conversation, { maxLength: 3 }),
      )
      .map(([calls, when, composing]) =>
        step('crashes', [calls, when, composing], async (world) => {
          for (const c of composing) await says(world, c, 'just before the end')
          await world.crash(calls, when)
        }),
      ),
    fc.constant(step('triesNow', [], (world) => world.session.tryNow())),
    fc.constantFrom(-36e5, 36e5, -3e11, 3e11).map((ms) => step('setsClock', [ms], (world) => world.clock.jump(ms))),

    fc
      .tuple(few, few)
      .map(([count, times]) =>
        step('doubles', [count, times], (world) => world.server.control.doublePushes({ count, times: times + 1 })),
      ),
    fc.integer({ min: 2, max: 6 }).map((window) =>
      step('shuffles', [window], (world) => {
        const { control } = world.server
        control.reorderPushes({ window, seed: window })
        // No longer than a server takes for sure what it wrote as not had.
        world.clock.after(1_000, () => control.reorderPushes({ window: 1 }))
      }),
    ),
    few.map((count) => step('drops', [count], (world) => world.server.control.dropPushes({ count }))),
    few.map((count) =>
      step('swallowsAcks', [count], (world) => world.server.control.dropAcks({ count, userId: self })),
    ),
    fc
      .constantFrom(3, 15, 2_000)
      .map((maxMessageLength) =>
        step('limits', [maxMessageLength], (world) => world.server.control.policy({ maxMessageLength })),
      ),
    fc
      .boolean()
      .map((on) =>
        step(on ? 'forbids' : 'allows', [], (world) =>
          world.server.control.permission({ userId: self, permission: on ? 'read_only' : 'full_access' }),
        ),
      ),
    waits.map((ms) => step('waits', [ms], (world) => world.pass(ms))),
  ]
  if (canEdit) {
    steps.push(
      fc.tuple(index, words, fc.boolean()).map(([i, w, theirs]) =>
        step(theirs ? 'otherEdits' : 'deviceEdits', [i, w], (world) => {
          const serverId = changeable(world, i, theirs ? isOther : isSelf)
          const newContent = `${w} **`
          const isAllowed = newContent.length <= world.server.store.settings.maxMessageLength
          if (serverId !== null && isAllowed) world.server.control.edit({ serverId, newContent })
        }),
      ),
    )
  }
  if (manner !== 'silent') {
    steps.push(
      few.map((count) =>
        step('losesSends', [count], (world) => {
          // A server that has shown nothing yet, and loses a message, cannot be found out.
          if (hasLearned(world)) world.server.control.loseSends({ count })
        }),
      ),
    )
  }
  return steps
}
