/** The list of conversations: order, filters, quiet, and what stands behind a badge. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { type Conversation, muteForEver, noPreferences } from '#common/domain/conversation.ts'
import { silenceEnd } from '#common/domain/silence.ts'
import ConversationsPane from '../../renderer/src/features/conversations/ConversationsPane.vue'
import { passes } from '../../renderer/src/features/conversations/filters.ts'
import { steadyMs, useSteadyOrder } from '../../renderer/src/features/conversations/steadyOrder.ts'
import { knownOf, suggest } from '../../renderer/src/features/conversations/suggestions.ts'
import { useConversations } from '../../renderer/src/stores/conversations.ts'
import { useView } from '../../renderer/src/stores/view.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, message, online, person, selfId, snapshot } from './fakes/rows.ts'

let page: MountedPage | undefined
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(300)
})
afterEach(() => {
  vi.useRealTimers()
  expect(page?.broken ?? []).toEqual([])
  page?.unmount()
  page = undefined
  document.body.innerHTML = ''
})

const group = (id: string, facts: Partial<Conversation> = {}): Conversation =>
  conversation({ id: `group:${id}`, kind: 'group', targetId: id, title: id, ...facts })
const prefer = (facts: Partial<Conversation['preferences']>) => ({ preferences: { ...noPreferences, ...facts } })

async function show(rows: Conversation[], facts: Parameters<typeof createWorld>[0] = {}): Promise<FakeBridge> {
  const people = [person({ userId: 'bob', nickname: 'Bob', online: true })]
  const bridge = createFakeBridge(
    createWorld({
      accounts: [account()],
      snapshots: new Map([[accountId, snapshot({ conversations: rows, people })]]),
      ...facts,
    }),
  )
  page = await mountPage({ bridge, component: ConversationsPane, before: startStores })
  return bridge
}
const options = (): string[] =>
  [...document.querySelectorAll('.list [role="option"]')]
    .sort((a, b) => Number(a.getAttribute('aria-posinset')) - Number(b.getAttribute('aria-posinset')))
    .map((option) => option.querySelector('.hidden-visually')?.textContent ?? '')
const titles = (): string[] => options().map((name) => name.split(',')[0] ?? '')
const optionOf = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[data-conversation-id="${id}"]`)
  if (found === null) throw new Error(`no ${id}`)
  return found
}
const press = (element: Element, key: string): void =>
  void element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
async function choose(filter: string): Promise<void> {
  const label = [...document.querySelectorAll('.filter')].find((one) => one.textContent.trim() === filter)
  const radio = label?.querySelector('input')
  radio?.click()
  radio?.dispatchEvent(new Event('change'))
  await flushPromises()
}

describe('the list', () => {
  it('stands in the order of activity under what is pinned, and leaves out what is archived or deleted', async () => {
    await show([
      group('old', { activeAt: 1 }),
      group('pinned', { activeAt: 0, ...prefer({ pinned: true }) }),
      group('new', { activeAt: 3 }),
      group('archived', { activeAt: 9, ...prefer({ archived: true }) }),
      group('deleted', { activeAt: 9, ...prefer({ hidden: true }) }),
    ])
    expect(titles()).toEqual(['pinned', 'new', 'old'])
  })

  it('says what is pinned, muted and marked unread', async () => {
    await show([group('one', prefer({ pinned: true, mutedUntil: muteForEver, markedUnread: true }))])
    expect(options()).toEqual(['one, marked as unread, No messages yet, pinned, muted'])
  })

  it('finds archived chats by name, and renamed ones by both names', async () => {
    await show([group('archived', prefer({ archived: true })), conversation(prefer({ alias: 'Robert' }))])
    const box = document.querySelector<HTMLInputElement>('[role="searchbox"]')
    const search = async (words: string): Promise<string[]> => {
      if (box === null) return []
      box.value = words
      box.dispatchEvent(new Event('input'))
      await flushPromises()
      return titles()
    }
    expect(await search('arch')).toEqual(['archived'])
    expect(await search('rober')).toEqual(['Robert'])
    expect(await search('bob')).toEqual(['Robert'])
  })

  it('shows nobody as there while there is no link, and follows profiles', async () => {
    const bridge = await show([conversation()])
    expect(options()[0]).toMatch(/^Bob, .*, Online$/)
    bridge.push({ type: 'connection', accountId, status: online({ state: 'offline' }) })
    await nextTick()
    expect(options()[0]).not.toContain('Online')
    bridge.change({ people: [person({ userId: 'bob', nickname: 'Bobby', online: false, revision: 2 })] })
    await nextTick()
    expect(titles()).toEqual(['Bobby'])
  })

  it('lets each filter through what it names, and keeps the open chat while it is read', () => {
    const rows = {
      read: group('read'),
      unread: conversation({ id: 'direct:u', unread: 2 }),
      marked: group('marked', prefer({ markedUnread: true })),
      named: group('named', { unread: 1, mentions: 1 }),
      archived: group('archived', { unread: 1, ...prefer({ archived: true }) }),
    }
    const through = (filter: Parameters<typeof passes>[1], openId: string | null = null): string[] =>
      Object.entries(rows).flatMap(([name, row]) => (passes(row, filter, openId) ? [name] : []))
    expect(through('all')).toEqual(['read', 'unread', 'marked', 'named'])
    expect(through('unread')).toEqual(['unread', 'marked', 'named'])
    expect(through('unread', 'group:read')).toEqual(['read', 'unread', 'marked', 'named'])
    expect(through('mentions')).toEqual(['named'])
    expect(through('groups')).toEqual(['read', 'marked', 'named'])
    expect(through('archived')).toEqual(['archived'])
  })

  it('has a filter for archived chats only where there are some', async () => {
    const bridge = await show([group('one')])
    expect(document.querySelectorAll('.filter')).toHaveLength(4)
    bridge.change({ conversations: [group('one', { revision: 2, ...prefer({ archived: true }) })] })
    await flushPromises()
    await choose('Archived')
    expect(titles()).toEqual(['one'])
  })
})

describe('the order', () => {
  const rows = (...ids: string[]) => ids.map((id) => ({ id }))
  function steady(pinned = ref(false)) {
    vi.useFakeTimers()
    const source = ref(rows('a', 'b', 'c'))
    const scope = effectScope()
    const order = scope.run(() => useSteadyOrder(source, pinned))
    if (order === undefined) throw new Error('no order')
    return { source, order, scope, ids: () => order.rows.value.map(({ id }) => id).join('') }
  }

  it('holds while somebody aims, drops what is gone, and lets go soon after', () => {
    const { source, order, ids } = steady()
    order.touch()
    source.value = rows('new', 'c', 'b')
    expect(ids()).toBe('bc')
    vi.advanceTimersByTime(steadyMs - 1)
    order.touch()
    vi.advanceTimersByTime(steadyMs - 1)
    expect(ids()).toBe('bc')
    vi.advanceTimersByTime(1)
    expect(ids()).toBe('newcb')
  })

  it('holds as long as a menu is open', () => {
    const pinned = ref(true)
    const { source, order, ids } = steady(ref(false))
    expect(ids()).toBe('abc')
    const menu = steady(pinned)
    pinned.value = false
    pinned.value = true
    menu.source.value = rows('c', 'b', 'a')
    vi.advanceTimersByTime(steadyMs * 9)
    expect(menu.ids()).toBe('abc')
    pinned.value = false
    expect(menu.ids()).toBe('cba')
    order.release()
    source.value = rows('b')
    expect(ids()).toBe('b')
  })
})

describe('quiet', () => {
  it('counts of a muted chat only who names the user, until the mute runs out', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
    const until = Date.now() + 60_000
    await show([
      group('loud', { unread: 3 }),
      group('quiet', { unread: 5, mentions: 1, ...prefer({ mutedUntil: until }) }),
    ])
    const conversations = useConversations()
    expect(conversations.unreadOf(accountId)).toBe(4)
    expect(optionOf('group:quiet').querySelector('.badge.quiet')?.textContent.trim()).toBe('5')
    vi.advanceTimersByTime(75_000)
    expect(conversations.unreadOf(accountId)).toBe(8)
  })

  it('ends when it was asked to', () => {
    const at = (day: number, hour: number): number => new Date(2026, 4, day, hour, 30).getTime()
    expect(silenceEnd('hour', at(5, 10)) - at(5, 10)).toBe(3_600_000)
    expect(silenceEnd('eightHours', at(5, 10)) - at(5, 10)).toBe(28_800_000)
    expect(new Date(silenceEnd('tomorrow', at(31, 22)))).toEqual(new Date(2026, 5, 1, 8))
    expect(new Date(silenceEnd('tomorrow', at(6, 1))), 'after midnight it is this morning').toEqual(
      new Date(2026, 4, 6, 8),
    )
    expect(new Date(silenceEnd('forEver', at(5, 10))).getTime(), 'a date still').toBe(muteForEver)
  })
})

describe('why a badge is there', () => {
  const unread = [3, 4, 5].map((id) =>
    message({
      id,
      conversationId: 'group:crew',
      unread: true,
      content: { kind: 'text', text: `words ${id}`, ...(id === 4 && { mentions: [selfId] }) },
    }),
  )
  const crew = (facts: Partial<Conversation> = {}): Conversation =>
    group('crew', {
      unread: 3,
      mentions: 1,
      last: {
        messageId: 5,
        senderId: 'bob',
        kind: 'text',
        text: 'words 5',
        event: null,
        state: 'sent',
        recalled: false,
        outgoing: false,
        at: 5000,
      },
      ...facts,
    })
  const read = message({ id: 2, conversationId: 'group:crew' })
  const listed = (): string[] => [...document.querySelectorAll('.why-item .glance-text')].map((one) => one.textContent)

  it('is told by exactly the messages it counts, each a way to its place', async () => {
    await show([crew()], { messages: [read, ...unread] })
    press(optionOf('group:crew'), 'ArrowRight')
    await flushPromises()
    expect(document.querySelector('.why')?.getAttribute('aria-label')).toBe('3 unread')
    expect(listed()).toEqual(['words 3', 'words 4', 'words 5'])
    document.querySelectorAll<HTMLElement>('.why-item')[1]?.click()
    await flushPromises()
    const view = useView()
    expect(view.openedId).toBe('group:crew')
    expect(view.wanted).toEqual({ conversationId: 'group:crew', id: 'server-4' })
    expect(view.takeWanted('group:crew')).toBe('server-4')
    expect(view.takeWanted('group:crew')).toBeNull()
  })

  it('of mentions is told by the mentions alone, and marking those read leaves the others', async () => {
    const bridge = await show([crew()], { messages: [read, ...unread] })
    optionOf('group:crew').querySelector<HTMLElement>('[data-badge="mentions"]')?.click()
    await flushPromises()
    expect(useView().openedId, 'the badge does not open the chat').toBeNull()
    expect(listed()).toEqual(['words 4'])
    document.querySelector<HTMLElement>('.why-head button')?.click()
    await flushPromises()
    expect(bridge.inputsOf('conversation.markSeen')).toEqual([{ accountId, messageIds: [4] }])
    expect(options()[0]).toContain('2 unread,')
    expect(listed()).toEqual([])
  })

  it('follows what is read meanwhile', async () => {
    const bridge = await show([crew()], { messages: [read, ...unread] })
    press(optionOf('group:crew'), 'ArrowRight')
    await flushPromises()
    await bridge.call('conversation.markRead', { accountId, conversationId: 'group:crew', upTo: 4 })
    await flushPromises()
    expect(listed()).toEqual(['words 5'])
  })

  it('says so when it was only marked', async () => {
    const bridge = await show([group('crew', prefer({ markedUnread: true }))])
    press(optionOf('group:crew'), 'ArrowRight')
    await flushPromises()
    expect(document.querySelector('.why')?.textContent).toContain('You marked this chat as unread')
    document.querySelector<HTMLElement>('.why-head button')?.click()
    await flushPromises()
    expect(bridge.inputsOf('conversation.prefer')).toMatchObject([{ preferences: { markedUnread: false } }])
  })
})

describe('a chat that is marked unread', () => {
  it('is left, and is no longer marked once it is opened again', async () => {
    const bridge = await show([group('crew', prefer({ markedUnread: true }))])
    optionOf('group:crew').click()
    await flushPromises()
    expect(bridge.inputsOf('conversation.prefer')).toEqual([
      { accountId, conversationId: 'group:crew', preferences: { markedUnread: false } },
    ])
  })
})

describe('a new chat', () => {
  const known = knownOf('direct', {
    people: [person({ userId: 'sofia', nickname: 'Sofia' }), person({ userId: selfId })],
    conversations: [
      conversation(),
      group('crew', {
        members: [
          { userId: 'lin.mei', role: 'member' },
          { userId: selfId, role: 'owner' },
        ],
      }),
      group('left', { membership: 'left' }),
    ],
    selfId,
    titleOf: ({ targetId }) => targetId,
    nameOf: (userId) => (userId === 'lin.mei' ? '林梅' : userId === 'sofia' ? 'Sofia' : userId),
  })

  it('is suggested with everybody known, oneself left out', () => {
    expect(known.map(({ id }) => id)).toEqual(['bob', 'lin.mei', 'sofia'])
  })

  it('is suggested by the beginning of a name or an id first, by any part of it then', () => {
    const ids = (words: string): string[] => suggest(known, words).map(({ id }) => id)
    expect(ids('林')).toEqual(['lin.mei'])
    expect(ids('LIN')).toEqual(['lin.mei'])
    expect(ids('i')).toEqual(['lin.mei', 'sofia'])
    expect(ids('sof')).toEqual(['sofia'])
    expect(ids('nobody')).toEqual([])
  })
})
