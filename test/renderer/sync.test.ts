import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineComponent } from 'vue'
import { useAccounts } from '../../renderer/src/stores/accounts.ts'
import { useConnections } from '../../renderer/src/stores/connections.ts'
import { useConversations } from '../../renderer/src/stores/conversations.ts'
import { useMessages } from '../../renderer/src/stores/messages.ts'
import { useNotices } from '../../renderer/src/stores/notices.ts'
import { usePolicies } from '../../renderer/src/stores/policies.ts'
import { useSync } from '../../renderer/src/stores/sync.ts'
import { useView } from '../../renderer/src/stores/view.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, message, notice, online, policy, snapshot } from './fakes/rows.ts'

let bridge: FakeBridge
let page: MountedPage

async function open(): Promise<void> {
  page = await mountPage({
    bridge,
    component: defineComponent({ setup: () => () => null }),
    before: () => startStores('direct:bob'),
  })
}

beforeEach(() => {
  bridge = createFakeBridge(
    createWorld({
      accounts: [account()],
      snapshots: new Map([
        [
          accountId,
          snapshot({ asOf: 7, conversations: [conversation(), conversation({ id: 'group:g', kind: 'group' })] }),
        ],
      ]),
      messages: [1, 2, 3].map((id) => message({ id })),
    }),
  )
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
})

const shownIds = (): number[] => useMessages().ordered.map((row) => row.id)
const snapshotsAsked = (): number => bridge.inputsOf('account.snapshot').length

describe('at the start', () => {
  it('one snapshot is taken for each account', async () => {
    bridge.world.accounts.push(account({ id: 'account-2', userId: 'alice2' }))
    await open()
    expect(bridge.inputsOf('account.snapshot').map((input) => input.accountId)).toEqual([accountId, 'account-2'])
  })

  it('main knows the shown conversation before its page is asked for', async () => {
    await open()
    const names = bridge.calls.map((call) => call.name)
    expect(names.indexOf('view.report')).toBeLessThan(names.indexOf('timeline.page'))
    expect(shownIds()).toEqual([1, 2, 3])
  })

  it('changes that come while the snapshot is under way are applied after it, older ones are not', async () => {
    const release = bridge.hold('account.snapshot')
    const opening = open()
    await flushPromises()
    const before = bridge.world.snapshots.get(accountId)
    bridge.change({ conversations: [conversation({ unread: 4, revision: 5 })] })
    expect(before?.asOf).toBe(7)
    release()
    await opening
    expect(useConversations().find(accountId, 'direct:bob')?.unread).toBe(4)
    expect(useSync().applied.get(accountId)).toBe(8)
    expect(snapshotsAsked()).toBe(1)
  })
})

