/**
 * What is done to a message, told before the message itself and in every other order: F14.
 *
 * The server does it all while the user is away and its own pushes are withheld; then the test brings every letter by
 * hand, those of all stories shuffled together, so that each story is told in an order of its own.
 */
import { describe, expect } from 'vitest'
import type { Message } from '#common/domain/message.ts'
import { im2Status, im2Type } from '#test/server/im2Envelope.ts'
import { im2Queues } from '#test/server/im2Events.ts'
import type { MessageRow } from '#test/server/types.ts'
import { wholeRun } from './fault.ts'
import { type Rig, rigFault, settled } from './rig.ts'

const speed = 20
const tellings = wholeRun ? 150 : 20

/** What the server does, in this order. */
type Deed = 'edit' | 'editAgain' | 'recall' | 'lateEdit' | 'recallAgain' | 'recallTheRecall' | 'delivered' | 'read'

interface Story {
  readonly what: string
  /** Sent by the user from another device. */
  readonly own: boolean
  readonly deeds: readonly Deed[]
}

const im2Stories: readonly Story[] = [
  { what: 'edited twice', own: false, deeds: ['edit', 'editAgain'] },
  { what: 'edited, then recalled', own: false, deeds: ['edit', 'recall'] },
  { what: 'recalled twice, and the recall recalled', own: false, deeds: ['recall', 'recallAgain', 'recallTheRecall'] },
  { what: 'edited after the recall', own: false, deeds: ['recall', 'lateEdit'] },
  { what: 'delivered, read, edited', own: true, deeds: ['delivered', 'read', 'edit'] },
  { what: 'delivered, recalled, read', own: true, deeds: ['delivered', 'recall', 'read'] },
]

const xuqmStories: readonly Story[] = [
  { what: 'recalled', own: false, deeds: ['recall'] },
  { what: 'recalled in both forms', own: false, deeds: ['recall', 'recallAgain'] },
  { what: 'recalled, and the recall recalled', own: false, deeds: ['recall', 'recallAgain', 'recallTheRecall'] },
  { what: 'delivered, read', own: true, deeds: ['delivered', 'read'] },
  { what: 'delivered, recalled, read', own: true, deeds: ['delivered', 'recall', 'read'] },
]

interface Told {
  readonly story: Story
  readonly peer: string
  readonly letters: readonly (() => void)[]
}

/** What a person sees, without names that differ from one telling to the next. */
function seen(messages: readonly Message[]): unknown {
  return messages.map(({ content, state, edited, recalled, deleted, unread, outgoing }) => ({
    content,
    state,
    edited: edited === null ? null : { reason: edited.reason },
    recalled: recalled === null ? null : { reason: recalled.reason },
    deleted,
    unread,
    outgoing,
  }))
}

describe('operations and their message', () => {
  rigFault('F14', 'in any order end as in the order of their happening', { timeoutMs: 120_000 }, async (rig, notes) => {
    const { control } = rig.server
    const stories = rig.dialect === 'im2' ? im2Stories : xuqmStories
    const told: Told[] = stories.flatMap((story, index) =>
      Array.from({ length: 1 + tellings }, (_, n) => tell(rig, story, `peer-${index}-${n}`)),
    )
    control.dropPushes({ userId: 'alice', count: Number.MAX_SAFE_INTEGER, lost: true })
    const alice = await rig.client('alice', { speed })
    await settled(alice)
    expect((await alice.store.snapshot()).conversations.filter(({ id }) => id.includes('peer-'))).toEqual([])
    control.clearFaults()

    const straight = told.filter(({ peer }) => peer.endsWith('-0'))
    for (const letter of straight.flatMap(({ letters }) => letters)) letter()
    await settled(alice)
    const letters = told.filter((one) => !straight.includes(one)).flatMap((one) => one.letters)
    for (const letter of shuffled(letters, rig.random)) {
      letter()
      // Sometimes a batch of its own.
      if (rig.random() < 0.05) await new Promise((resolve) => setTimeout(resolve, rig.random() * 20))
    }
    // And some of them once more.
    for (const letter of shuffled(letters, rig.random).slice(0, letters.length / 4)) letter()
    await settled(alice)

    for (const { story, peer } of told) {
      const model = straight.find((one) => one.story === story)
      const chat = `direct:${peer}`
      const wanted = seen(await alice.reads(`direct:${model?.peer ?? ''}`))
      expect(seen(await alice.reads(chat)), `${story.what}: ${peer}`).toEqual(wanted)
      const page = await alice.store.page(chat, { at: 'newest' }, 10)
      if (page.ok) expect(page.value.holes, `${story.what}: ${peer}`).toEqual([])
    }
    notes.add(`${told.length} tellings`)
  })
})

