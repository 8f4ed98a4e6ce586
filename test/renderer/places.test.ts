/** Where main sends the window: to what a notification or a link is about. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent } from 'vue'
import type { Place } from '#common/contract/place.ts'
import { usePlaces } from '../../renderer/src/composables/places.ts'
import { useAccounts } from '../../renderer/src/stores/accounts.ts'
import { useNotices } from '../../renderer/src/stores/notices.ts'
import { useView } from '../../renderer/src/stores/view.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account } from './fakes/rows.ts'

let page: MountedPage | undefined
afterEach(() => {
  page?.unmount()
  page = undefined
})

const Listener = defineComponent({
  setup() {
    usePlaces()
    return () => null
  },
})

async function open(): Promise<FakeBridge> {
  const bridge = createFakeBridge(createWorld({ accounts: [account(), account({ id: 'second' })] }))
  page = await mountPage({ bridge, component: Listener, before: () => startStores() })
  return bridge
}

async function goTo(bridge: FakeBridge, place: Place, accountId = 'second'): Promise<void> {
  bridge.push({ type: 'goTo', accountId, place })
  await flushPromises()
}

describe('the window goes', () => {
  it('to a conversation of another account, at its message, out of whatever was shown', async () => {
    const bridge = await open()
    useView().show('settings')
    useView().addingAccount = true
    await goTo(bridge, { kind: 'conversation', conversationId: 'direct:bob', messageId: 7 })
    expect(useAccounts().currentId).toBe('second')
    expect(useView()).toMatchObject({ panel: 'chats', conversationId: 'direct:bob', addingAccount: false })
    expect(useView().takeWanted('direct:bob')).toBe(7)
  })

  it('to an announcement of another account, whatever was chosen there', async () => {
    const bridge = await open()
    useNotices().filter = 'promotion'
    useNotices().page = 'changes'
    await goTo(bridge, { kind: 'notice', noticeId: 'n1' })
    expect(useView().panel).toBe('announcements')
    expect(useNotices()).toMatchObject({ page: 'inbox', filter: 'all', chosenId: 'n1' })
  })

  it.each([
    [{ kind: 'changes' }, 'announcements'],
    [{ kind: 'catchUp' }, 'catchUp'],
    [{ kind: 'account' }, 'chats'],
  ] as const)('to %j', async (place, panel) => {
    const bridge = await open()
    useView().show('settings')
    await goTo(bridge, place)
    expect(useView().panel).toBe(panel)
    if (place.kind === 'changes') expect(useNotices().page).toBe('changes')
  })

  it('nowhere for an account that is not here any more', async () => {
    const bridge = await open()
    useView().show('settings')
    await goTo(bridge, { kind: 'catchUp' }, 'gone')
    expect(useView().panel).toBe('settings')
  })
})
