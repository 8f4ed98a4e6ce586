import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { Conversation } from '#common/domain/conversation.ts'
import MessageComposer from '../../renderer/src/features/composer/MessageComposer.vue'
import { saveAfterMs } from '../../renderer/src/stores/drafts.ts'
import { useFeedback } from '../../renderer/src/stores/feedback.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, message, online, policy, snapshot } from './fakes/rows.ts'

let bridge: FakeBridge
let page: MountedPage

beforeEach(() => {
  bridge = createFakeBridge(
    createWorld({
      accounts: [account()],
      snapshots: new Map([[accountId, snapshot({ conversations: [conversation()] })]]),
      messages: [
        message({ id: 1, outgoing: true, content: { kind: 'text', text: 'my last words' } }),
        message({ id: 2 }),
      ],
    }),
  )
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
})

async function open(facts: Partial<Conversation> = {}): Promise<void> {
  const row = conversation(facts)
  page = await mountPage({
    bridge,
    component: MessageComposer,
    props: { accountId, conversation: row, canEdit: true },
    before: () => startStores('direct:bob'),
  })
}

function field(): HTMLTextAreaElement {
  const element = page.wrapper.find('textarea').element
  expect(element.getAttribute('aria-label')).toBe('Message')
  return element
}
function sendButton(): HTMLButtonElement {
  return page.wrapper.find<HTMLButtonElement>('button[aria-label="Send"]').element
}
async function type(text: string): Promise<void> {
  await page.wrapper.find('textarea').setValue(text)
}
/** True when the page took the key for itself. */
async function press(
  key: string,
  facts: KeyboardEventInit & { keyCode?: number; late?: number } = {},
): Promise<boolean> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...facts })
  if (facts.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: facts.keyCode })
  if (facts.late !== undefined) Object.defineProperty(event, 'timeStamp', { value: performance.now() + facts.late })
  field().dispatchEvent(event)
  await flushPromises()
  return event.defaultPrevented
}
const sent = (): string[] => bridge.inputsOf('message.send').map((input) => input.text)

describe('Enter', () => {
  it('sends, empties the field and keeps the focus there', async () => {
    await open()
    await type('hello')
    expect(await press('Enter')).toBe(true)
    expect(sent()).toEqual(['hello'])
    expect(field().value).toBe('')
    expect(document.activeElement).toBe(field())
  })

  it('sends nothing that is only space', async () => {
    await open()
    await type('  \n ')
    await press('Enter')
    expect(sent()).toEqual([])
  })

  it('breaks the line where the field would not by itself', async () => {
    await open()
    await type('ab')
    field().setSelectionRange(1, 1)
    expect(await press('Enter', { ctrlKey: true })).toBe(true)
    expect(field().value).toBe('a\nb')
    expect(sent()).toEqual([])
  })

  it('sends two messages typed in a row as two, in order, before main has answered', async () => {
    await open()
    const release = bridge.hold('message.send')
    await type('one')
    await press('Enter')
    await type('one more')
    await press('Enter')
    expect(sent()).toEqual(['one', 'one more'])
    release()
    await flushPromises()
    expect(field().value).toBe('')
  })
})

describe('an input method', () => {
  beforeEach(async () => {
    await open()
    await type('nihao')
  })

  it('owns Enter and Escape while it composes', async () => {
    await page.wrapper.find('textarea').trigger('compositionstart')
    expect(await press('Enter')).toBe(false)
    expect(await press('Escape')).toBe(false)
    expect(sent()).toEqual([])
  })

  it('owns keys that say so themselves', async () => {
    expect(await press('Enter', { isComposing: true })).toBe(false)
    expect(await press('Enter', { keyCode: 229 })).toBe(false)
    expect(sent()).toEqual([])
  })

  it('owns the very key that ended it', async () => {
    const end = new CompositionEvent('compositionend', { bubbles: true })
    Object.defineProperty(end, 'timeStamp', { value: performance.now() })
    await page.wrapper.find('textarea').trigger('compositionstart')
    field().dispatchEvent(end)
    expect(await press('Enter', { late: 5 })).toBe(false)
    expect(sent()).toEqual([])
    expect(await press('Enter', { late: 400 })).toBe(true)
    expect(sent()).toEqual(['nihao'])
  })

  it('owns the arrow in an empty field', async () => {
    await type('')
    await press('ArrowUp', { isComposing: true })
    expect(field().value).toBe('')
  })
})

