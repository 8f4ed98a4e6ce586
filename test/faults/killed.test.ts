/**
 * F15: a client is killed at named points of its work. Started again, after one sync, it is whole: what was accepted is
 * with the server once and in its order, and the oracle finds nothing.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createRandom } from '#test/server/faults.ts'
import type { DialectName } from '#test/server/types.ts'
import { wholeRun } from './fault.ts'
import type { ClientProcess } from './process/child.ts'
import { rigProcess } from './process/inRig.ts'
import { type KillPoint, killPoints } from './process/killPoints.ts'
import { type Rig, rigFault, settled } from './rig.ts'

/** One of each kind: what is tried with every change. */
const quickPoints: ReadonlySet<string> = new Set([
  'before COMMIT of the first migration',
  'after subscribing, before sync',
  'after COMMIT of the outbox, before the answer',
  'after the attempt is recorded, before the bytes',
  'after the bytes are written',
  'when the receipt has come, before it is settled',
  "between an edit's queue entry and its row",
  'before COMMIT of a batch',
])

/** What the user was told is done. */
interface Accepted {
  /** Messages by conversation, in the order of writing; taken back ones are not among them. */
  readonly said: Map<string, string[]>
  /** The last words of a message, by its first. */
  readonly edited: Map<string, string>
  readonly recalled: Set<string>
  /** Taken back before they were written to a socket. */
  readonly cancelled: Set<string>
}

describe('kill points', () => {
  it('are forty at least, each under a name of its own', () => {
    expect(new Set(killPoints.map(({ name }) => name)).size).toBe(killPoints.length)
    expect(killPoints.length).toBeGreaterThanOrEqual(40)
    for (const name of quickPoints) expect(killPoints.map((point) => point.name)).toContain(name)
  })
})

describe('a client killed', () => {
  for (const [index, point] of killPoints.entries()) {
    if (!wholeRun && !quickPoints.has(point.name)) continue
    const options = { receipts: point.receipts === true, dialects: [dialectFor(point, index)] }
    rigFault('F15', point.name, options, async (rig) => {
      const time = 1 + Math.floor(createRandom(rig.seed)() * (point.times ?? 1))
      const accepted: Accepted = { said: new Map(), edited: new Map(), recalled: new Set(), cancelled: new Set() }
      const speed = rig.dialect === 'xuqm' ? 4 : 1
      const { process, start } = rigProcess(rig, 'alice', {
        inThread: true,
        speed,
        killAt: { point: point.name, time },
      })
      const life = start().then(() => live(process, rig, accepted))
      const outcome = await Promise.race([
        process.ended,
        life.then(
          () => 'it never came to the point',
          (error: unknown) => Promise.race([process.ended, wait(1_000).then(() => String(error))]),
        ),
      ])
      expect(outcome).toBe('SIGKILL')

      await rig.proxy.listen(true)
      rig.server.control.message({ dialect: rig.dialect, from: 'bob', to: 'alice', text: 'while you were gone' })
      const again = await rig.client('alice', { speed })
      await settled(again)
      await again.close()
      expectAccepted(rig, accepted)
    })
  }
})

/** A second dialect adds nothing to most points: each is tried at half of them, and the quicker one with every change. */
function dialectFor({ edits, receipts }: KillPoint, index: number): DialectName {
  if (edits === true || receipts === true) return 'im2'
  return wholeRun && index % 2 === 0 ? 'im2' : 'xuqm'
}

/** Some of everything a user does in a day, with the server talking meanwhile. */
async function live(alice: ClientProcess, rig: Rig, accepted: Accepted): Promise<void> {
  const { control } = rig.server
  const { dialect, proxy } = rig
  const from = (text: string): void => {
    control.message({ dialect, from: 'bob', to: 'alice', text })
    control.message({ dialect, from: 'sofia', group: 'g-release', text })
  }
  const says = async (chat: string, text: string): Promise<number> => {
    const id = await alice.says(chat, text)
    accepted.said.set(chat, [...(accepted.said.get(chat) ?? []), text])
    return id
  }
  await alice.reaches('online')
  const chats = [await alice.opens({ person: 'bob' }), await alice.opens({ group: 'g-release' })]
  const [chat = ''] = chats
  const ids: number[] = []
  for (let n = 0; n < 4; n++) {
    for (const each of chats) ids.push(await says(each, `${each} ${n}`))
    from(`hello ${n}`)
  }
  await alice.settles()
  await alice.drafts(chat, 'half a thought')
  const page = await alice.reads(chat)
  await alice.marksRead(chat, page.at(-1)?.id ?? 0)
  const [edited = 0, recalled = 0] = ids
  if (dialect === 'im2') {
    await alice.edits(edited, 'said better')
    accepted.edited.set(`${chat} 0`, 'said better')
  }
  await alice.recalls(recalled)
  accepted.recalled.add(`${chats[1] ?? ''} 0`)
  await alice.settles()

  // Without a link: written, taken back, and the way back.
  await proxy.listen(false)
  proxy.reset()
  await alice.reaches('offline')
  const regretted = await alice.says(chat, 'not so')
  await alice.cancels(regretted)
  accepted.cancelled.add('not so')
  for (const each of chats) await says(each, `${each} offline`)
  from('missed')
  await proxy.listen(true)
  await alice.tryNow()
  await alice.settles()
  await wait(10)
  await alice.close()
}

/** What was accepted is at the server: each once, in the order of writing, in its last form. */
function expectAccepted(rig: Rig, accepted: Accepted): void {
  const rows = rig.server.messages(rig.dialect).filter(({ senderId }) => senderId === 'alice')
  expect(new Set(rows.map(({ clientId }) => clientId)).size).toBe(rows.length)
  for (const [chat, texts] of accepted.said) {
    const there = rows.flatMap(({ content }) => texts.filter((text) => content.includes(text)))
    expect(there, chat).toEqual(texts)
  }
  for (const text of accepted.cancelled) for (const { content } of rows) expect(content).not.toContain(text)
  for (const [text, words] of accepted.edited) {
    expect(rows.find(({ content }) => content.includes(text))?.editedContent).toContain(words)
  }
  for (const text of accepted.recalled) {
    expect(rows.find(({ content }) => content.includes(text))?.state).toBe('recalled')
  }
}
