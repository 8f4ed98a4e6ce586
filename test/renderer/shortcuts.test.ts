/** One table of shortcuts: what is listed and what happens. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import App from '../../renderer/src/App.vue'
import {
  type Shortcut,
  type ShortcutId,
  keyCaps,
  pressedIndex,
  shortcutLines,
  shortcuts,
} from '../../renderer/src/features/shortcuts/shortcutTable.ts'
import en from '../../renderer/src/i18n/en.json'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage } from './fakes/mountPage.ts'
import { account, conversation, snapshot } from './fakes/rows.ts'

let page: MountedPage | undefined
afterEach(() => {
  page?.unmount()
  page = undefined
})

const ids = Object.keys(shortcuts) as ShortcutId[]
const shortcutOf = (id: ShortcutId): Shortcut => shortcuts[id]

/** The key event of a way to press it. */
function press(keys: string, extra: KeyboardEventInit = {}): KeyboardEvent {
  const parts = keys.split('+')
  return new KeyboardEvent('keydown', {
    key: parts.at(-1) ?? '',
    ctrlKey: parts.includes('mod'),
    altKey: parts.includes('alt'),
    shiftKey: parts.includes('shift'),
    bubbles: true,
    cancelable: true,
    ...extra,
  })
}
async function hits(keys: string, extra?: KeyboardEventInit): Promise<KeyboardEvent> {
  const event = press(keys, extra)
  document.body.dispatchEvent(event)
  await flushPromises()
  return event
}

describe('the table', () => {
  it('gives no key of the window to two shortcuts', () => {
    const keys = ids.filter((id) => shortcutOf(id).local !== true).flatMap((id) => shortcutOf(id).keys)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('has a name for each', () => {
    expect(Object.keys(en.shortcuts.names).sort()).toEqual([...ids, 'send'].sort())
  })

  it.each([
    ['mod+shift+arrowdown', 'linux', ['Ctrl', 'Shift', '↓']],
    ['mod+1', 'darwin', ['⌘', '1']],
    ['alt+arrowup', 'win32', ['Alt', '↑']],
  ])('prints %s on %s as %j', (keys, platform, caps) => {
    expect(keyCaps(keys, platform)).toEqual(caps)
  })

  it('shows a row of digits by its ends', () => {
    const line = shortcutLines('anywhere', 'linux').find(({ id }) => id === 'account')
    expect(line).toEqual({
      id: 'account',
      ways: [
        ['Ctrl', '1'],
        ['Ctrl', '9'],
      ],
      isRange: true,
    })
  })

  it('knows a digit by its place where Shift writes it, and Cmd as well as Ctrl', () => {
    expect(pressedIndex('account', press('mod+&', { code: 'Digit1' }))).toBe(0)
    expect(pressedIndex('account', press('3', { metaKey: true }))).toBe(2)
    expect(pressedIndex('account', press('mod+alt+3'))).toBe(-1)
  })
})

async function open(): Promise<FakeBridge> {
  const accounts = [account(), account({ id: 'second', userId: 'carol' })]
  const rows = [
    conversation({ id: 'direct:a', targetId: 'a', activeAt: 30 }),
    conversation({ id: 'direct:b', targetId: 'b', activeAt: 20 }),
    conversation({ id: 'direct:c', targetId: 'c', activeAt: 10, unread: 2 }),
  ]
  const snapshots = new Map([[accounts[0]?.id ?? '', snapshot({ conversations: rows })]])
  const bridge = createFakeBridge(createWorld({ accounts, snapshots }))
  page = await mountPage({ bridge, component: App })
  return bridge
}
const shown = (bridge: FakeBridge) => bridge.inputsOf('view.report').at(-1)
const region = () => page?.wrapper.findAll('[role="region"]').at(-1)?.attributes('aria-label')

describe('in the window', () => {
  it('Alt with arrows walks through the chats and stops at the ends', async () => {
    const bridge = await open()
    for (const [keys, wanted] of [
      ['alt+arrowdown', 'direct:a'],
      ['alt+arrowdown', 'direct:b'],
      ['alt+shift+arrowdown', 'direct:c'],
      ['alt+arrowdown', 'direct:c'],
      ['alt+arrowup', 'direct:b'],
    ] as const) {
      expect((await hits(keys)).defaultPrevented).toBe(true)
      expect(shown(bridge)?.conversationId).toBe(wanted)
    }
  })

  it('Ctrl with a digit goes to the account of that place, and a digit without an account stays', async () => {
    const bridge = await open()
    await hits('mod+2')
    expect(shown(bridge)?.accountId).toBe('second')
    await hits('mod+7')
    expect(shown(bridge)?.accountId).toBe('second')
    await hits('mod+1')
    expect(shown(bridge)?.accountId).toBe(account().id)
  })

  it('leaves keys of an input method, keys that were taken, and everything under a dialog alone', async () => {
    await open()
    const before = region()
    await hits('mod+,', { isComposing: true })
    expect(region()).toBe(before)
    const taken = press('mod+,')
    taken.preventDefault()
    document.body.dispatchEvent(taken)
    await flushPromises()
    expect(region()).toBe(before)
    await hits('mod+/')
    await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).not.toBeNull())
    expect((await hits('mod+,')).defaultPrevented).toBe(false)
    expect(region()).toBe(before)
    await hits('mod+/')
    await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull())
    await hits('mod+,')
    await vi.waitFor(() => expect(region()).toBe('Settings'))
  })
})
