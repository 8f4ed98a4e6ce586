/** What an account keeps, measured and let go. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Content } from '#common/domain/content/content.ts'
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
  timeline,
  unwrap,
} from './support.ts'

const picture = (name: string): Content => ({ kind: 'image', caption: name, url: `https://files/${name}.png` })
const erase = (store: OpenAccountStore, id = teamId): number => unwrap(store.eraseMessages(id)).value
const conversation = (store: OpenAccountStore, id = teamId) =>
  store.snapshot().conversations.find((one) => one.id === id)
const found = (store: OpenAccountStore, query: string): number =>
  store.search({ conversationId: null, query, order: 'newest', cursor: null, at: now }).hits.length
const counted = (store: OpenAccountStore) =>
  new Map(store.storageUse(0, 1000).chats.map(({ conversationId, count }) => [conversationId, count]))

/** Two from Bob in the team, one with a picture, and one in the chat with him. */
function filled(file = ':memory:'): OpenAccountStore {
  const store = file === ':memory:' ? memoryStore() : unwrap(openAccountStore({ file, selfId: self }))
  store.ingest(
    [
      frame(received({ text: 'secret tide' })),
      frame(received({ serverId: 's2', content: picture('secret shore'), serverTime: now + 1 })),
      frame(received({ serverId: 's3', text: 'elsewhere', conversation: bob, serverTime: now + 2 })),
    ],
    now,
  )
  return store
}

describe('what the messages of an account take up', () => {
  it('is counted by conversation, without what is deleted', () => {
    const store = filled()
    expect(counted(store)).toEqual(
      new Map([
        [teamId, 2],
        [bobId, 1],
      ]),
    )
    const [first] = timeline(store)
    unwrap(store.deleteForMe(first?.id ?? 0, false, now))
    expect(counted(store).get(teamId)).toBe(1)
  })

  it('grows by the bytes of what is said, in UTF-8', () => {
    const store = memoryStore()
    const bytes = (): number => store.storageUse(0, 1000).chats[0]?.bytes ?? 0
    store.ingest([frame(received({ text: 'a' }))], now)
    const before = bytes()
    store.ingest([frame(edited('s1', '潮水四点转向'))], now)
    expect(bytes() - before).toBeGreaterThanOrEqual('潮水四点转向'.length * 3 - 1)
  })

  it('is the same whether it is asked for in one piece or in many', () => {
    const store = filled()
    const parts = new Map<string, number>()
    let pieces = 0
    for (let after: number | null = 0; after !== null; pieces++) {
      const part: ReturnType<OpenAccountStore['storageUse']> = store.storageUse(after, 1)
      for (const { conversationId, count } of part.chats)
        parts.set(conversationId, (parts.get(conversationId) ?? 0) + count)
      after = part.last
    }
    expect(parts).toEqual(counted(store))
    expect(pieces).toBeGreaterThan(2)
  })

  it('a message is settled once it has arrived and nothing is to be done to it', () => {
    const store = filled()
    const [first, shown] = timeline(store)
    const unsent = send(store, 'on its way')
    unwrap(store.pin(first?.id ?? 0, 'me', now))
    const facts = store.storedMessages([first?.id ?? 0, shown?.id ?? 0, unsent, 4711])
    expect(new Map(facts.map(({ id, settled }) => [id, settled]))).toEqual(
      new Map([
        [first?.id, false],
        [shown?.id, true],
        [unsent, false],
      ]),
    )
    expect(facts.find(({ id }) => id === shown?.id)).toMatchObject({
      conversationId: teamId,
      kind: 'image',
      at: now + 1,
      gone: false,
    })
  })
})