describe('numbered change sets', () => {
  it('replace rows without asking main again', async () => {
    await open()
    const asked = bridge.calls.length
    bridge.change({ conversations: [conversation({ unread: 2, revision: 2 })], messages: [message({ id: 4 })] })
    expect(useConversations().find(accountId, 'direct:bob')?.unread).toBe(2)
    expect(shownIds()).toEqual([1, 2, 3, 4])
    expect(bridge.calls).toHaveLength(asked)
  })

  it('are applied once, however often they come', async () => {
    await open()
    bridge.change({ conversations: [conversation({ unread: 1, revision: 2 })] })
    const again = { conversations: [conversation({ unread: 9, revision: 99 })] }
    bridge.push({
      type: 'changes',
      accountId,
      changes: { number: 8, messages: [], inserted: [], people: [], notices: [], policy: null, holes: [], ...again },
    })
    expect(useConversations().find(accountId, 'direct:bob')?.unread).toBe(1)
    expect(snapshotsAsked()).toBe(1)
  })

  it('with a number missing between them bring a new snapshot and the open page again', async () => {
    await open()
    const pages = bridge.inputsOf('timeline.page').length
    bridge.world.messages.push(message({ id: 4 }))
    bridge.change({ messages: [message({ id: 5 })] }, 1)
    await flushPromises()
    expect(snapshotsAsked()).toBe(2)
    expect(bridge.inputsOf('timeline.page')).toHaveLength(pages + 1)
    expect(shownIds()).toEqual([1, 2, 3, 4, 5])
    bridge.change({ messages: [message({ id: 6 })] })
    expect(shownIds()).toEqual([1, 2, 3, 4, 5, 6])
    expect(snapshotsAsked()).toBe(2)
  })

  it('with one missing that said what administrators changed, tell it all the same, and once', async () => {
    await open()
    const world = bridge.world.snapshots.get(accountId)
    if (world === undefined) throw new Error('no snapshot')
    bridge.world.snapshots.set(accountId, {
      ...world,
      asOf: 9,
      policy: policy({ readOnly: true, changedBy: 'chen', revision: 8 }),
    })
    bridge.change({}, 1)
    await flushPromises()
    expect(usePolicies().news).toMatchObject({
      before: { readOnly: false },
      after: { readOnly: true },
      changedBy: 'chen',
    })
    usePolicies().putAway()
    bridge.change({}, 1)
    await flushPromises()
    expect(usePolicies().current?.readOnly).toBe(true)
    expect(usePolicies().news).toBeNull()
  })

  it('ask again at the next one when the snapshot failed', async () => {
    await open()
    bridge.refuse('account.snapshot', { code: 'storage.failed' })
    bridge.change({}, 1)
    await flushPromises()
    expect(snapshotsAsked()).toBe(2)
    bridge.change({})
    await flushPromises()
    expect(snapshotsAsked()).toBe(3)
  })

  it('of another account leave this one alone', async () => {
    await open()
    bridge.push({
      type: 'changes',
      accountId: 'somebody-else',
      changes: {
        number: 8,
        conversations: [conversation({ id: 'direct:x', targetId: 'x' })],
        messages: [message({ id: 50 })],
        inserted: [50],
        people: [],
        notices: [],
        policy: null,
        holes: [],
      },
    })
    expect(useConversations().ordered.map((row) => row.id)).not.toContain('direct:x')
    expect(shownIds()).toEqual([1, 2, 3])
  })
})

describe('rows', () => {
  it('of a lower revision never replace a higher one', async () => {
    await open()
    bridge.change({ messages: [message({ id: 2, content: { kind: 'text', text: 'new' }, revision: 9 })] })
    bridge.change({ messages: [message({ id: 2, content: { kind: 'text', text: 'old' }, revision: 4 })] })
    expect(useMessages().rows.get(2)?.content).toEqual({ kind: 'text', text: 'new' })
  })

  it('are replaced, not changed', async () => {
    await open()
    const before = useMessages().rows.get(1)
    const untouched = useMessages().rows.get(2)
    bridge.change({ messages: [message({ id: 1, state: 'read', revision: 2 })] })
    expect(before?.state).toBe('delivered')
    expect(useMessages().rows.get(1)).not.toBe(before)
    expect(useMessages().rows.get(2)).toBe(untouched)
  })

  it('are ordered by sequence as numbers of any size, pending ones last', async () => {
    await open()
    bridge.change({
      messages: [
        message({ id: 9, outgoing: true, state: 'sending', localTime: 1 }),
        message({ id: 8, sequence: '9007199254740993' }),
        message({ id: 7, sequence: '9007199254740992' }),
        message({ id: 6, sequence: '10' }),
      ],
    })
    expect(shownIds()).toEqual([1, 2, 3, 6, 7, 8, 9])
  })

  it('of deleted messages go away and a late page does not bring them back', async () => {
    await open()
    const release = bridge.hold('timeline.page')
    const loading = useMessages().loadNewest()
    bridge.change({ messages: [message({ id: 2, deleted: true, revision: 2 })] })
    bridge.world.messages.push(message({ id: 2 }))
    release()
    await loading
    expect(shownIds()).toEqual([1, 3])
  })

  it('that come while the first page loads are there after it', async () => {
    await open()
    const release = bridge.hold('timeline.page')
    const loading = useMessages().loadNewest()
    bridge.change({ messages: [message({ id: 4 })] })
    bridge.world.messages = bridge.world.messages.filter((row) => row.id !== 4)
    release()
    await loading
    expect(shownIds()).toEqual([1, 2, 3, 4])
  })

  it('sort the list by last activity', async () => {
    await open()
    bridge.change({ conversations: [conversation({ id: 'group:g', kind: 'group', activeAt: 5_000, revision: 2 })] })
    expect(useConversations().ordered.map((row) => row.id)).toEqual(['group:g', 'direct:bob'])
  })

  it('of notices count as open until they are acknowledged', async () => {
    await open()
    bridge.change({ notices: [notice({ id: 'n1' }), notice({ id: 'n2', acknowledgedAt: 5 })] })
    expect(useNotices().open).toBe(1)
  })
})

