import { describe, expect, it } from 'vitest'
import { keepMode, recallMode } from '#electron/core/draftMode.ts'
import { bobId, frame, memoryStore, now, received, teamId, timeline, unwrap } from './support.ts'

type Store = ReturnType<typeof memoryStore>

/** Reached as over the thread boundary. */
const far = (store: Store) => ({
  readFact: (key: string) => Promise.resolve(store.readFact(key)),
  writeFact: (key: string, value: string) => Promise.resolve(store.writeFact(key, value)),
  message: (id: number) => Promise.resolve(store.message(id)),
})

function storeWithWords(): { store: Store; messageId: number } {
  const store = memoryStore()
  store.ingest([frame(received({ text: 'first words' }))], now)
  const messageId = timeline(store)[0]?.id
  if (messageId === undefined) throw new Error('no message')
  return { store, messageId }
}

describe('what unfinished words are for', () => {
  it('is kept with the conversation, and comes back with its message', async () => {
    const { store, messageId } = storeWithWords()
    await keepMode(far(store), teamId, { kind: 'edit', messageId, text: 'better words' })
    expect(await recallMode(far(store), teamId)).toMatchObject({
      kind: 'edit',
      message: { id: messageId, serverId: 's1' },
      text: 'better words',
    })
    await keepMode(far(store), teamId, null)
    expect(await recallMode(far(store), teamId)).toBeNull()
  })

  it('keeps its words when the message is of no use any more', async () => {
    const { store, messageId } = storeWithWords()
    await keepMode(far(store), teamId, { kind: 'edit', messageId, text: 'better words' })
    unwrap(store.deleteForMe(messageId, false, now))
    expect(await recallMode(far(store), teamId)).toEqual({ kind: 'edit', message: null, text: 'better words' })
  })

  it('never takes a message of another conversation', async () => {
    const { store, messageId } = storeWithWords()
    await keepMode(far(store), bobId, { kind: 'quote', messageId, text: '' })
    expect(await recallMode(far(store), bobId)).toEqual({ kind: 'quote', message: null, text: '' })
  })

  it('goes with the conversation', async () => {
    const { store, messageId } = storeWithWords()
    await keepMode(far(store), teamId, { kind: 'edit', messageId, text: 'better words' })
    unwrap(store.deleteConversation(teamId))
    expect(await recallMode(far(store), teamId)).toBeNull()
  })

  it('is nothing where something else is written in its place', async () => {
    const { store } = storeWithWords()
    store.writeFact(`draft.mode:${teamId}`, '{"kind":"shout"}')
    expect(await recallMode(far(store), teamId)).toBeNull()
  })
})
