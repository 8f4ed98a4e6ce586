/** What a conversation holds besides words, found again without reading all of it. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { MediaKind } from '#common/contract/media.ts'
import { type OpenAccountStore, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { frame, inspect, memoryStore, now, received, self, teamId, tempDir, unwrap } from './support.ts'

function say(store: OpenAccountStore, texts: readonly string[]): void {
  store.ingest(
    texts.map((text, index) => frame(received({ serverId: `s${index}`, serverTime: now + index, text }))),
    now,
  )
}

function found(store: OpenAccountStore, kind: MediaKind, query = ''): string[] {
  const page = unwrap(store.media(teamId, { kind, query, from: null, direction: 'older', limit: 50 }))
  return page.messages.map(({ content }) => ('text' in content ? content.text : content.kind))
}

describe('messages with links', () => {
  const linked = ['see https://a.example/x', 'and www.b.example', '见WWW.c.example，谢谢']

  it('are found with and without what stands before `www.`, the newest first', () => {
    const store = memoryStore()
    say(store, ['no link', ...linked, 'ww.d.example is none'])
    expect(found(store, 'link')).toEqual(linked.toReversed())
    expect(found(store, 'link', 'b.example')).toEqual(['and www.b.example'])
  })

  it('that were there before bare ones were looked for are found as well', () => {
    const file = join(tempDir(), 'a.db')
    const before = unwrap(openAccountStore({ file, selfId: self }))
    say(before, linked)
    before.close()
    inspect(file, (database) => {
      database.exec(`DROP INDEX messages_links;
        CREATE INDEX messages_links ON messages (conversation_id, order_seq, order_time)
        WHERE kind IN ('text', 'quote', 'forward') AND instr(text, '://') > 0`)
      database.pragma('user_version = 7')
    })
    const after = unwrap(openAccountStore({ file, selfId: self }))
    expect(found(after, 'link')).toEqual(linked.toReversed())
    after.close()
  })
})
