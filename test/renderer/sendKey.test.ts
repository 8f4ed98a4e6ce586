import { describe, expect, it } from 'vitest'
import { enterMeaning } from '../../renderer/src/features/composer/sendKey.ts'

describe('Enter', () => {
  it.each([
    ['enter', {}, 'send'],
    ['enter', { shiftKey: true }, 'newline'],
    ['enter', { ctrlKey: true }, 'insertNewline'],
    ['enter', { altKey: true }, 'insertNewline'],
    ['modEnter', {}, 'newline'],
    ['modEnter', { shiftKey: true }, 'newline'],
    ['modEnter', { ctrlKey: true }, 'send'],
    ['modEnter', { metaKey: true }, 'send'],
  ] as const)('with the send key set to %s and %o means %s', (sendKey, held, meaning) => {
    const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }
    expect(enterMeaning({ ...none, ...held }, sendKey)).toBe(meaning)
  })
})
