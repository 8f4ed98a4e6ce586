/** Presenter mode: names stay, what people wrote is nowhere in the lists, neither to be seen nor to be heard. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import App from '../../renderer/src/App.vue'
import { useCommands } from '../../renderer/src/stores/commands.ts'
import { useView } from '../../renderer/src/stores/view.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage } from './fakes/mountPage.ts'
import { account, accountId, conversation, message, person, snapshot } from './fakes/rows.ts'

let bridge: FakeBridge
let page: MountedPage

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(300)
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
  vi.restoreAllMocks()
  document.body.innerHTML = ''
})

const said = {
  messageId: 1,
  kind: 'text',
  text: 'secret tide',
  event: null,
  senderId: 'bob',
  outgoing: false,
  state: 'delivered',
  recalled: false,
  at: 3000,
} as const

async function open(): Promise<void> {
  const conversations = [
    conversation({ id: 'direct:bob', unread: 1, last: said }),
    conversation({ id: 'direct:mei', targetId: 'mei', draft: 'secret shore' }),
    conversation({ id: 'direct:new', targetId: 'new' }),
    conversation({ id: 'direct:shy', targetId: 'shy', last: { ...said, senderId: 'shy', recalled: true } }),
  ]
  const people = [person({ userId: 'bob', nickname: 'Bob' }), person({ userId: 'mei', nickname: 'Mei' })]
  bridge = createFakeBridge(
    createWorld({
      accounts: [account()],
      snapshots: new Map([[accountId, snapshot({ conversations, people })]]),
      messages: [message({ id: 1, unread: true, content: { kind: 'text', text: 'secret tide' } })],
    }),
  )
  page = await mountPage({ bridge, component: App })
}
async function press(): Promise<void> {
  const key = { key: 'P', ctrlKey: true, shiftKey: true, bubbles: true, cancelable: true }
  document.body.dispatchEvent(new KeyboardEvent('keydown', key))
  await flushPromises()
}
/** By the person it is with: all that is shown and heard of it. */
const line = (id: string): string => document.querySelector(`[data-conversation-id="${id}"]`)?.textContent ?? ''
const end = () => page.wrapper.findAll('button').find((one) => one.attributes('aria-label') === 'End presenter mode')

describe('presenter mode', () => {
  it('hides last lines and drafts, seen and heard; names, and what holds no words, stay', async () => {
    await open()
    expect(line('direct:bob')).toContain('secret tide')
    expect(line('direct:mei')).toContain('secret shore')
    await press()
    expect(bridge.inputsOf('settings.set')).toEqual([{ settings: { presenting: true } }])
    expect(document.body.textContent).not.toContain('secret')
    expect(line('direct:bob')).toMatch(/Bob.*Hidden while presenting/)
    expect(line('direct:mei')).toMatch(/Mei.*Draft: Hidden while presenting/)
    expect(line('direct:new')).toContain('No messages yet')
    expect(line('direct:shy')).toContain('recalled')
  })

  it('hides what waits, where all of it is listed', async () => {
    await open()
    await press()
    useView().show('catchUp')
    await vi.waitFor(() => expect(document.querySelector('.catch-up')?.textContent).toContain('Bob'))
    expect(document.body.textContent).not.toContain('secret')
    expect(document.querySelector('.catch-up')?.textContent).toContain('Hidden while presenting')
  })

  it('leaves the open chat as it is', async () => {
    await open()
    await press()
    useView().openConversation('direct:bob')
    await vi.waitFor(() => expect(document.querySelector('article')?.textContent).toContain('secret tide'))
  })

  it('says that it is on, and ends where it says so', async () => {
    await open()
    expect(end()).toBeUndefined()
    await press()
    await end()?.trigger('click')
    await flushPromises()
    expect(line('direct:bob')).toContain('secret tide')
    expect(end()).toBeUndefined()
  })

  it('is a command too, called by what it would do', async () => {
    await open()
    const command = () => useCommands().offered.find(({ id }) => id === 'presenting')
    expect(command()?.title()).toBe('Presenter mode: hide what people wrote')
    command()?.run()
    await flushPromises()
    expect(command()?.title()).toBe('End presenter mode')
  })
})
