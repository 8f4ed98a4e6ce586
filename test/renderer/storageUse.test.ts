import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { appError } from '#common/base/errors.ts'
import { type StorageUse, noFiles } from '#common/domain/storageUse.ts'
import StoragePage from '../../renderer/src/features/settings/StoragePage.vue'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, snapshot } from './fakes/rows.ts'

const use = (facts: Partial<StorageUse> = {}): StorageUse => ({
  chats: [
    {
      conversationId: 'direct:bob',
      messages: { count: 1204, bytes: 3 * 1024 },
      files: { ...noFiles(), image: { count: 2, bytes: 2048 }, voice: { count: 1, bytes: 512 } },
    },
    { conversationId: 'group:quiet', messages: { count: 1, bytes: 40 }, files: noFiles() },
  ],
  files: { ...noFiles(), image: { count: 2, bytes: 2048 }, voice: { count: 1, bytes: 512 } },
  leftOver: { count: 0, bytes: 0 },
  waiting: { count: 1, bytes: 1024 },
  database: { bytes: 8192, free: 4096 },
  ...facts,
})

let bridge: FakeBridge
let page: MountedPage

beforeEach(() => {
  bridge = createFakeBridge(createWorld({ storageUses: new Map([[accountId, use()]]) }))
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
  vi.useRealTimers()
})

async function open(locale: 'en' | 'zh-CN' = 'en'): Promise<void> {
  if (bridge.world.accounts.length === 0) bridge.world.accounts = [account()]
  bridge.world.snapshots.set(accountId, snapshot({ conversations: [conversation()] }))
  page = await mountPage({ bridge, component: StoragePage, locale, before: () => startStores('direct:bob') })
}
const words = (): string => page.wrapper.text().replaceAll(/\s+/g, ' ')
const button = (name: string) =>
  page.wrapper.findAll('button').find((one) => (one.attributes('aria-label') ?? one.text()) === name)
async function press(name: string): Promise<void> {
  await button(name)?.trigger('click')
  await flushPromises()
}
/** The dialog stands outside the page. */
async function confirm(): Promise<string> {
  const dialog = document.querySelector('[role=dialog]')
  const title = dialog?.querySelector('h2')?.textContent ?? ''
  const buttons = [...(dialog?.querySelectorAll('button') ?? [])]
  buttons.find((one) => one.textContent.trim() === 'Delete')?.click()
  await flushPromises()
  return title.trim()
}
const outcome = (): string => page.wrapper.find('.outcome').text()

describe('the storage page', () => {
  it('tells what is kept, by kind and by chat, the largest first', async () => {
    await open()
    expect(words()).toContain('11.5 KB on this computer')
    const legend = page.wrapper.findAll('.legend > div').map((line) => line.text())
    expect(legend).toEqual([
      'Messages and search4 KB',
      'Pictures2 KB',
      'Voice messages512 B',
      'Waiting to be sent1 KB',
      'Can be given back4 KB',
    ])
    const chats = page.wrapper.findAll('.chats li').map((row) => row.text().replaceAll(/\s+/g, ' '))
    expect(chats[0]).toContain('1204 messages, 3 KB · 2 pictures, 2 KB · 1 voice message, 512 B')
    expect(chats[1]).toContain('1 message, 40 B')
    expect(button('Delete kept files of group:quiet')).toBeUndefined()
  })

  it('deletes nothing before it was asked and confirmed, and measures anew after it', async () => {
    await open()
    await press('Delete messages of group:quiet')
    expect(bridge.inputsOf('storage.clearMessages')).toEqual([])
    bridge.world.storageUses.set(accountId, use({ chats: [] }))
    expect(await confirm()).toBe('Delete the messages of group:quiet?')
    expect(bridge.inputsOf('storage.clearMessages')).toEqual([{ accountId, conversationId: 'group:quiet' }])
    expect(outcome()).toBe('3 messages deleted')
    expect(words()).toContain('No chat keeps anything here.')
  })

  it('deletes kept files of a chat, or all that are older than the age that is chosen', async () => {
    await open()
    const [first] = page.wrapper.findAll('.chats li')
    await first?.findAll('button')[0]?.trigger('click')
    await flushPromises()
    await confirm()
    await page.wrapper.find('input[value="30"]').setValue()
    await press('Delete kept files')
    expect(await confirm()).toBe('Delete kept files older than 30 days?')
    await page.wrapper.find('input[value="all"]').setValue()
    await press('Delete kept files')
    expect(await confirm()).toBe('Delete all kept files?')
    expect(bridge.inputsOf('storage.clearMedia')).toEqual([
      { accountId, conversationId: 'direct:bob', olderThanDays: null },
      { accountId, conversationId: null, olderThanDays: 30 },
      { accountId, conversationId: null, olderThanDays: null },
    ])
    expect(outcome()).toBe('2 files deleted: 2 KB')
  })

  it('shows how far the making smaller is, and what it brought', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    await open()
    const release = bridge.hold('storage.compact')
    await press('Make smaller')
    const bar = page.wrapper.find('[role=progressbar]')
    expect(bar.attributes('aria-valuenow')).toBeUndefined()
    bridge.world.compacting = { share: 0.42 }
    vi.advanceTimersByTime(500)
    await flushPromises()
    expect(bar.attributes('aria-valuenow')).toBe('42')
    release()
    await flushPromises()
    expect(page.wrapper.find('[role=progressbar]').exists()).toBe(false)
    expect(outcome()).toBe('The database had 4 KB and now has 1 KB.')
  })

  it('finds one under way when it is opened, and measures when it is over', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    bridge.world.compacting = { share: null }
    await open()
    expect(page.wrapper.find('[role=progressbar]').exists()).toBe(true)
    expect(bridge.inputsOf('storage.use')).toEqual([])
    bridge.world.compacting = null
    vi.advanceTimersByTime(500)
    await flushPromises()
    expect(words()).toContain('11.5 KB on this computer')
  })

  it('says how much room is lacking', async () => {
    await open()
    bridge.refuse('storage.compact', appError('storage.full', undefined, { needed: 2 * 1024 ** 3, free: 1024 ** 2 }))
    await press('Make smaller')
    expect(outcome()).toContain('2 GB are needed, and 1 MB are free')
  })

  it('keeps the accounts apart', async () => {
    bridge.world.accounts = [account(), account({ id: 'second', userId: 'other' })]
    bridge.world.snapshots.set('second', snapshot())
    bridge.world.storageUses.set('second', use({ chats: [], database: { bytes: 100, free: 0 } }))
    await open()
    await page.wrapper.find('input[value="second"]').setValue()
    await flushPromises()
    expect(words()).toContain('No chat keeps anything here.')
    expect(words()).toContain('There is no empty room in it.')
    await press('Make smaller')
    expect(bridge.inputsOf('storage.compact')).toEqual([{ accountId: 'second' }])
  })

  it('says why nothing can be told, with a way on', async () => {
    bridge.world.storageUses.clear()
    await open()
    expect(words()).toContain('This could not be measured')
    bridge.world.storageUses.set(accountId, use())
    await press('Try again')
    expect(words()).toContain('on this computer')
  })
})