describe('the window into a long history', () => {
  beforeEach(() => {
    bridge.world.messages = Array.from({ length: 300 }, (_, index) => message({ id: index + 1 }))
  })

  it('begins with the newest page and grows at both ends', async () => {
    await open()
    expect(shownIds()).toEqual(Array.from({ length: 60 }, (_, index) => index + 241))
    await useMessages().loadOlder()
    expect(shownIds()[0]).toBe(181)
    await useMessages().loadAround('server-50')
    expect(shownIds()).toEqual(Array.from({ length: 60 }, (_, index) => index + 20))
    await useMessages().loadNewer()
    expect(shownIds().at(-1)).toBe(139)
  })

  it('does not let in what lies beyond its end', async () => {
    await open()
    await useMessages().loadAround('server-50')
    bridge.change({ messages: [message({ id: 301 })] })
    expect(shownIds()).not.toContain(301)
    bridge.change({ messages: [message({ id: 60, revision: 3, state: 'read' })] })
    expect(useMessages().rows.get(60)?.state).toBe('read')
  })

  it('has what came while the last page was under way, and no older state of what that page brings', async () => {
    await open()
    await useMessages().loadAround('server-215')
    const release = bridge.hold('timeline.page')
    const loading = useMessages().loadNewer()
    bridge.change({ messages: [message({ id: 301 }), message({ id: 290, revision: 3, state: 'read' })] })
    expect(shownIds().at(-1)).toBe(244)
    release()
    await loading
    expect(useMessages().hasNewer).toBe(false)
    expect(shownIds().slice(-2)).toEqual([300, 301])
    expect(useMessages().rows.get(290)?.state).toBe('read')
  })

  it('says that a message is not kept here', async () => {
    await open()
    expect(await useMessages().loadAround('server-9999')).toMatchObject({
      ok: false,
      error: { code: 'message.unknown' },
    })
    expect(shownIds()).toHaveLength(60)
  })

  it('lets the oldest go when too many came in', async () => {
    await open()
    bridge.change({ messages: Array.from({ length: 1200 }, (_, index) => message({ id: 301 + index })) })
    expect(shownIds()).toHaveLength(1000)
    expect(shownIds().at(-1)).toBe(1500)
    expect(useMessages().hasOlder).toBe(true)
  })

  it('asks for one page at a time', async () => {
    await open()
    const asked = bridge.inputsOf('timeline.page').length
    await Promise.all([useMessages().loadOlder(), useMessages().loadOlder(), useMessages().loadOlder()])
    expect(bridge.inputsOf('timeline.page')).toHaveLength(asked + 1)
  })
})

describe('accounts', () => {
  it('that are signed out leave nothing in the page', async () => {
    await open()
    bridge.push({ type: 'accounts', accounts: [] })
    expect(useAccounts().current).toBeNull()
    expect(useConversations().find(accountId, 'direct:bob')).toBeUndefined()
    expect(useView().signInShown).toBe(true)
  })

  it('whose token was refused are asked to sign in, and can look first', async () => {
    await open()
    bridge.push({ type: 'accounts', accounts: [account({ signedIn: false })] })
    expect(useView().signInShown).toBe(true)
    expect(useConnections().shown).toBe('signedOut')
    useView().look(accountId)
    expect(useView().signInShown).toBe(false)
    expect(useConversations().find(accountId, 'direct:bob')).toBeDefined()
  })

  it.each([
    ['offline', 'offline'],
    ['connecting', 'connecting'],
    ['authenticating', 'connecting'],
    ['syncing', 'syncing'],
    ['online', 'online'],
    ['rejected', 'signedOut'],
    ['kicked', 'signedOut'],
  ] as const)('whose link is %s are shown as %s', async (state, shown) => {
    await open()
    bridge.push({ type: 'connection', accountId, status: online({ state }) })
    expect(useConnections().shown).toBe(shown)
  })
})
