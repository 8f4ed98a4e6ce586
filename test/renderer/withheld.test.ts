/** What a server withholds — groups, and what was missed — is told above the chat and in the diagnostics, in plain words. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RefusedGroup, quietSession } from '#common/domain/connection.ts'
import StatusBanners from '../../renderer/src/features/connection/StatusBanners.vue'
import DiagnosticsPanel from '../../renderer/src/features/diagnostics/DiagnosticsPanel.vue'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, snapshot } from './fakes/rows.ts'

const group = { id: 'group:g1', kind: 'group', targetId: 'g1', title: 'Harbour watch' } as const

let bridge: FakeBridge
let page: MountedPage

beforeEach(() => {
  bridge = createFakeBridge(
    createWorld({
      accounts: [account()],
      snapshots: new Map([[accountId, snapshot({ conversations: [conversation(group)] })]]),
    }),
  )
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
})

async function open(locale: 'en' | 'zh-CN' = 'en', component = StatusBanners): Promise<void> {
  page = await mountPage({ bridge, component, locale, before: () => startStores() })
}
async function refuse(...refusedGroups: readonly RefusedGroup[]): Promise<void> {
  bridge.push({ type: 'session', accountId, status: { ...quietSession, refusedGroups: [...refusedGroups] } })
  await flushPromises()
}
const banner = () => page.wrapper.find('[role="region"][aria-label="Groups that do not arrive"]')

describe('a group that the server does not let the user follow', () => {
  it('is told by its name with the words of the server, as text', async () => {
    await open()
    expect(banner().exists()).toBe(false)
    await refuse({ groupId: 'g1', reason: 'Not a <b>member</b> of g1' })
    expect(banner().text()).toBe(
      'The server does not let you follow the group “Harbour watch”: Not a <b>member</b> of g1',
    )
    expect(banner().find('b').exists()).toBe(false)
  })

  it('is told by its id where nothing else is known, without a reason where there is none, and in Chinese', async () => {
    await open('zh-CN')
    await refuse({ groupId: 'g9', reason: '' }, { groupId: 'g1', reason: '已被移出' })
    expect(page.wrapper.findAll('.gentle p').map((line) => line.text())).toEqual([
      '服务器不允许您接收群聊“g9”的消息。',
      '服务器不允许您接收群聊“Harbour watch”的消息：已被移出',
    ])
  })

  it('is one line of three at most: the others are a number', async () => {
    await open()
    await refuse(...['a', 'b', 'c', 'd', 'e'].map((groupId) => ({ groupId, reason: '' })))
    expect(
      banner()
        .findAll('p')
        .map((line) => line.text())
        .slice(2),
    ).toEqual(['The server does not let you follow the group “c”.', 'And 2 more groups.'])
  })

  it('stays away once it was put away, until another is refused or it is accepted', async () => {
    await open()
    await refuse({ groupId: 'g1', reason: 'no' })
    await banner().get('button').trigger('click')
    expect(banner().exists()).toBe(false)
    await refuse({ groupId: 'g1', reason: 'no' }, { groupId: 'g2', reason: 'no' })
    expect(banner().text()).toContain('“g2”')
    expect(banner().text()).not.toContain('Harbour')
    await refuse()
    expect(banner().exists()).toBe(false)
  })

  it('stands in the diagnostics', async () => {
    await open('en', DiagnosticsPanel)
    const line = (): string =>
      page.wrapper
        .findAll('dt')
        .filter((name) => name.text() === 'Groups that do not arrive')
        .map((name) => name.element.nextElementSibling?.textContent?.trim() ?? '')
        .join()
    expect(line()).toBe('None')
    await refuse({ groupId: 'g1', reason: 'Not a member' })
    expect(line()).toBe('The server does not let you follow the group “Harbour watch”: Not a member')
  })
})

describe('a server that breaks off what was missed', () => {
  it('is told until it is put away, and again when it does so after having answered', async () => {
    await open()
    const told = () => page.wrapper.find('[role="region"][aria-label="Missed messages"]')
    const rest = async (missedRestsUntil: number | null): Promise<void> => {
      bridge.push({ type: 'session', accountId, status: { ...quietSession, missedRestsUntil } })
      await flushPromises()
    }
    expect(told().exists()).toBe(false)
    await rest(new Date(2026, 6, 15, 14, 5).getTime())
    expect(told().text()).toMatch(/^Some messages you missed may not be here:.* asks again at (14:05|2:05 PM);/)
    await told().get('button').trigger('click')
    await rest(new Date(2026, 6, 15, 14, 15).getTime())
    expect(told().exists()).toBe(false)
    await rest(null)
    await rest(new Date(2026, 6, 15, 15, 0).getTime())
    expect(told().exists()).toBe(true)
  })
})
