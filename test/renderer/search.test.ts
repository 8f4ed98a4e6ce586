// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import PaletteDialog from '../../renderer/src/features/palette/PaletteDialog.vue'
import { fit } from '../../renderer/src/features/palette/ranking.ts'
import SearchPane from '../../renderer/src/features/search/SearchPane.vue'
import { namedOnce, suggestionsFor } from '../../renderer/src/features/search/suggestions.ts'
import { useCommands } from '../../renderer/src/stores/commands.ts'
import { usePalette } from '../../renderer/src/stores/palette.ts'
import { useSearch } from '../../renderer/src/stores/search.ts'
import { useView } from '../../renderer/src/stores/view.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, message, snapshot } from './fakes/rows.ts'

const world = () =>
  createWorld({
    accounts: [account()],
    snapshots: new Map([
      [
        accountId,
        snapshot({
          conversations: [
            conversation({ id: 'direct:bob', targetId: 'bob', activeAt: 2 }),
            conversation({ id: 'group:team', kind: 'group', targetId: 'team', title: '项目组', activeAt: 1 }),
          ],
          people: [
            { userId: 'bob', nickname: 'Bob Keller', avatar: null, online: null, revision: 1 },
            { userId: 'li', nickname: '李雷', avatar: null, online: null, revision: 1 },
          ],
        }),
      ],
    ]),
    messages: [
      message({ id: 1, conversationId: 'direct:bob', content: { kind: 'text', text: '明天<b>开会</b>' } }),
      message({ id: 2, conversationId: 'group:team', content: { kind: 'text', text: '开会改到后天' } }),
    ],
  })

let page: MountedPage | undefined
let bridge: FakeBridge
afterEach(() => {
  page?.unmount()
  page = undefined
  vi.useRealTimers()
})

async function openPane(conversationId: string | null = null): Promise<void> {
  bridge = createFakeBridge(world())
  page = await mountPage({
    bridge,
    component: SearchPane,
    before: async () => {
      await startStores('direct:bob')
      if (conversationId === null) useSearch().openEverywhere()
      else useSearch().openIn(conversationId)
    },
  })
}

async function type(text: string): Promise<void> {
  await page?.wrapper.find('[role="searchbox"]').setValue(text)
  await new Promise((done) => setTimeout(done, 160))
  await flushPromises()
}

const options = (): string[] =>
  page?.wrapper.findAll('[role="option"]').map((option) => option.attributes('aria-label') ?? option.text()) ?? []

describe('the pane of found messages', () => {
  it('shows hits as text with what was looked for marked, and how long it took', async () => {
    await openPane()
    await type('开会')
    expect(page?.wrapper.findAll('mark').map((mark) => mark.text())).toEqual(['开会', '开会'])
    expect(options()[1]).toContain('明天<b>开会</b>')
    expect(page?.wrapper.find('b').exists()).toBe(false)
    expect(page?.wrapper.find('[role="status"]').text()).toBe('2 messages · 0.4 ms')
  })

  it('asks once for what was typed in one go, and keeps to the chat it was opened from', async () => {
    await openPane('group:team')
    for (const text of ['开', '开会']) await page?.wrapper.find('[role="searchbox"]').setValue(text)
    await type('开会')
    expect(bridge.inputsOf('search.messages')).toMatchObject([{ query: '开会', conversationId: 'group:team' }])
    expect(options()).toHaveLength(1)
  })

  it('shows no answer to a question that was asked before the last one', async () => {
    await openPane()
    const release = bridge.hold('search.messages')
    await type('开会')
    await page?.wrapper.find('[role="searchbox"]').setValue('')
    release()
    await flushPromises()
    expect(options()).toEqual([])
  })

  it('opens the hit that the arrows chose, with Enter', async () => {
    await openPane()
    await type('开会')
    const field = page?.wrapper.find('[role="searchbox"]')
    await field?.trigger('keydown', { key: 'ArrowDown' })
    await field?.trigger('keydown', { key: 'ArrowDown' })
    await flushPromises()
    const chosen = page?.wrapper.find('[aria-selected="true"]')
    expect(field?.attributes('aria-activedescendant')).toBe(chosen?.attributes('id'))
    await field?.trigger('keydown', { key: 'Enter' })
    expect(useView().openedId).toBe('direct:bob')
    expect(useSearch().opened).toMatchObject({ messageId: 1 })
  })

  it('leaves the keys of an input method alone', async () => {
    await openPane()
    await type('开会')
    const field = page?.wrapper.find('[role="searchbox"]')
    await field?.trigger('keydown', { key: 'Enter', isComposing: true })
    await field?.trigger('keydown', { key: 'Enter', keyCode: 229 })
    expect(useSearch().opened).toBeNull()
  })

  it('tells why a filter has no effect, and how far the index is', async () => {
    await openPane()
    bridge.world.indexing = { left: 25, total: 100 }
    await type('开会 type:dream')
    expect(page?.wrapper.text()).toContain('There is no kind “dream”.')
    expect(page?.wrapper.text()).toContain('75 % done')
  })

  it('says that it could not be searched', async () => {
    await openPane()
    bridge.refuse('search.messages', { code: 'storage.failed' })
    await type('开会')
    expect(page?.wrapper.find('[role="status"]').text()).not.toBe('')
    expect(page?.wrapper.text()).not.toContain('No message says that')
  })
})

