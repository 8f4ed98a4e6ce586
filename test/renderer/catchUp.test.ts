/** The way back after an absence: what is offered, in what order, and that it ends when all is read. */
import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Conversation, muteForEver, noPreferences } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
import CatchUpPanel from '../../renderer/src/features/catchUp/CatchUpPanel.vue'
import { awayMs, enoughUnread, useAbsences } from '../../renderer/src/stores/absences.ts'
import { useView } from '../../renderer/src/stores/view.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, message, notice, selfId, snapshot } from './fakes/rows.ts'

let page: MountedPage | undefined
afterEach(() => {
  vi.useRealTimers()
  expect(page?.broken ?? []).toEqual([])
  page?.unmount()
  page = undefined
})

const lastOf = (messageId: number): Conversation['last'] => ({
  messageId,
  senderId: 'bob',
  kind: 'text',
  text: 'last',
  event: null,
  state: 'sent',
  recalled: false,
  outgoing: false,
  at: messageId * 1000,
})
const unread = (id: number, conversationId: string, text: string, named = false): Message =>
  message({
    id,
    conversationId,
    unread: true,
    content: { kind: 'text', text, ...(named && { mentions: [selfId] }) },
  })

async function show(): Promise<FakeBridge> {
  const bridge = createFakeBridge(
    createWorld({
      accounts: [account()],
      messages: [
        unread(1, 'group:crew', 'first of the crew'),
        unread(2, 'group:crew', 'you there?', true),
        unread(3, 'direct:bob', 'from Bob'),
        unread(4, 'group:noise', 'noise'),
      ],
      snapshots: new Map([
        [
          accountId,
          snapshot({
            conversations: [
              conversation({ id: 'group:crew', kind: 'group', title: 'Crew', unread: 2, mentions: 1, last: lastOf(2) }),
              conversation({ unread: 1, last: lastOf(3), activeAt: 3000 }),
              conversation({
                id: 'group:noise',
                kind: 'group',
                title: 'Noise',
                unread: 1,
                last: lastOf(4),
                preferences: { ...noPreferences, mutedUntil: muteForEver },
              }),
              conversation({ id: 'direct:read', targetId: 'read' }),
            ],
            notices: [
              notice({ id: 'n1', title: 'Maintenance tonight' }),
              notice({ id: 'n2', title: 'Buy now', kind: 'promotion' }),
              notice({ id: 'n3', title: 'Known', acknowledgedAt: 1 }),
            ],
          }),
        ],
      ]),
    }),
  )
  page = await mountPage({ bridge, component: CatchUpPanel, before: startStores })
  return bridge
}
const sections = (): string[] =>
  [...document.querySelectorAll('.section')].map(
    (section) =>
      `${section.querySelector('h2')?.textContent.replaceAll(/\s+/g, ' ').trim() ?? ''}: ${section.querySelectorAll('li').length}`,
  )
const entry = (text: string): HTMLElement => {
  const found = [...document.querySelectorAll<HTMLElement>('[data-roving]')].find((one) =>
    one.textContent.includes(text),
  )
  if (found === undefined) throw new Error(`no ${text}`)
  return found
}
async function markRead(section: string): Promise<void> {
  const found = [...document.querySelectorAll('.section')].find((one) =>
    one.querySelector('h2')?.textContent.includes(section),
  )
  found?.querySelector<HTMLElement>('header button')?.click()
  await flushPromises()
  await vi.advanceTimersByTimeAsync(300)
  await flushPromises()
}

describe('the catch-up', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))

  it('goes from who named the user to people, groups, announcements and what is muted', async () => {
    await show()
    expect(sections()).toEqual([
      'You were mentioned 1: 1',
      'People 1: 1',
      'Groups 1: 1',
      'Announcements 1: 1',
      'Muted 1: 1',
    ])
    expect(document.body.textContent).not.toContain('Buy now')
  })

  it('leads to the message that named the user, and to the first unread one of a chat', async () => {
    await show()
    const view = useView()
    entry('you there?').click()
    expect(view.wanted).toEqual({ conversationId: 'group:crew', id: 'server-2' })
    entry('first of the crew').click()
    expect(view.wanted).toEqual({ conversationId: 'group:crew', id: 'server-1' })
    entry('Maintenance').click()
    expect(view.panel).toBe('announcements')
  })

  it('has one tab stop, and arrows that walk through all of it', async () => {
    await show()
    expect(document.querySelectorAll('[data-roving][tabindex="0"]')).toHaveLength(1)
    const first = entry('you there?')
    first.focus()
    first.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))
    expect(document.activeElement).toBe(entry('from Bob'))
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }))
    expect(document.activeElement).toBe(entry('noise'))
  })

  it('is emptied by reading alone: section by section, each exactly what it lists', async () => {
    const bridge = await show()
    await markRead('You were mentioned')
    expect(bridge.inputsOf('conversation.markSeen')).toEqual([{ accountId, messageIds: [2] }])
    expect(sections()).toEqual(['People 1: 1', 'Groups 1: 1', 'Announcements 1: 1', 'Muted 1: 1'])
    await markRead('Groups')
    expect(bridge.inputsOf('conversation.markRead')).toEqual([{ accountId, conversationId: 'group:crew', upTo: 2 }])
    await markRead('Muted')
    await markRead('People')
    expect(sections()).toEqual(['Announcements 1: 1'])
    bridge.change({ notices: [notice({ id: 'n1', acknowledgedAt: 9, revision: 2 })] })
    await flushPromises()
    expect(document.body.textContent).toContain('You are all caught up')
  })

  it('takes in what comes meanwhile', async () => {
    const bridge = await show()
    const row = bridge.world.snapshots.get(accountId)?.conversations.find(({ id }) => id === 'direct:read')
    if (row === undefined) throw new Error('no row')
    bridge.change({
      conversations: [{ ...row, unread: 1, revision: 2 }],
      messages: [unread(9, 'direct:read', 'just now')],
    })
    await vi.advanceTimersByTimeAsync(300)
    await flushPromises()
    expect(sections()).toContain('People 2: 2')
    expect(entry('just now')).toBeDefined()
  })

  it('keeps what could not be marked', async () => {
    const bridge = await show()
    bridge.refuse('conversation.markRead', { code: 'storage.full' })
    await markRead('People')
    expect(sections()).toContain('People 1: 1')
  })
})

describe('an absence', () => {
  const there = { online: true, attentive: true, unread: enoughUnread, at: 1_000_000 }
  const offer = () => useAbsences().offerOf(accountId)
  const note = (facts: Partial<typeof there>) => useAbsences().note(accountId, { ...there, ...facts })
  beforeEach(() => void setActivePinia(createPinia()))

  it('is noticed at the first look after the start, once what was missed has come', () => {
    note({ online: false })
    expect(offer()).toBeUndefined()
    note({ attentive: false })
    expect(offer()).toBeUndefined()
    note({})
    expect(offer()).toEqual({ since: null })
  })

  it('is not one when little is unread or the pause was short', () => {
    note({ unread: enoughUnread - 1 })
    note({ at: there.at + 1 })
    note({ at: there.at + awayMs })
    expect(offer()).toBeUndefined()
  })

  it('is told once, with its beginning, and is over when all is read', () => {
    note({ unread: 0 })
    note({ at: there.at + awayMs })
    expect(offer()).toEqual({ since: there.at })
    useAbsences().putAway(accountId)
    note({ at: there.at + awayMs + 1 })
    expect(offer()).toBeUndefined()
    note({ at: there.at + 3 * awayMs })
    expect(offer()).toBeDefined()
    note({ unread: 0 })
    expect(offer()).toBeUndefined()
  })
})
