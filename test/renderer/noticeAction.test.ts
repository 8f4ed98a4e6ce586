import { describe, expect, it } from 'vitest'
import { conversationToOpen } from '../../renderer/src/features/notices/noticeAction.ts'
import { conversation, notice } from './fakes/rows.ts'

const known = [
  conversation({ id: 'direct:bob', targetId: 'bob', remoteId: 'c_alice_bob' }),
  conversation({ id: 'group:12345', kind: 'group', targetId: '12345' }),
]
const offered = (action: string | null, data: string | null): string | null =>
  conversationToOpen(notice({ id: 'n', action, data }), known)

describe('what a notice offers', () => {
  it('is the conversation it names, by any name the server has for it', () => {
    expect(offered('view_messages', '{"conversationId":"12345"}')).toBe('group:12345')
    expect(offered('view_messages', '{"conversationId":12345}')).toBe('group:12345')
    expect(offered('view_messages', '{"conversationId":"c_alice_bob"}')).toBe('direct:bob')
  })

  it.each([
    ['view_messages', '{"conversationId":"elsewhere"}'],
    ['view_messages', '{}'],
    ['view_messages', 'no json'],
    ['view_messages', '["12345"]'],
    ['view_messages', null],
    ['open_url', '{"conversationId":"12345"}'],
    [null, '{"conversationId":"12345"}'],
  ])('is nothing for %j with %j', (action, data) => {
    expect(offered(action, data)).toBeNull()
  })
})
