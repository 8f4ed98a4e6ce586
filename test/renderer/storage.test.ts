import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appError } from '#common/base/errors.ts'
import type { RepairReport, StorageTrouble } from '#common/domain/storage.ts'
import App from '../../renderer/src/App.vue'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage } from './fakes/mountPage.ts'
import { account, accountId, conversation, snapshot } from './fakes/rows.ts'

let bridge: FakeBridge
let page: MountedPage

const damaged: StorageTrouble = { code: 'storage.corrupt', detail: null, stopped: true, repairable: true }
const report: RepairReport = {
  queued: 2,
  drafts: 1,
  conversations: 14,
  messages: 3000,
  whole: false,
  keptAs: 'messages.damaged-20261121T104122Z.db',
}

beforeEach(() => {
  bridge = createFakeBridge(createWorld())
  bridge.world.snapshots.set(accountId, snapshot({ conversations: [conversation()] }))
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
})

async function open(trouble: StorageTrouble | null, locale: 'en' | 'zh-CN' = 'en', signedIn = true): Promise<void> {
  bridge.world.accounts = [account({ trouble, signedIn })]
  bridge.world.locale = locale
  page = await mountPage({ bridge, component: App, locale })
  await until(() => page.wrapper.find('main').exists() && page.wrapper.find('[aria-busy]').exists() === false)
}

/** Views of their own files come a little later. */
async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition).toBe(true)
  await flushPromises()
}

const region = () => page.wrapper.find('[role="region"][aria-label="Stored messages"]')
const button = (name: string) => page.wrapper.findAll('button').find((one) => one.text() === name)
async function press(name: string): Promise<void> {
  await button(name)?.trigger('click')
  await flushPromises()
}

describe('an account whose stored messages cannot be opened', () => {
  it('says what is wrong, what is safe, and offers the ways on instead of an empty list of chats', async () => {
    await open(damaged)
    await until(() => region().exists())
    expect(region().find('h1').text()).toBe('The stored messages are damaged. They were left untouched.')
    expect(region().text()).toContain('A repair first saves what waits to be sent and your drafts')
    expect(
      region()
        .findAll('button')
        .map((one) => one.text()),
    ).toEqual(['Repair and keep the old file', 'Try again', 'Show the file'])
    expect(page.wrapper.find('[role="listbox"]').exists()).toBe(false)
    expect(bridge.inputsOf('account.snapshot')).toEqual([])
  })

  it.each(['foreign', 'newer', 'readOnly', 'full', 'locked', 'failed'])(
    'tells about %s in words of its own',
    async (kind) => {
      await open({ code: `storage.${kind}`, detail: null, stopped: true, repairable: false })
      await until(() => region().exists())
      expect(region().text()).not.toContain('A repair first')
      expect(button('Repair and keep the old file')).toBeUndefined()
      await press('Show the file')
      expect(bridge.inputsOf('storage.show')).toEqual([{ accountId }])
    },
  )

  it('is told about in Chinese as well', async () => {
    await open(damaged, 'zh-CN')
    await until(() => page.wrapper.find('[role="region"][aria-label="已保存的消息"]').exists())
    expect(button('修复并保留旧文件')).toBeDefined()
  })

  it('is repaired, loads its chats, and says in numbers what was saved and where the old file is', async () => {
    await open(damaged)
    await until(() => region().exists())
    bridge.world.repair = report
    await press('Repair and keep the old file')
    bridge.push({ type: 'accounts', accounts: [account()] })
    await until(() => !region().exists())
    expect(bridge.inputsOf('account.snapshot')).toEqual([{ accountId }])
    const told = page.wrapper.find('[role="region"][aria-label="Repair of the stored messages"]')
    expect(told.text()).toContain('Saved: 2 unsent items, 1 draft, 3000 messages in 14 chats.')
    expect(told.text()).toContain('Where they are missing, the chat shows a gap.')
    expect(told.text()).toContain('messages.damaged-20261121T104122Z.db')
  })

  it('that cannot be repaired now says why and stays', async () => {
    await open(damaged)
    await until(() => region().exists())
    bridge.refuse('storage.repair', appError('storage.full'))
    await press('Repair and keep the old file')
    expect(page.wrapper.find('.feedback').text()).toContain('The disk is full.')
    expect(region().exists()).toBe(true)
    expect(button('Repair and keep the old file')?.attributes('disabled')).toBeUndefined()
  })
})

describe('an account that cannot write now', () => {
  it('keeps its chats on the screen and says so above them', async () => {
    await open({ code: 'storage.full', detail: null, stopped: false, repairable: false })
    await until(() => region().exists())
    expect(region().text()).toContain('The disk is full.')
    expect(page.wrapper.find('[role="listbox"]').exists()).toBe(true)
  })
})

describe('an account whose token the key store does not give', () => {
  it('is asked to sign in again, told why, and can try again', async () => {
    await open({ code: 'account.secretUnavailable', detail: null, stopped: false, repairable: false }, 'en', false)
    await until(() => page.wrapper.find('form').exists())
    expect(page.wrapper.text()).toContain('The key store of this computer is locked or has changed')
    await press('Try again')
    expect(bridge.inputsOf('storage.tryAgain')).toEqual([{ accountId }])
  })
})

describe('change sets that may be missing', () => {
  it('are made up for by a new snapshot', async () => {
    await open(null)
    bridge.push({ type: 'changesLost', accountId })
    await flushPromises()
    expect(bridge.inputsOf('account.snapshot')).toHaveLength(2)
  })
})
