import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import type { Conversation } from '#common/domain/conversation.ts'
import MessageComposer from '../../renderer/src/features/composer/MessageComposer.vue'
import { saveAfterMs } from '../../renderer/src/stores/drafts.ts'
import { useFeedback } from '../../renderer/src/stores/feedback.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, message, online, person, policy, snapshot } from './fakes/rows.ts'

let bridge: FakeBridge
let page: MountedPage
const shown = ref(true)

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
  shown.value = true
  page = await mountPage({
    bridge,
    component: defineComponent(
      () => () => (shown.value ? h(MessageComposer, { accountId, conversation: row, canEdit: true }) : null),
    ),
    before: () => startStores('direct:bob'),
  })
}

/** Another conversation was looked at in between. */
async function reopen(): Promise<void> {
  shown.value = false
  await nextTick()
  shown.value = true
  await nextTick()
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
async function press(key: string, facts: KeyboardEventInit & { keyCode?: number; at?: number } = {}): Promise<boolean> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...facts })
  if (facts.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: facts.keyCode })
  if (facts.at !== undefined) Object.defineProperty(event, 'timeStamp', { value: facts.at })
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
    expect(await press('Enter', { at: end.timeStamp + 5 })).toBe(false)
    expect(sent()).toEqual([])
    expect(await press('Enter', { at: end.timeStamp + 400 })).toBe(true)
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

  it('follow another window that writes about the conversation', async () => {
    await open()
    await type('a')
    vi.advanceTimersByTime(saveAfterMs)
    bridge.push({ type: 'draft', accountId, conversationId: 'direct:bob', text: 'written elsewhere' })
    await flushPromises()
    expect(field().value).toBe('written elsewhere')
    bridge.push({ type: 'draft', accountId, conversationId: 'direct:eve', text: 'to somebody else' })
    await flushPromises()
    expect(field().value).toBe('written elsewhere')
    vi.advanceTimersByTime(saveAfterMs)
    expect(drafts()).toEqual(['a'])
  })

  it('that are just being typed are not replaced, and are what counts in the end', async () => {
    await open()
    await type('typed here')
    bridge.push({ type: 'draft', accountId, conversationId: 'direct:bob', text: 'written elsewhere' })
    await flushPromises()
    expect(field().value).toBe('typed here')
    vi.advanceTimersByTime(saveAfterMs)
    expect(drafts()).toEqual(['typed here'])
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

describe('an @ in a group', () => {
  const group = {
    id: 'group:crew',
    kind: 'group',
    targetId: 'crew',
    members: ['alice', 'bob', 'lilei'].map((userId) => ({ userId, role: 'member' })),
  } as const satisfies Partial<Conversation>
  const options = (): string[] =>
    page.wrapper.findAll('[role="option"]').map((option) => option.text().replaceAll(/\s+/g, ' '))
  async function write(text: string): Promise<void> {
    await type(text)
    field().setSelectionRange(text.length, text.length)
    await page.wrapper.find('textarea').trigger('input')
  }

  beforeEach(async () => {
    const people = [person({ userId: 'lilei', nickname: '李雷' })]
    bridge.world.snapshots.set(accountId, snapshot({ conversations: [conversation(group)], people }))
    await open(group)
  })

  it('offers everyone and the others by name, and says so', async () => {
    await write('hi @')
    expect(options().map((option) => /everyone|bob|李雷/.exec(option)?.[0])).toEqual(['everyone', 'bob', '李雷'])
    expect(field().getAttribute('aria-activedescendant')).toBe(
      page.wrapper.find('[aria-selected="true"]').attributes('id'),
    )
    expect(page.wrapper.find('[role="status"]').text()).toContain('3 people to mention')
  })

  it('takes arrows and Enter for the list, and the message names who was chosen', async () => {
    await write('@')
    expect(await press('ArrowDown')).toBe(true)
    expect(await press('ArrowDown')).toBe(true)
    expect(await press('Enter')).toBe(true)
    expect(field().value).toBe('@李雷 ')
    expect(sent()).toEqual([])
    await press('Enter')
    expect(bridge.inputsOf('message.send')).toEqual([
      { accountId, conversationId: 'group:crew', text: '@李雷 ', mentions: ['lilei'] },
    ])
  })

  it('leaves Enter to an input method', async () => {
    await write('@li')
    expect(await press('Enter', { isComposing: true })).toBe(false)
    expect(field().value).toBe('@li')
  })

  it('is dismissed with Escape, and stays so while that name is written', async () => {
    await write('@b')
    expect(await press('Escape')).toBe(true)
    await write('@bo')
    expect(options()).toEqual([])
    await write('@bo @b')
    expect(options()).toHaveLength(1)
  })

  it('names everyone as the servers do', async () => {
    await write('@everyone lunch')
    await press('Enter')
    expect(bridge.inputsOf('message.send').map(({ mentions }) => mentions)).toEqual([['*']])
  })
})

describe('what is answered or edited', () => {
  it('is still there when the conversation is opened again, and the draft beneath it', async () => {
    await open()
    await type('')
    await press('ArrowUp')
    await type('my better words')
    await reopen()
    expect(page.wrapper.text()).toContain('Edit message')
    expect(field().value).toBe('my better words')
    await press('Escape')
    expect(field().value).toBe('')
  })

  it('is kept by main, and comes back after a restart with the words as they were', async () => {
    vi.useFakeTimers()
    await open()
    await press('ArrowUp')
    await type('my better words')
    vi.advanceTimersByTime(saveAfterMs)
    vi.useRealTimers()
    expect(bridge.inputsOf('conversation.keepMode').map(({ mode }) => mode)).toEqual([
      { kind: 'edit', messageId: 1, text: 'my better words' },
    ])
    page.unmount()
    await open()
    expect(page.wrapper.text()).toContain('Edit message')
    expect(field().value).toBe('my better words')
    await press('Enter')
    expect(bridge.inputsOf('message.edit').map(({ text }) => text)).toEqual(['my better words'])
  })

  it('becomes part of the draft where the message is gone', async () => {
    bridge.world.modes.set('direct:bob', { kind: 'edit', messageId: 99, text: 'half an edit' })
    await open({ draft: 'and a draft' })
    expect(page.wrapper.text()).not.toContain('Edit message')
    expect(field().value).toContain('half an edit')
  })

  it('an answer goes out as one after a restart', async () => {
    bridge.world.modes.set('direct:bob', { kind: 'quote', messageId: 2, text: '' })
    await open()
    expect(page.wrapper.text()).toContain('Reply to bob')
    await type('yes')
    await press('Enter')
    expect(bridge.inputsOf('message.send').map(({ quotes }) => quotes)).toEqual(['server-2'])
    expect(page.wrapper.text()).not.toContain('Reply to bob')
  })
})
