import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appError } from '#common/base/errors.ts'
import type { Account } from '#common/domain/account.ts'
import type { Policy } from '#common/domain/notice.ts'
import MessageComposer from '../../renderer/src/features/composer/MessageComposer.vue'
import { pastedFiles } from '../../renderer/src/features/composer/attaching.ts'
import { fileIcon } from '../../renderer/src/features/timeline/fileIcon.ts'
import { useTrays } from '../../renderer/src/stores/trays.ts'
import { useUploads } from '../../renderer/src/stores/uploads.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, policy, snapshot } from './fakes/rows.ts'

let bridge: FakeBridge
let page: MountedPage

beforeEach(() => {
  bridge = createFakeBridge(createWorld())
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
})

async function open(facts: { account?: Partial<Account>; policy?: Partial<Policy> } = {}): Promise<void> {
  bridge.world.accounts = [account({ upload: true, ...facts.account })]
  bridge.world.snapshots.set(accountId, snapshot({ conversations: [conversation()], policy: policy(facts.policy) }))
  page = await mountPage({
    bridge,
    component: MessageComposer,
    props: { accountId, conversation: conversation(), canEdit: true },
    before: () => startStores('direct:bob'),
  })
}

const file = (name: string, size = 3, type = ''): File => new File([new Uint8Array(size)], name, { type })

/** What a system's clipboard offers, as far as the page asks it. */
function data(files: readonly File[], types: readonly string[] = ['Files']): DataTransfer {
  const transfer = new DataTransfer()
  Object.defineProperty(transfer, 'files', { value: files })
  Object.defineProperty(transfer, 'types', { value: types })
  return transfer
}

/** True when the page took it for itself. */
async function paste(files: readonly File[], types?: readonly string[]): Promise<boolean> {
  const event = new Event('paste', { bubbles: true, cancelable: true })
  Object.defineProperty(event, 'clipboardData', { value: data(files, types) })
  page.wrapper.find('textarea').element.dispatchEvent(event)
  await flushPromises()
  return event.defaultPrevented
}
async function press(): Promise<void> {
  await page.wrapper.find('form').trigger('submit')
  await flushPromises()
}
const tray = (): string[] => page.wrapper.findAll('.tray bdi').map((name) => name.text())
const text = (): string => page.wrapper.find('textarea').element.value
const alerts = (): string[] => page.wrapper.findAll('[role=alert] p').map((line) => line.text())
const added = () =>
  bridge.inputsOf('attachment.add').map(({ name, caption, bytes }) => ({ name, caption, size: bytes.byteLength }))

