/** Own messages that the server has without having said when, on machines whose clock is wrong. */
import { describe, expect, it } from 'vitest'
import { bob, bobId, frame, memoryStore, now, received, send, self, texts } from './support.ts'

const hour = 3_600_000

describe.each([
  ['an hour slow', -hour],
  ['right', 0],
  ['an hour fast', hour],
])('with a clock that is %s', (_name, wrongBy) => {
  const local = now + wrongBy

  function sentUnconfirmed(...words: readonly string[]) {
    const store = memoryStore()
    store.openConversation(bob, local)
    for (const [index, text] of words.entries()) {
      send(store, text, { conversationId: bobId })
      store.outboxWritten(index + 1, local + index)
      store.outboxSettle(index + 1, 'receipt', local + index)
    }
    return store
  }
  const echo = (text: string, serverTime: number) =>
    frame(
      received({ conversation: bob, senderId: self, serverId: `s-${text}`, clientId: `c-${text}`, serverTime, text }),
    )

  it('own messages keep the order of composing, whichever of them the server gives its time', () => {
    for (const told of [['one'], ['two'], ['three'], ['three', 'one'], ['one', 'two'], ['two', 'one', 'three']]) {
      const store = sentUnconfirmed('one', 'two', 'three')
      const times = { one: now, two: now + 10, three: now + 20 }
      for (const text of told) store.ingest([echo(text, times[text as keyof typeof times])], local)
      expect(texts(store, bobId), `told of ${told.join()}`).toEqual(['one', 'two', 'three'])
    }
  })

  it('one that comes back with its time stands behind one that never did', () => {
    const store = sentUnconfirmed('one')
    send(store, 'two', { conversationId: bobId })
    store.ingest([echo('two', now + 5)], local)
    expect(texts(store, bobId)).toEqual(['one', 'two'])
    expect(store.verify().value.repaired).toBe(0)
  })
})
