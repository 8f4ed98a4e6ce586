import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Preferences, muteForEver, noPreferences } from '#common/domain/conversation.ts'
import { type OpenAccountStore, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import {
  bob,
  bobId,
  changesOf,
  edited,
  frame,
  inspect,
  memoryStore,
  now,
  received,
  self,
  send,
  team,
  teamId,
  tempDir,
  texts,
  unwrap,
} from './support.ts'

const of = (store: OpenAccountStore, id = teamId) => {
  const found = store.snapshot().conversations.find((conversation) => conversation.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}
const prefer = (store: OpenAccountStore, preferences: Partial<Preferences>, id = teamId): void =>
  void unwrap(store.prefer(id, preferences))
const joined = {
  type: 'conversation.membership',
  conversation: team,
  eventId: 'e1',
  change: 'joined',
  userId: 'carol',
  by: null,
  role: null,
  at: now + 9,
} as const

describe('what the user decides about a conversation', () => {
  it('is nothing at first, and stays over a restart, each decision by itself', () => {
    const file = join(tempDir(), 'a.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    store.openConversation(team, now)
    store.openConversation(bob, now)
    expect(of(store).preferences).toEqual(noPreferences)
    prefer(store, { pinned: true })
    prefer(store, { mutedUntil: muteForEver, alias: '  Crew ' })
    prefer(store, { archived: true, markedUnread: true }, bobId)
    store.close()
    const again = unwrap(openAccountStore({ file, selfId: self }))
    expect(of(again).preferences).toEqual({ ...noPreferences, pinned: true, mutedUntil: muteForEver, alias: 'Crew' })
    expect(of(again, bobId).preferences).toEqual({ ...noPreferences, archived: true, markedUnread: true })
    again.close()
  })

  it('is pushed as a changed row, and not at all when it was so already', () => {
    const store = memoryStore()
    store.openConversation(team, now)
    const { conversations } = changesOf(unwrap(store.prefer(teamId, { pinned: true })))
    expect(conversations).toMatchObject([{ id: teamId, preferences: { pinned: true } }])
    expect(unwrap(store.prefer(teamId, { pinned: true })).changes).toBeNull()
    expect(store.prefer('group:none', { pinned: true })).toMatchObject({ ok: false })
  })

  it('a name of blanks is no name', () => {
    const store = memoryStore()
    store.openConversation(bob, now)
    prefer(store, { alias: 'Bobby' }, bobId)
    prefer(store, { alias: '   ' }, bobId)
    expect(of(store, bobId).preferences.alias).toBeNull()
  })

  it('an archived conversation comes back with a message from somebody else, a muted one does not', () => {
    const store = memoryStore()
    store.ingest([frame(received())], now)
    prefer(store, { archived: true })
    store.ingest([frame(received({ serverId: 's2', serverTime: now + 1 }))], now)
    expect(of(store).preferences.archived).toBe(false)
    prefer(store, { archived: true, mutedUntil: now + 1000 })
    store.ingest([frame(received({ serverId: 's3', serverTime: now + 2 }))], now + 999)
    expect(of(store).preferences.archived).toBe(true)
    store.ingest([frame(received({ serverId: 's4', serverTime: now + 3 }))], now + 1000)
    expect(of(store).preferences.archived).toBe(false)
  })

  it('a repeat of an old message, or an edit of it, brings nothing back', () => {
    const store = memoryStore()
    store.ingest([frame(received())], now)
    prefer(store, { archived: true })
    store.ingest([frame(received()), frame(edited('s1', 'better'))], now)
    expect(of(store).preferences.archived).toBe(true)
  })
})

describe('a deleted conversation', () => {
  it('keeps no word, on the disk either, and counts nothing', () => {
    const file = join(tempDir(), 'a.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    const picture = { kind: 'image', caption: 'secret caption', url: 'https://files/secret.png' } as const
    store.ingest(
      [
        frame(received({ text: 'secret one', content: { kind: 'text', text: 'secret one', mentions: [self] } })),
        frame(received({ serverId: 's2', content: picture, serverTime: now + 1 })),
        frame(edited('s1', 'secret two')),
        frame(received({ serverId: 's3', text: 'secret three', serverTime: now + 2 }), {
          type: 'message.recalled',
          target: { serverId: 's3' },
          by: 'bob',
          reason: 'secret reason',
          at: now + 3,
        }),
      ],
      now,
    )
    store.setDraft(teamId, 'secret draft')
    const { conversations, messages } = changesOf(unwrap(store.deleteConversation(teamId)))
    expect(conversations).toMatchObject([
      { id: teamId, unread: 0, mentions: 0, draft: '', last: null, preferences: { hidden: true } },
    ])
    expect(messages, 'whoever keeps files hears of them').toMatchObject([{ deleted: true }])
    expect(texts(store)).toEqual([])
    expect(store.verify().value).toEqual({ repaired: 0 })
    const asked = { conversationId: null, query: 'secret', order: 'newest', cursor: null, at: now } as const
    expect(store.search(asked).hits).toEqual([])
    store.close()
    const kept = inspect(file, (database) =>
      JSON.stringify([
        database.prepare('SELECT * FROM messages').all(),
        database.prepare('SELECT * FROM conversations').all(),
        database.prepare('SELECT * FROM trace').all(),
      ]),
    )
    expect(kept).not.toContain('secret')
  })

  it('does not come back when the server repeats what was said, and does with something new', () => {
    const store = memoryStore()
    const old = [frame(received()), frame(received({ serverId: 's2', sequence: '7', serverTime: now + 1 }))]
    store.ingest(old, now)
    unwrap(store.deleteConversation(teamId))
    store.ingest([...old, frame(edited('s1', 'again')), frame(joined)], now)
    expect(of(store)).toMatchObject({ unread: 0, preferences: { hidden: true } })
    store.ingest([frame(received({ serverId: 's3', text: 'new', serverTime: now + 20 }))], now)
    expect(of(store)).toMatchObject({ unread: 1, last: { text: 'new' }, preferences: { hidden: false } })
    expect(texts(store).filter((text) => text !== 'event')).toEqual(['new'])
  })

  it('comes back, empty, when the user opens it anew', () => {
    const store = memoryStore()
    store.ingest([frame(received())], now)
    unwrap(store.deleteConversation(teamId))
    store.openConversation(team, now)
    expect(of(store).preferences.hidden).toBe(false)
    expect(texts(store)).toEqual([])
  })

  it('takes back what was never written, and lets what is on its way go', () => {
    const store = memoryStore()
    store.openConversation(team, now)
    send(store, 'on its way')
    send(store, 'never written')
    const [first] = store.outboxHeads([], 10)
    store.outboxWritten(first?.id ?? 0, now)
    unwrap(store.deleteConversation(teamId))
    expect(texts(store)).toEqual([])
    expect(store.outboxSize()).toBe(1)
    const [left] = store.outboxHeads([], 10)
    expect(left?.command).toMatchObject({ content: { text: 'on its way' } })
    store.ingest(
      [frame(received({ senderId: self, serverId: 's9', clientId: 'c-on its way', text: 'on its way' }))],
      now,
    )
    expect(store.outboxSize()).toBe(0)
    expect(of(store).preferences.hidden).toBe(true)
    expect(texts(store)).toEqual([])
  })

  it('leaves the others alone, and its own name and quiet', () => {
    const store = memoryStore()
    store.ingest([frame(received()), frame(received({ conversation: bob, serverId: 'b1' }))], now)
    prefer(store, { alias: 'Crew', mutedUntil: muteForEver, pinned: true, archived: true })
    unwrap(store.deleteConversation(teamId))
    expect(of(store).preferences).toEqual({ ...noPreferences, hidden: true, alias: 'Crew', mutedUntil: muteForEver })
    expect(of(store, bobId)).toMatchObject({ unread: 1, preferences: noPreferences })
    expect(texts(store, bobId)).toEqual(['hello'])
  })
})

describe('the messages behind a badge', () => {
  const mine = { kind: 'text' as const, text: 'you', mentions: [self] }
  function filled(): OpenAccountStore {
    const store = memoryStore()
    store.ingest(
      [
        frame(received({ serverId: 's3', sequence: '3', text: 'three', serverTime: now + 3 })),
        frame(received({ serverId: 's1', sequence: '1', text: 'one', serverTime: now + 1 })),
        frame(received({ serverId: 's2', sequence: '2', content: mine, serverTime: now + 2 })),
        frame(received({ serverId: 's4', sequence: '4', senderId: self, text: 'own', serverTime: now + 4 })),
      ],
      now,
    )
    return store
  }
  const words = (store: OpenAccountStore, only: 'all' | 'mentions', limit = 100): string[] =>
    store.unread(teamId, only, limit).map(({ content }) => ('text' in content ? content.text : ''))

  it('are exactly those it counts, in their order', () => {
    const store = filled()
    expect(of(store)).toMatchObject({ unread: 3, mentions: 1 })
    expect(words(store, 'all')).toEqual(['one', 'you', 'three'])
    expect(words(store, 'mentions')).toEqual(['you'])
    expect(words(store, 'all', 2)).toEqual(['one', 'you'])
    expect(store.unread('group:none', 'all', 9)).toEqual([])
  })

  it('seen one by one leave the others unread', () => {
    const store = filled()
    const [mention] = store.unread(teamId, 'mentions', 1)
    const changes = changesOf(store.markSeen([mention?.id ?? 0, 999]))
    expect(changes.conversations).toMatchObject([{ unread: 2, mentions: 0 }])
    expect(words(store, 'all')).toEqual(['one', 'three'])
    expect(store.markSeen([mention?.id ?? 0]).changes).toBeNull()
  })

  it('waiting, are told per conversation by the first of them and those that name the user', () => {
    const store = filled()
    store.openConversation(bob, now)
    expect(store.waiting(10)).toMatchObject([
      { conversationId: teamId, first: { content: { text: 'one' } }, mentions: [{ content: { text: 'you' } }] },
    ])
    store.markRead(teamId, store.unread(teamId, 'all', 9).at(-1)?.id ?? 0)
    expect(store.waiting(10)).toEqual([])
  })
})
