/**
 * Defects of the messengers nearest to this one, each a test here or, where it was proved before, there:
 *
 * - Enter during composition sends: renderer/composer.test.ts "an input method", e2e/composer.e2e.ts "an input method
 *   composes, and its Enter and Escape are its own".
 * - Marked read while hidden or without the focus: renderer/honestRead.test.ts "reading", renderer/page.test.ts "says
 *   nothing was seen while the window has no focus". Behind a locked screen: here.
 * - A search that misses words of two characters: store/search.test.ts "that is a piece of Chinese, Japanese or Korean
 *   finds every message that has it"; e2e/search.e2e.ts. What is typed here is asked as it stands: here.
 * - A second reconnect within five seconds is never synced: unit/core/sync.test.ts "a second reconnect at once asks again".
 * - A failed message sent again as a new one: store/outbox.test.ts "can be tried again under the old number, before what
 *   was queued later", "asked twice with one client id sends once"; e2e/events.e2e.ts "a refused message says why, in the
 *   words of the server, and can be tried again".
 * - Messages hidden while others are being received, left-over rows that are called failed at the next start, a row that is
 *   there twice after a retry, a badge that is wrong after a restart: here, and e2e/chat.e2e.ts "both restart and find
 *   everything as it was, nothing twice".
 */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import App from '../../renderer/src/App.vue'
import { isAttentive } from '../../renderer/src/composables/attention.ts'
import { createHonestRead } from '../../renderer/src/composables/honestRead.ts'
import { useConversations } from '../../renderer/src/stores/conversations.ts'
import { useMessages } from '../../renderer/src/stores/messages.ts'
import { useSearch } from '../../renderer/src/stores/search.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, message, online, snapshot } from './fakes/rows.ts'

let page: MountedPage | undefined
let bridge: FakeBridge
beforeEach(() => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
})
afterEach(() => {
  expect(page?.broken ?? []).toEqual([])
  page?.unmount()
  page = undefined
  document.body.innerHTML = ''
  vi.useRealTimers()
  vi.restoreAllMocks()
})

async function open(
  facts: Parameters<typeof createWorld>[0],
  component: object = { render: () => null },
): Promise<void> {
  bridge = createFakeBridge(createWorld({ accounts: [account()], ...facts }))
  page = await mountPage({ bridge, component, before: () => startStores('direct:bob') })
}
const chat = (facts: object = {}): Map<string, ReturnType<typeof snapshot>> =>
  new Map([[accountId, snapshot({ conversations: [conversation()], ...facts })]])
const shown = (): string[] => useMessages().ordered.map(({ id, state }) => `${id} ${state}`)

describe('behind a locked screen', () => {
  it('nothing is read, though the window keeps its focus; and it is when the screen is unlocked', async () => {
    await open({ snapshots: chat() })
    vi.useFakeTimers()
    const reported: number[] = []
    const reading = createHonestRead({ isAttentive, report: ({ id }) => reported.push(id), settleMs: 100 })
    bridge.push({ type: 'screen', locked: true })
    expect(isAttentive()).toBe(false)
    reading.look(message({ id: 1, unread: true }))
    vi.advanceTimersByTime(10_000)
    expect(reported).toEqual([])
    bridge.push({ type: 'screen', locked: false })
    reading.look(message({ id: 1, unread: true }))
    vi.advanceTimersByTime(100)
    expect(reported).toEqual([1])
    reading.dispose()
  })

  it('and not what was looked at when it was locked', async () => {
    await open({ snapshots: chat() })
    vi.useFakeTimers()
    const reported: number[] = []
    const reading = createHonestRead({ isAttentive, report: ({ id }) => reported.push(id), settleMs: 100 })
    reading.look(message({ id: 1, unread: true }))
    bridge.push({ type: 'screen', locked: true })
    vi.advanceTimersByTime(10_000)
    expect(reported).toEqual([])
    bridge.push({ type: 'screen', locked: false })
    reading.dispose()
  })
})

describe('a search', () => {
  it.each(['会议', '议', '开会吗'])('for %s is asked as it was typed', async (query) => {
    await open({ snapshots: chat(), messages: [message({ id: 1, content: { kind: 'text', text: '今天会议开会吗' } })] })
    vi.useFakeTimers()
    const search = useSearch()
    search.openEverywhere(query)
    await vi.advanceTimersByTimeAsync(500)
    expect(bridge.inputsOf('search.messages').map((asked) => asked.query)).toEqual([query])
    expect(search.hits.map(({ messageId }) => messageId)).toEqual([1])
  })
})

describe('what comes while the link is not up yet', () => {
  it.each(['connecting', 'authenticating', 'offline'] as const)('is shown at once: %s', async (state) => {
    await open({ snapshots: chat({ connection: online({ state }) }), messages: [message({ id: 1 })] })
    bridge.change({
      messages: [message({ id: 2, unread: true })],
      conversations: [conversation({ unread: 1, revision: 2 })],
    })
    expect(shown()).toEqual(['1 delivered', '2 delivered'])
    expect(useConversations().unreadOf(accountId)).toBe(1)
  })
})

describe('what was on its way when the program ended', () => {
  it('still is at the next start: it is not called failed, and not sent by the window', async () => {
    await open({
      snapshots: chat({ connection: online({ state: 'connecting' }) }),
      messages: [message({ id: 1 }), message({ id: 2, outgoing: true, state: 'sending' })],
    })
    expect(shown()).toEqual(['1 delivered', '2 sending'])
    bridge.push({ type: 'connection', accountId, status: online() })
    await flushPromises()
    expect(shown()).toEqual(['1 delivered', '2 sending'])
    expect(bridge.calls.map(({ name }) => name).filter((name) => name.startsWith('message.'))).toEqual([])
  })
})

describe('a failed message that is tried again', () => {
  const failed = message({ id: 2, outgoing: true, state: 'failed', problem: { code: 'message.gaveUp', detail: null } })

  it('stays one row through receipt, echo and the server’s number', async () => {
    await open({ snapshots: chat(), messages: [message({ id: 1 }), failed] })
    bridge.change({ messages: [{ ...failed, state: 'sending', problem: null, revision: 2 }] })
    bridge.change({ messages: [{ ...failed, state: 'sent', problem: null, serverId: 's2', revision: 3 }] })
    const numbered = { ...message({ id: 2, outgoing: true, state: 'sent' }), clientId: failed.clientId, revision: 4 }
    bridge.change({ messages: [numbered] })
    bridge.change({ messages: [message({ id: 3 })] })
    expect(shown()).toEqual(['1 delivered', '2 sent', '3 delivered'])
    expect(useMessages().ordered.filter(({ clientId }) => clientId === failed.clientId)).toHaveLength(1)
  })
})

describe('a badge', () => {
  it('is after a start what the store says, and nothing is added to it that was counted before', async () => {
    const rows = [conversation({ unread: 2 }), conversation({ id: 'direct:eve', targetId: 'eve', unread: 1 })]
    const unread = [1, 2].map((id) => message({ id, unread: true }))
    await open({ snapshots: chat({ conversations: rows }), messages: unread }, App)
    expect(document.title).toBe('(3) Godwit')
    // The same rows again, as after a reconnect; then one of them read elsewhere.
    bridge.push({ type: 'changesLost', accountId })
    await flushPromises()
    expect(document.title).toBe('(3) Godwit')
    bridge.change({ conversations: [conversation({ unread: 0, revision: 2 })] })
    await flushPromises()
    expect(document.title).toBe('(1) Godwit')
  })
})