describe('suggestions', () => {
  const facts = {
    people: namedOnce([
      { id: 'li', name: '李雷' },
      { id: 'bob', name: 'Bob Keller' },
      { id: 'b1', name: 'Sam' },
      { id: 'b2', name: 'Sam' },
    ]),
    conversations: [],
    word: (_group: string, key: string) => key,
  }
  const labels = (query: string): string[] => suggestionsFor(query, facts).map(({ label }) => label)

  it('begin a filter, and go on with its values', () => {
    expect(labels('report ')).toEqual(['from', 'in', 'type', 'before', 'after', 'has'])
    expect(labels('report has:')).toEqual(['link', 'file', 'image'])
    expect(labels('from:李')).toEqual(['李雷'])
  })
  it('put quotes around names with spaces, and ids where a name means two', () => {
    expect(suggestionsFor('x from:b', facts)[0]?.query).toBe('x from:"Bob Keller" ')
    expect(suggestionsFor('from:sam', facts).map(({ query }) => query)).toEqual(['from:b1 ', 'from:b2 '])
  })
})

describe('the palette', () => {
  async function openPalette(): Promise<void> {
    bridge = createFakeBridge(world())
    page = await mountPage({
      bridge,
      component: PaletteDialog,
      props: { open: true },
      before: async () => {
        await startStores()
        usePalette()
        useView().openConversation('group:team')
        await flushPromises()
        useView().openConversation('direct:bob')
        await flushPromises()
        useView().show('settings')
        useCommands().add({ id: 'x', title: () => 'Do something', keywords: () => 'anything', run: ran })
      },
    })
  }
  const ran = vi.fn()
  const shown = (): string[] =>
    [...document.querySelectorAll('[role="option"] .title')].map((option) => option.textContent)
  const input = (): HTMLInputElement => {
    const found = document.querySelector<HTMLInputElement>('[role="combobox"]')
    if (found === null) throw new Error('no palette')
    return found
  }
  async function enter(text: string): Promise<void> {
    input().value = text
    input().dispatchEvent(new Event('input'))
    await flushPromises()
  }
  async function press(key: string): Promise<void> {
    input().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    await flushPromises()
  }

  it('begins with what was opened last', async () => {
    await openPalette()
    expect(shown()).toEqual(['Bob Keller', '项目组', 'Do something', 'Search messages'])
  })

  it('finds chats, people nobody has written to, commands by other words, and always offers the messages', async () => {
    await openPalette()
    await enter('李')
    expect(shown()).toEqual(['李雷', 'Search messages for “李”'])
    await enter('any')
    expect(shown()).toEqual(['Do something', 'Search messages for “any”'])
    await enter('项目')
    expect(shown()[0]).toBe('项目组')
  })

  it('is worked by arrows and Enter while the field keeps the focus', async () => {
    await openPalette()
    await enter('any')
    const active = () => document.getElementById(input().getAttribute('aria-activedescendant') ?? '')?.textContent
    expect(active()).toContain('Do something')
    await press('ArrowUp')
    expect(active()).toContain('Search messages')
    await press('ArrowDown')
    await press('Enter')
    expect(ran).toHaveBeenCalledOnce()
  })
})

describe('how well a name fits', () => {
  it.each([
    ['bob', 'Bob Keller', 'Sam Bobson'],
    ['kel', 'Bob Keller', 'Nickel'],
    ['bk', 'Bob Keller', 'Kobe'],
    ['讨论', '产品讨论', '产品'],
  ])('%s means %s rather than %s', (typed, better, worse) => {
    expect(fit(typed, [better])).toBeGreaterThan(fit(typed, [worse]))
  })
  it('is nothing when a word fits nowhere', () => {
    expect(fit('bob x', ['Bob Keller'])).toBe(0)
  })
})