describe('erasing the messages of a conversation', () => {
  it('leaves no word of them on the disk, counts nothing, and keeps the conversation where it was', () => {
    const file = join(tempDir(), 'a.db')
    const store = filled(file)
    unwrap(store.prefer(teamId, { pinned: true }))
    const { value, changes } = unwrap(store.eraseMessages(teamId))
    expect(value).toBe(2)
    expect(changes?.conversations).toMatchObject([{ id: teamId, unread: 0, mentions: 0, last: null }])
    expect(changes?.messages, 'whoever keeps files hears of them').toMatchObject([{ deleted: true }])
    expect(conversation(store)?.preferences).toMatchObject({ hidden: false, pinned: true })
    expect(texts(store)).toEqual([])
    expect(texts(store, bobId)).toEqual(['elsewhere'])
    expect(counted(store)).toEqual(new Map([[bobId, 1]]))
    expect(store.verify().value).toEqual({ repaired: 0 })
    store.compact()
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

  it('leaves nothing of them in the index of the search', () => {
    const store = filled()
    expect([found(store, 'tide'), found(store, 'shore'), found(store, 'elsewhere')]).toEqual([1, 1, 1])
    erase(store)
    expect([found(store, 'tide'), found(store, 'shore'), found(store, 'elsewhere')]).toEqual([0, 0, 1])
  })

  it('does not bring them back when the server repeats what was said, and takes what is new', () => {
    const store = filled()
    erase(store)
    store.ingest([frame(received({ text: 'secret tide' })), frame(edited('s1', 'secret again'))], now)
    expect([texts(store), conversation(store)?.unread]).toEqual([[], 0])
    store.ingest([frame(received({ serverId: 's9', text: 'news', serverTime: now + 9 }))], now)
    expect([texts(store), conversation(store)?.unread]).toEqual([['news'], 1])
  })

  it('takes nothing that waits to be sent: it goes out as it was written', () => {
    const store = filled()
    const id = send(store, 'still to go')
    const file = { file: '0'.repeat(36), name: 'a.png', mime: 'image/png', size: 3 }
    const request = { conversationId: teamId, content: picture('to go'), clientId: 'c-file', at: now }
    unwrap(store.send({ ...request, attachment: file }))
    expect(erase(store)).toBe(2)
    expect(texts(store)).toEqual(['still to go', 'image'])
    expect(store.outboxSize()).toBe(2)
    expect(store.attachments()).toMatchObject([{ fate: 'queued' }])
    const [head] = store.outboxHeads([], 10)
    expect(head?.command).toMatchObject({ type: 'message.send', content: { text: 'still to go' } })
    expect(conversation(store)?.last).toMatchObject({ kind: 'image' })
    expect(store.message(id)?.state).toBe('sending')
  })

  it('takes nothing that failed: it can be tried again', () => {
    const store = filled()
    const id = send(store, 'refused')
    const [head] = store.outboxHeads([], 1)
    store.outboxFail(head?.id ?? 0, { code: 'message.refused' }, now)
    erase(store)
    expect(texts(store)).toEqual(['refused'])
    unwrap(store.retry(id, now))
    expect(store.outboxHeads([], 1)[0]?.command).toMatchObject({ content: { text: 'refused' } })
  })

  it('waits with a message that is to be changed on the server, and takes it afterwards', () => {
    const store = filled()
    const id = send(store, 'mine')
    const [sent] = store.outboxHeads([], 1)
    store.outboxSettle(sent?.id ?? 0, 'receipt', now)
    unwrap(store.edit(id, 'mine, better', now))
    erase(store)
    expect(texts(store)).toEqual(['mine, better'])
    const [edit] = store.outboxHeads([], 1)
    expect(edit?.command).toMatchObject({ type: 'message.edit', text: 'mine, better' })
    store.outboxSettle(edit?.id ?? 0, 'receipt', now)
    expect(erase(store)).toBe(1)
    expect(texts(store)).toEqual([])
  })

  it('keeps the draft, and the words of an edit that is not finished', () => {
    const store = filled()
    store.setDraft(teamId, 'half a thought')
    store.writeFact(`draft.mode:${teamId}`, '{"kind":"quote","messageId":1,"text":""}')
    erase(store)
    expect(conversation(store)?.draft).toBe('half a thought')
    expect(store.readFact(`draft.mode:${teamId}`)).toContain('quote')
  })

  it('keeps what is unread of what it does not take', () => {
    const store = filled()
    const [first] = timeline(store)
    unwrap(store.pin(first?.id ?? 0, 'me', now))
    expect(changesOf(unwrap(store.eraseMessages(teamId))).conversations).toMatchObject([{ unread: 1 }])
    expect(store.verify().value).toEqual({ repaired: 0 })
  })

  it('is nothing where there is nothing, and of an unknown conversation refused', () => {
    const store = filled()
    store.openConversation(team, now)
    erase(store)
    expect(unwrap(store.eraseMessages(teamId))).toEqual({ value: 0, changes: null })
    expect(store.eraseMessages('group:none')).toMatchObject({ ok: false })
  })
})

describe('making the database smaller', () => {
  it('gives back what is free, and everything is there as before', () => {
    const file = join(tempDir(), 'a.db')
    const store = filled(file)
    const long = 'sandbank '.repeat(2000)
    for (let at = 0; at < 200; at++)
      store.ingest([frame(received({ serverId: `x${at}`, text: long, serverTime: now + at, conversation: bob }))], now)
    const queued = send(store, 'queued')
    erase(store, bobId)
    const before = store.storagePages()
    expect(before.free).toBeGreaterThan(before.bytes / 2)
    store.compact()
    const after = store.storagePages()
    expect(after.bytes).toBeLessThan(before.bytes / 2)
    expect(after.free).toBe(0)
    expect([found(store, 'tide'), found(store, 'sandbank')]).toEqual([1, 0])
    expect(texts(store)).toEqual(['secret tide', 'image', 'queued'])
    expect(store.outboxHeads([], 1)).toHaveLength(1)
    send(store, 'and on')
    store.close()
    const again = unwrap(openAccountStore({ file, selfId: self, check: 'always' }))
    expect(texts(again)).toEqual(['secret tide', 'image', 'queued', 'and on'])
    expect(again.message(queued)?.state).toBe('sending')
    again.close()
  })

  it('leaves no word of what is gone anywhere in the file', () => {
    const file = join(tempDir(), 'a.db')
    const store = filled(file)
    erase(store)
    store.compact()
    store.close()
    const words = inspect(file, (database) => database.serialize().toString('latin1'))
    expect(words).toContain('elsewhere')
    expect(words).not.toContain('secret')
    expect(words).not.toContain('tide')
  })
})
