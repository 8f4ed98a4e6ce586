/** The address of a window that shows one conversation: what main writes the page reads, and nothing else. */
import { describe, expect, it } from 'vitest'
import { chatFragment, chatOfFragment } from '#common/contract/chatWindow.ts'
import { chatAddress, isOwnUrl } from '#electron/main/urls.ts'

describe('the address of a chat window', () => {
  it.each([
    ['4f1c', 'direct:bob'],
    ['4f1c', 'group:a/b?c#d&e=f%20'],
    ['a b', 'direct:陈晨 🐦'],
    ['4f1c', 'direct:<script>'],
  ])('is read as it was written: %s, %s', (accountId, conversationId) => {
    expect(isOwnUrl(chatAddress(accountId, conversationId))).toBe(true)
    expect(chatOfFragment(`#${chatFragment(accountId, conversationId)}`)).toEqual({ accountId, conversationId })
    expect(chatOfFragment(new URL(chatAddress(accountId, conversationId)).hash)).toEqual({ accountId, conversationId })
  })

  it.each([
    '',
    '#',
    '#chat',
    '#chat/4f1c',
    '#chat/4f1c/',
    '#chat//direct:bob',
    '#chat/4f1c/bob',
    '#chat/4f1c/settings:x',
    '#chat/4f1c/direct:',
    '#chat/4f1c/direct:bob/more',
    '#other/4f1c/direct:bob',
    '##chat/4f1c/direct:bob',
    '#chat/%ZZ/direct:bob',
    `#chat/4f1c/direct:${'b'.repeat(6000)}`,
  ])('nobody here has written %s', (fragment) => {
    expect(chatOfFragment(fragment)).toBeNull()
  })
})