describe('the limit', () => {
  beforeEach(() => {
    bridge.world.snapshots.set(
      accountId,
      snapshot({ conversations: [conversation()], policy: policy({ maxMessageLength: 10 }) }),
    )
  })

  it('counts code points, not UTF-16 units', async () => {
    await open()
    await type('😀'.repeat(10))
    expect(sendButton().disabled).toBe(false)
    await press('Enter')
    expect(sent()).toEqual(['😀'.repeat(10)])
  })

  it('refuses what is too long, and cuts nothing', async () => {
    await open()
    await type('😀'.repeat(11))
    await press('Enter')
    expect(sent()).toEqual([])
    expect(field().value).toBe('😀'.repeat(11))
    expect(field().getAttribute('aria-invalid')).toBe('true')
    expect(page.wrapper.text()).toContain('1 character too many: 10 is the limit')
  })

  it('says near it how much is left, and nothing far from it', async () => {
    bridge.world.snapshots.set(
      accountId,
      snapshot({ conversations: [conversation()], policy: policy({ maxMessageLength: 500 }) }),
    )
    await open()
    await type('short')
    expect(page.wrapper.text()).not.toContain('left')
    await type('x'.repeat(497))
    expect(page.wrapper.text()).toContain('3 characters left')
  })

  it('changes under the hands of the writer', async () => {
    await open()
    await type('123456789')
    bridge.change({ policy: policy({ maxMessageLength: 5, revision: 1 }) })
    await nextTick()
    expect(sendButton().disabled).toBe(true)
    expect(field().value).toBe('123456789')
  })
})

describe('the field', () => {
  it('is disabled with the reason when an administrator says so', async () => {
    await open()
    bridge.change({ policy: policy({ readOnly: true, readOnlyBy: 'chen', readOnlyBecause: 'weekend', revision: 1 }) })
    await nextTick()
    expect(field().disabled).toBe(true)
    expect(page.wrapper.text()).toContain('chen has made this account read-only: weekend')
  })

  it('is disabled with the reason in a group that was left', async () => {
    await open({ membership: 'left' })
    expect(field().disabled).toBe(true)
    expect(page.wrapper.text()).toContain('You are no longer in this group')
  })

  it('takes messages offline, and says when they go out', async () => {
    await open()
    bridge.push({ type: 'connection', accountId, status: online({ state: 'offline' }) })
    await type('later')
    expect(page.wrapper.text()).toContain('What you send goes out as soon as the connection is back.')
    await press('Enter')
    expect(sent()).toEqual(['later'])
  })

  it('gets back what main refused, before what was typed since', async () => {
    await open()
    bridge.refuse('message.send', { code: 'storage.full' })
    const release = bridge.hold('message.send')
    await type('precious')
    await press('Enter')
    await type('next')
    release()
    await flushPromises()
    expect(field().value).toBe('precious\nnext')
    expect(useFeedback().failure?.code).toBe('storage.full')
  })
})

describe('drafts', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())
  const drafts = (): string[] => bridge.inputsOf('conversation.setDraft').map((input) => input.draft)

  it('are there when the conversation is opened', async () => {
    bridge.world.snapshots.set(accountId, snapshot({ conversations: [conversation({ draft: 'half a thou' })] }))
    await open({ draft: 'half a thou' })
    expect(field().value).toBe('half a thou')
  })

  it('are told to main after a pause, once', async () => {
    await open()
    await type('a')
    await type('ab')
    expect(drafts()).toEqual([])
    vi.advanceTimersByTime(saveAfterMs)
    expect(drafts()).toEqual(['ab'])
  })

  it('are told at once when the field or the conversation is left', async () => {
    await open()
    await type('a')
    await page.wrapper.find('textarea').trigger('blur')
    expect(drafts()).toEqual(['a'])
    await type('ab')
    page.unmount()
    expect(drafts()).toEqual(['a', 'ab'])
    await open()
  })

  it('end with the message', async () => {
    await open()
    await type('a')
    await press('Enter')
    expect(drafts().at(-1)).toBe('')
  })

  it('are not touched by a late echo of main', async () => {
    await open()
    await type('newer')
    bridge.change({ conversations: [conversation({ draft: 'older', revision: 9 })] })
    await nextTick()
    expect(field().value).toBe('newer')
  })
})

describe('editing', () => {
  it('begins with the arrow up in an empty field, at the last own message', async () => {
    await open()
    expect(await press('ArrowUp')).toBe(true)
    await nextTick()
    expect(field().value).toBe('my last words')
    expect(page.wrapper.text()).toContain('Edit message')
  })

  it('leaves the arrow alone when something is written', async () => {
    await open()
    await type('x')
    expect(await press('ArrowUp')).toBe(false)
  })

  it('is sent as an edit, and the field is as before', async () => {
    await open()
    await press('ArrowUp')
    await type('better words')
    await press('Enter')
    expect(bridge.inputsOf('message.edit')).toEqual([{ accountId, messageId: 1, text: 'better words' }])
    expect(sent()).toEqual([])
    expect(field().value).toBe('')
  })

  it('ends with Escape and brings back what was being written', async () => {
    await open()
    await press('ArrowUp')
    await type('no')
    await press('Escape')
    expect(field().value).toBe('')
    expect(page.wrapper.text()).not.toContain('Edit message')
    expect(bridge.inputsOf('conversation.setDraft')).toEqual([])
  })
})
