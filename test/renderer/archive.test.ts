import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { appError } from '#common/base/errors.ts'
import ArchiveCard from '../../renderer/src/features/archive/ArchiveCard.vue'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, snapshot } from './fakes/rows.ts'

let bridge: FakeBridge
let page: MountedPage

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  bridge = createFakeBridge(createWorld())
  bridge.world.accounts = [account()]
  bridge.world.snapshots.set(accountId, snapshot({ conversations: [conversation()] }))
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
  vi.useRealTimers()
})

async function open(locale: 'en' | 'zh-CN' = 'en'): Promise<void> {
  page = await mountPage({
    bridge,
    component: ArchiveCard,
    props: { accountId },
    locale,
    before: () => startStores('direct:bob'),
  })
}
const button = (name: string) => page.wrapper.findAll('button').find((one) => one.text() === name)
async function press(name: string): Promise<void> {
  await button(name)?.trigger('click')
  await flushPromises()
}
const told = (): string => page.wrapper.find('[role=status]').text()

describe('the card of archives', () => {
  it('exports all chats with pictures, or without them, and shows the folder afterwards', async () => {
    bridge.world.exported = { name: 'Godwit alice', conversations: 2, messages: 1204, media: 3, bytes: 2048 }
    await open()
    await press('Export all chats…')
    expect(told()).toBe('1204 messages exported to “Godwit alice”, 2 KB.')
    await press('Show in folder')
    expect(bridge.inputsOf('archive.show')).toEqual([{ accountId }])
    await page.wrapper.find('[role=switch]').trigger('click')
    await press('Export all chats…')
    expect(bridge.inputsOf('archive.export').map(({ media }) => media)).toEqual([true, false])
  })

  it('says what an import brought and what it left', async () => {
    bridge.world.imported = { added: 12, known: 5, deleted: 1, unsent: 2, media: 0 }
    await open()
    await press('Import an archive…')
    expect(told().split('\n')).toEqual([
      '12 messages imported.',
      '1 that you deleted here stays deleted.',
      '2 that were never sent stay in the archive.',
    ])
    bridge.world.imported = { added: 0, known: 17, deleted: 0, unsent: 0, media: 0 }
    await press('Import an archive…')
    expect(told()).toBe('Nothing new: what the archive holds is here already.')
  })

  it('shows how far it is, and can be given up', async () => {
    await open('zh-CN')
    const release = bridge.hold('archive.export')
    bridge.world.archiving = { task: 'exporting', share: 0.42 }
    await press('导出全部会话…')
    await vi.advanceTimersByTimeAsync(400)
    expect(page.wrapper.find('[role=progressbar]').attributes()).toMatchObject({
      'aria-label': '正在导出…',
      'aria-valuenow': '42',
    })
    expect(button('导入存档…')?.attributes()).toHaveProperty('disabled')
    await press('停止')
    expect(bridge.inputsOf('archive.cancel')).toEqual([{ accountId }])
    release()
    await flushPromises()
    expect(told()).toBe('已停止，没有留下任何文件。')
    expect(page.wrapper.find('[role=progressbar]').exists()).toBe(false)
  })

  it('says nothing when no folder was chosen', async () => {
    await open()
    await press('Export all chats…')
    expect(told()).toBe('')
  })

  it('sees one that was begun before it was opened, to its end', async () => {
    bridge.world.archiving = { task: 'checking', share: null }
    await open()
    expect(page.wrapper.find('[role=progressbar]').attributes('aria-label')).toBe('Checking the archive…')
    bridge.world.archiving = null
    await vi.advanceTimersByTimeAsync(400)
    await flushPromises()
    expect(page.wrapper.find('[role=progressbar]').exists()).toBe(false)
    expect(button('Export all chats…')?.attributes()).not.toHaveProperty('disabled')
  })

  it('says why an archive was refused', async () => {
    bridge.refuse('archive.import', appError('archive.damaged'))
    await open()
    await press('Import an archive…')
    expect(told()).toBe('The archive is damaged or was changed, so nothing was taken from it.')
  })
})
