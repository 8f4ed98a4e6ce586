import { describe, expect, it } from 'vitest'
import type { Content } from '#common/domain/content/content.ts'
import type { Message } from '#common/domain/message.ts'
import { forwardedContent } from '#electron/core/forward.ts'

const message = (content: Content, facts: Partial<Message> = {}): Message => ({
  id: 1,
  conversationId: 'group:crew',
  serverId: 's1',
  clientId: null,
  senderId: 'bob',
  outgoing: false,
  content,
  position: { sequence: '1', time: 1, id: 's1' },
  sequence: '1',
  serverTime: 1,
  localTime: 1,
  state: 'sent',
  proof: null,
  problem: null,
  edited: null,
  recalled: null,
  deleted: false,
  pinned: false,
  unread: false,
  revision: 1,
  ...facts,
})

describe('passing a message on', () => {
  it('names the original and leaves behind whom it named and what it answered to', () => {
    const forward = { ok: true, value: { kind: 'forward', text: 'hi', originalId: 's1', reason: '' } }
    expect(forwardedContent(message({ kind: 'text', text: 'hi', mentions: ['alice'] }))).toEqual(forward)
    expect(
      forwardedContent(
        message({ kind: 'quote', text: 'hi', quotedId: 'q', quotedText: 'secret', quotedSenderId: 'chen' }),
      ),
    ).toEqual(forward)
  })

  it('is a plain text while the server has no name for the original', () => {
    expect(forwardedContent(message({ kind: 'text', text: 'hi' }, { serverId: null }))).toEqual({
      ok: true,
      value: { kind: 'text', text: 'hi' },
    })
  })

  it('takes a file by its address, and none that is still on its way', () => {
    const file = { kind: 'file', name: 'a.pdf', url: 'https://files.example/a.pdf' } as const
    expect(forwardedContent(message(file))).toEqual({ ok: true, value: file })
    expect(forwardedContent(message({ ...file, url: '' }))).toMatchObject({ error: { code: 'message.notSupported' } })
  })

  it('is refused for what was recalled, deleted, or is no message of a person', () => {
    const text = { kind: 'text', text: 'hi' } as const
    const recalled = { at: null, by: null, reason: null }
    expect(forwardedContent(message(text, { recalled }))).toMatchObject({ error: { code: 'message.recalled' } })
    expect(forwardedContent(message(text, { deleted: true }))).toMatchObject({ error: { code: 'message.unknown' } })
    for (const content of [
      { kind: 'event', event: 'member.joined' },
      { kind: 'unsupported', label: '99', raw: '' },
    ] as const) {
      expect(forwardedContent(message(content))).toMatchObject({ error: { code: 'message.notSupported' } })
    }
  })
})
