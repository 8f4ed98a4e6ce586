/** What a screen reader is told. End-to-end tests use the same names, so they are fixed here. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Content } from '#common/domain/content/content.ts'
import App from '../../renderer/src/App.vue'
import ConversationList from '../../renderer/src/features/conversations/ConversationList.vue'
import MessageRow from '../../renderer/src/features/timeline/MessageRow.vue'
import { useFormats } from '../../renderer/src/composables/formats.ts'
import { useWords } from '../../renderer/src/composables/words.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
import { useConnections } from '../../renderer/src/stores/connections.ts'
import { avatarText } from '../../renderer/src/ui/avatar.ts'
import { createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { payloads } from './fakes/payloads.ts'
import { account, accountId, conversation, message, person, snapshot } from './fakes/rows.ts'

let page: MountedPage | undefined
beforeEach(() => {
  // Nothing is laid out here; a list needs a size to know which rows are on the screen.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(300)
})
afterEach(() => {
  expect(page?.broken ?? []).toEqual([])
  page?.unmount()
  page = undefined
})

const people = [person({ userId: 'bob', nickname: 'Bob' }), person({ userId: 'alice', nickname: 'Alice' })]
const last: NonNullable<Conversation['last']> = {
  messageId: 1,
  senderId: 'bob',
  kind: 'text',
  text: 'see you',
  event: null,
  state: 'delivered',
  recalled: false,
  outgoing: false,
  at: 1000,
}

async function optionNames(rows: Conversation[], locale: 'en' | 'zh-CN' = 'en'): Promise<string[]> {
  const bridge = createFakeBridge(
    createWorld({
      locale,
      accounts: [account()],
      snapshots: new Map([[accountId, snapshot({ conversations: rows, people })]]),
    }),
  )
  page = await mountPage({
    bridge,
    locale,
    component: ConversationList,
    props: { conversations: rows, selectedId: null },
    before: startStores,
  })
  return page.wrapper.findAll('[role="option"]').map((option) => {
    // What is drawn is hidden from assistive technology: the name is the rest.
    expect(option.attributes('aria-label')).toBeUndefined()
    return [...option.element.children]
      .filter((child) => child.getAttribute('aria-hidden') !== 'true')
      .map((child) => child.textContent)
      .join()
  })
}

describe('an option of the conversation list', () => {
  it('is called by title, unread count and last line', async () => {
    expect(await optionNames([conversation({ last, unread: 3 })])).toEqual(['Bob, 3 unread, see you'])
  })

  it.each([
    ['nothing was said yet', {}, 'Bob, no unread, No messages yet'],
    ['somebody named us', { last, unread: 2, mentions: 1 }, 'Bob, 2 unread 1 mention of you, see you'],
    ['something waits to be written', { last, draft: 'hm ' }, 'Bob, no unread, Draft: hm'],
    ['it was recalled', { last: { ...last, recalled: true } }, 'Bob, no unread, Bob recalled a message'],
    ['we recalled it', { last: { ...last, recalled: true, outgoing: true } }, 'Bob, no unread, You recalled a message'],
    ['it is a picture', { last: { ...last, kind: 'image', text: 'the sea' } }, 'Bob, no unread, [Photo] the sea'],
    [
      'it is of an unknown kind',
      { last: { ...last, kind: 'unsupported', text: '' } },
      'Bob, no unread, [Unsupported message]',
    ],
    ['it has lines', { last: { ...last, text: 'a\n b' } }, 'Bob, no unread, a b'],
  ])('when %s', async (_, facts, name) => {
    expect(await optionNames([conversation(facts)])).toEqual([name])
  })

  it('of a group names who spoke', async () => {
    const group = conversation({ id: 'group:g', kind: 'group', targetId: 'g', title: 'Team', last })
    expect(await optionNames([group])).toEqual(['Team, no unread, Bob: see you'])
  })

  it('of a group tells what happened', async () => {
    const event = JSON.stringify({
      kind: 'event',
      event: 'member.joined',
      userId: 'alice',
      by: 'bob',
    } satisfies Content)
    const group = conversation({
      id: 'group:g',
      kind: 'group',
      targetId: 'g',
      last: { ...last, kind: 'event', text: '', event },
    })
    expect(await optionNames([group])).toEqual(['g, no unread, Bob added You'])
  })

  it('is Chinese in Chinese', async () => {
    expect(await optionNames([conversation({ last, unread: 3 })], 'zh-CN')).toEqual(['Bob，3 条未读，see you'])
  })

  it('is in the order of the list, with its place in it', async () => {
    await optionNames([conversation({ last }), conversation({ id: 'direct:chen', targetId: 'chen' })])
    const places = page?.wrapper
      .findAll('[role="option"]')
      .map((option) => [option.attributes('aria-posinset'), option.attributes('aria-setsize')])
    expect(places).toEqual([
      ['1', '2'],
      ['2', '2'],
    ])
  })
})

describe('the keys of the conversation list', () => {
  const press = async (key: string): Promise<void> => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    await flushPromises()
  }

  it('move one focus through it and open', async () => {
    await optionNames(['a', 'b', 'c'].map((id) => conversation({ id: `direct:${id}`, targetId: id })))
    const list = page?.wrapper.findComponent(ConversationList)
    const stops = (): (string | undefined)[] =>
      (page?.wrapper.findAll('[role="option"][tabindex="0"]') ?? []).map((option) =>
        option.attributes('data-conversation-id'),
      )
    expect(stops()).toEqual(['direct:a'])
    page?.wrapper.find<HTMLElement>('[role="option"]').element.focus()
    await press('ArrowDown')
    expect(stops()).toEqual(['direct:b'])
    await press('End')
    await press('ArrowDown')
    expect(stops()).toEqual(['direct:c'])
    await press('Enter')
    await press('Home')
    await press(' ')
    expect(list?.emitted('open')).toEqual([['direct:c'], ['direct:a']])
  })
})

async function article(facts: Partial<Message>, locale: 'en' | 'zh-CN' = 'en') {
  const bridge = createFakeBridge(
    createWorld({ locale, accounts: [account()], snapshots: new Map([[accountId, snapshot({ people })]]) }),
  )
  const row = message({ id: 5, ...facts })
  const Row = defineComponent({
    setup() {
      const formats = useFormats()
      const words = useWords()
      return () =>
        h(MessageRow, {
          message: row,
          first: true,
          last: true,
          group: true,
          newestOwn: true,
          flashing: false,
          tabStop: true,
          active: false,
          choosing: false,
          chosen: false,
          actions: ['reEdit'],
          formats,
          words,
        })
    },
  })
  page = await mountPage({ bridge, locale, component: Row, before: startStores })
  return page.wrapper.find('article')
}

describe('an article', () => {
  it('is called "sender: text" and says which message it is and how far it got', async () => {
    const { element } = await article({ content: { kind: 'text', text: 'hello' } })
    expect(element.getAttribute('aria-label')).toBe('Bob: hello')
    expect(element.dataset).toMatchObject({ messageId: 'server-5', state: 'delivered' })
  })

  it.each(['sending', 'sent', 'delivered', 'read', 'failed'] as const)(
    'of an own message that is %s says so in words',
    async (state) => {
      const wrapper = await article({ outgoing: true, senderId: 'alice', state })
      expect(wrapper.attributes('data-state')).toBe(state)
      expect(wrapper.attributes('aria-label')).toBe('You: message 5')
      const words = { sending: 'Sending', sent: 'Sent', delivered: 'Delivered', read: 'Read', failed: 'Not sent' }
      expect(wrapper.find('.delivery').text()).toBe(words[state])
    },
  )

  it('of an own message without a link says that it waits, not that it is being sent', async () => {
    const wrapper = await article({ outgoing: true, senderId: 'alice', state: 'sending' })
    const offline = { ...snapshot().connection, state: 'offline' as const }
    useConnections().put(accountId, offline)
    await flushPromises()
    expect(wrapper.find('.delivery').text()).toBe('Waiting for the connection')
  })

  it('is known by the client id until the server has named it', async () => {
    const wrapper = await article({ outgoing: true, state: 'sending', clientId: 'client-x' })
    expect(wrapper.attributes('data-message-id')).toBe('client-x')
  })

  it('of a recalled message shows none of its words', async () => {
    const wrapper = await article({
      content: { kind: 'text', text: 'secret' },
      recalled: { at: null, by: 'bob', reason: null },
    })
    expect(wrapper.attributes('data-state')).toBe('recalled')
    expect(wrapper.attributes('aria-label')).toBe('Bob: Bob recalled a message')
    expect(wrapper.html()).not.toContain('secret')
  })

  it('of a failed message says why', async () => {
    const wrapper = await article({
      outgoing: true,
      state: 'failed',
      problem: { code: 'message.refused', detail: null },
    })
    expect(wrapper.text()).toContain('Not sent. The server refused the message.')
    expect(wrapper.findAll('button').map((button) => button.text())).toEqual(['Try again', 'Delete for me'])
  })

  it.each<[Content, string]>([
    [{ kind: 'image', caption: 'sea', url: 'https://example.org/x' }, 'Bob: [Photo] sea'],
    [{ kind: 'file', name: 'a.pdf', url: '' }, 'Bob: [File] a.pdf'],
    [{ kind: 'voice', caption: '', url: '', duration: 3 }, 'Bob: [Voice message]'],
    [{ kind: 'video', caption: '', url: '' }, 'Bob: [Video]'],
    [{ kind: 'location', latitude: 1, longitude: 2, address: 'Road', title: '' }, 'Bob: [Location] Road'],
    [{ kind: 'card', userId: 'u1', nickname: 'Una' }, 'Bob: [Contact] Una'],
    [{ kind: 'quote', text: 'yes', quotedId: 'q', quotedText: 'no?', quotedSenderId: 'alice' }, 'Bob: yes'],
    [{ kind: 'forward', text: 'fwd', originalId: 'o', reason: '' }, 'Bob: fwd'],
    [{ kind: 'event', event: 'group.dismissed', by: 'bob' }, 'Bob dismissed the group'],
    [{ kind: 'unsupported', label: 'X', raw: '' }, 'Bob: [Unsupported message]'],
  ])('of %o is named, and fetches nothing', async (content, name) => {
    const wrapper = await article({ content })
    expect(wrapper.attributes('aria-label')).toBe(name)
    expect(wrapper.findAll('img, video, audio, source, iframe, object, embed')).toEqual([])
  })

  it('keeps whatever others wrote inert, in every field', async () => {
    for (const payload of payloads.slice(0, 40)) {
      const wrapper = await article({
        senderId: payload,
        content: { kind: 'quote', text: payload, quotedId: payload, quotedText: payload, quotedSenderId: payload },
      })
      expect(wrapper.findAll('img, script, iframe, object, embed, style, form, base, link, meta, [onerror]')).toEqual(
        [],
      )
      expect(wrapper.attributes('aria-label')).toContain(payload.replaceAll(/\s+/g, ' ').trim().slice(0, 100))
      page?.unmount()
    }
    page = undefined
  })
})

describe('the window', () => {
  async function open(facts: Parameters<typeof createWorld>[0]): Promise<void> {
    page = await mountPage({ bridge: createFakeBridge(createWorld(facts)), component: App })
  }

  it('asks for a server, a user and a token when nobody is signed in', async () => {
    await open({})
    await vi.waitFor(() => {
      const labels = page?.wrapper.findAll('label').map((label) => label.text())
      expect(labels).toEqual(['Server address', 'User ID', 'Token'])
    })
    expect(page?.wrapper.find('input[type="password"]').exists()).toBe(true)
  })

  it('has its stable regions and the state of the link', async () => {
    await open({
      accounts: [account()],
      snapshots: new Map([[accountId, snapshot({ conversations: [conversation({ last })], people })]]),
    })
    expect(page?.wrapper.find('[role="region"]').attributes('aria-label')).toBe('Conversations')
    expect(page?.wrapper.find('[role="listbox"]').exists()).toBe(true)
    expect(page?.wrapper.find('[role="searchbox"]').attributes('aria-label')).toBe('Search')
    const status = page?.wrapper.find('[role="status"]')
    expect([status?.attributes('aria-label'), status?.text()]).toEqual(['Connection', 'Online'])
    for (const [label, region] of [
      ['Announcements', 'Announcements'],
      ['Diagnostics', 'Diagnostics'],
      ['Settings', 'Settings'],
    ]) {
      await page?.wrapper.find(`nav button[aria-label="${label}"]`).trigger('click')
      await vi.waitFor(() => {
        const names = page?.wrapper.findAll('[role="region"]').map((found) => found.attributes('aria-label'))
        expect(names).toEqual(['Conversations', region])
      })
    }
  })

  it('says what went wrong when it cannot start, and starts at the next try', async () => {
    const bridge = createFakeBridge(createWorld())
    bridge.refuse('app.boot', { code: 'storage.newer' })
    page = await mountPage({ bridge, component: App })
    expect(page.wrapper.text()).toContain('The stored messages come from a newer version of Godwit.')
    bridge.accept('app.boot')
    await page.wrapper.find('button').trigger('click')
    await flushPromises()
    expect(page.wrapper.find('h1').text()).toBe('Welcome to Godwit')
  })
})

describe('an avatar', () => {
  it.each([
    ['王志远', '志远'],
    ['欧阳若梅', '若梅'],
    ['王', '王'],
    ['Robert Lindqvist', 'RL'],
    ['bob', 'B'],
    ['u-20941', 'U2'],
    ['   ', '#'],
    ['<script>', 'S'],
    ['😀', '#'],
  ])('of %s says %s', (name, text) => {
    expect(avatarText(name)).toBe(text)
  })
})