/** The server's part, and the letters that tell of it in the order of happening. */
function tell(rig: Rig, story: Story, peer: string): Told {
  const { control } = rig.server
  control.addUser({ userId: peer, nickname: peer })
  const row = control.message(
    story.own ? { from: 'alice', to: peer, text: 'as sent' } : { from: peer, to: 'alice', text: 'as sent' },
  )
  for (const deed of story.deeds) {
    if (deed === 'edit') control.edit({ serverId: row.serverId, newContent: words(rig, 'edited') })
    else if (deed === 'editAgain') control.edit({ serverId: row.serverId, newContent: words(rig, 'edited again') })
    else if (deed === 'recall') control.recall({ serverId: row.serverId, reason: 'a mistake' })
    else if (deed === 'read') control.markRead({ serverId: row.serverId })
  }
  const letters = rig.dialect === 'im2' ? im2Letters(rig, story, row) : xuqmLetters(rig, story, row)
  return { story, peer, letters }
}

const words = (rig: Rig, text: string): string =>
  rig.dialect === 'im2' ? JSON.stringify({ content: text, contentExtra: null }) : text

function im2Letters(rig: Rig, { deeds }: Story, row: MessageRow): (() => void)[] {
  const { control } = rig.server
  const { serverId, clientId, senderId, receiverId, conversationId, serverTime, content } = row
  let sequence = BigInt(row.sequence ?? '0')
  const common = { senderId, receiverId: receiverId ?? '', conversationId, source: 'server' }
  const numbered = (type: number, of: object): (() => void) => {
    sequence += 1n
    const envelope = {
      ...common,
      messageId: `op-${serverId}-${sequence}`,
      type,
      sequence: String(sequence),
      timestamp: serverTime + Number(sequence),
      content: JSON.stringify(of),
    }
    return () => void control.push({ userId: 'alice', envelope })
  }
  const event = (of: object): (() => void) => {
    return () =>
      void control.event({
        userId: 'alice',
        type: im2Type.messageStatusChange,
        destination: im2Queues.messageStatus,
        content: { messageId: serverId, conversationId, timestamp: serverTime + 10, ...of },
      })
  }
  const status = (to: number): (() => void) => event({ clientMessageId: clientId, status: to })
  const edit = (text: string): (() => void) =>
    numbered(im2Type.edit, { messageId: serverId, newContent: words(rig, text), editReason: '' })
  const recall = (messageId: string): (() => void) =>
    numbered(im2Type.recall, { messageId, operatorId: senderId, reason: 'a mistake' })
  const letters: (() => void)[] = [
    () =>
      void control.push({
        userId: 'alice',
        envelope: {
          ...common,
          messageId: serverId,
          type: im2Type.text,
          status: im2Status.normal,
          clientMessageId: clientId,
          timestamp: serverTime,
          sequence: row.sequence ?? '0',
          content,
        },
      }),
  ]
  for (const deed of deeds) {
    switch (deed) {
      case 'edit':
        letters.push(edit('edited'))
        break
      case 'editAgain':
        letters.push(edit('edited again'))
        break
      case 'lateEdit':
        letters.push(edit('edited too late'))
        break
      case 'recall':
        letters.push(recall(serverId))
        break
      case 'recallAgain':
        letters.push(event({ eventType: 'communication.message.recalled', operatorId: senderId, reason: 'a mistake' }))
        break
      case 'recallTheRecall':
        letters.push(recall(`op-${serverId}-${sequence}`))
        break
      case 'delivered':
        letters.push(status(im2Status.delivered))
        break
      case 'read':
        letters.push(status(im2Status.read))
    }
  }
  return letters
}

function xuqmLetters(rig: Rig, { deeds }: Story, row: MessageRow): (() => void)[] {
  const { control } = rig.server
  const plain = {
    id: row.serverId,
    fromId: row.senderId,
    toId: row.receiverId ?? '',
    chatType: 'SINGLE',
    msgType: 'TEXT',
    content: row.content,
    status: 'SENT',
    createdAt: row.serverTime,
  }
  const push = (json: object) => (): void => void control.pushJson({ userId: 'alice', json })
  const letters: (() => void)[] = [push(plain)]
  for (const deed of deeds) {
    if (deed === 'delivered') letters.push(push({ ...plain, status: 'DELIVERED' }))
    else if (deed === 'read') letters.push(push({ ...plain, status: 'READ' }))
    else if (deed === 'recall') letters.push(push({ ...plain, content: '', status: 'REVOKED' }))
    else {
      const target = deed === 'recallTheRecall' ? `r-${row.serverId}` : row.serverId
      letters.push(push({ ...plain, id: `r-${row.serverId}`, msgType: 'REVOKE', content: target }))
    }
  }
  return letters
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const mixed = [...list]
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const [a, b] = [mixed[at], mixed[other]]
    if (a === undefined || b === undefined) continue
    mixed[at] = b
    mixed[other] = a
  }
  return mixed
}