describe('pasted files', () => {
  it('wait in the tray, can be taken out of it, and go with Enter in their order', async () => {
    await open()
    expect(await paste([file('a.txt'), file('b.txt')])).toBe(true)
    await paste([file('c.txt')])
    expect(tray()).toEqual(['a.txt', 'b.txt', 'c.txt'])
    expect(bridge.inputsOf('attachment.add')).toEqual([])
    await page.wrapper.find('button[aria-label="Remove b.txt"]').trigger('click')
    await press()
    expect(added().map(({ name }) => name)).toEqual(['a.txt', 'c.txt'])
    expect(tray()).toEqual([])
  })

  it('are not taken where words are the better copy, as from a table', async () => {
    await open()
    expect(await paste([file('image.png', 3, 'image/png')], ['text/plain', 'text/html', 'Files'])).toBe(false)
    expect(await paste([], ['text/plain'])).toBe(false)
    expect(tray()).toEqual([])
    expect(pastedFiles(null)).toEqual([])
  })

  it('take the words along when they are one picture', async () => {
    await open()
    await paste([file('a.png', 3, 'image/png')])
    await page.wrapper.find('textarea').setValue('look')
    await press()
    expect(added()).toEqual([{ name: 'a.png', caption: 'look', size: 3 }])
    expect(bridge.inputsOf('message.send')).toEqual([])
    expect(text()).toBe('')
  })

  it('are followed by the words when no file can carry them', async () => {
    await open()
    await paste([file('a.txt'), file('b.png', 3, 'image/png')])
    await page.wrapper.find('textarea').setValue('both')
    await press()
    expect(added().map(({ caption }) => caption)).toEqual([undefined, undefined])
    expect(bridge.inputsOf('message.send').map((input) => input.text)).toEqual(['both'])
  })

  it('come back with the words when main cannot take them', async () => {
    await open()
    bridge.refuse('attachment.add', appError('internal'))
    await paste([file('a.png', 3, 'image/png')])
    await page.wrapper.find('textarea').setValue('look')
    await press()
    expect(tray()).toEqual(['a.png'])
    expect(text()).toBe('look')
    expect(bridge.inputsOf('message.send')).toEqual([])
  })

  it('over the limit are refused by name before anything is read', async () => {
    await open({ policy: { fileUploadLimit: 1 } })
    await paste([file('big.bin', 1_572_864), file('small.bin', 1_048_576)])
    expect(tray()).toEqual(['small.bin'])
    expect(alerts()).toEqual(['“big.bin” is too big: it has 1.5 MB, and the limit is 1 MB.'])
    await page.wrapper.find('[role=alert] button').trigger('click')
    expect(alerts()).toEqual([])
  })

  it('that cannot be read are told, and the others go', async () => {
    await open()
    const folder = file('folder')
    folder.arrayBuffer = () => Promise.reject(new Error('NotReadableError'))
    await paste([folder, file('a.txt')])
    await press()
    expect(added().map(({ name }) => name)).toEqual(['a.txt'])
    expect(alerts()[0]).toMatch(/^“folder”: The file cannot be read/)
  })

  it('are not taken while the account is read-only', async () => {
    await open({ policy: { readOnly: true } })
    await paste([file('a.txt')])
    expect(tray()).toEqual([])
    expect(page.wrapper.find('button[aria-label="Attach files"]').exists()).toBe(false)
  })
})

describe('without a place for files', () => {
  it('the button stays reachable, says why, and does nothing', async () => {
    await open({ account: { upload: false } })
    const button = page.wrapper.find('button[aria-label="Attach files"]')
    expect(button.attributes('aria-disabled')).toBe('true')
    expect(button.attributes('disabled')).toBeUndefined()
    const reason = document.getElementById(button.attributes('aria-describedby') ?? '')
    expect(reason?.textContent).toMatch(/^Files cannot be sent here/)
    await button.trigger('click')
    expect(bridge.inputsOf('attachment.choose')).toEqual([])
    expect(await paste([file('a.txt')])).toBe(true)
    expect(tray()).toEqual([])
  })
})

it('the button asks main for files', async () => {
  await open()
  await page.wrapper.find('button[aria-label="Attach files"]').trigger('click')
  expect(bridge.inputsOf('attachment.choose')).toEqual([{ accountId, conversationId: 'direct:bob' }])
})

it('nothing of an account stays in the page when it is gone', async () => {
  await open()
  const [trays, uploads] = [useTrays(), useUploads()]
  trays.add(accountId, 'direct:bob', [file('a.txt')])
  trays.add('account-2', 'direct:bob', [file('b.txt')])
  uploads.replace(accountId, [{ messageId: 1, sent: 0, total: 1, state: 'waiting', problem: null }])
  bridge.push({ type: 'accounts', accounts: [] })
  await flushPromises()
  expect(trays.filesOf(accountId, 'direct:bob')).toEqual([])
  expect(uploads.find(accountId, 1)).toBeUndefined()
  expect(trays.filesOf('account-2', 'direct:bob')).toHaveLength(1)
})

it('a program has its own icon, whether its bytes or its name say so', async () => {
  await open()
  const program = fileIcon('application/vnd.microsoft.portable-executable', 'png')
  for (const extension of ['exe', 'sh', 'bat', 'jar']) expect(fileIcon('text/plain', extension)).toBe(program)
  expect(fileIcon('application/pdf', 'pdf')).not.toBe(program)
  expect(fileIcon('', '__proto__')).toBe(fileIcon('', ''))
})
