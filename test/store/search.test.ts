import type Database from 'better-sqlite3'
import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Content } from '#common/domain/content/content.ts'
import { hitsPerPage } from '#common/domain/search/answer.ts'
import { accountApplicationId, openAccountDatabase, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import type { OpenAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { accountMigrations } from '#electron/adapters/sqlite/migrations/account/all.ts'
import { openDatabase } from '#electron/adapters/sqlite/open.ts'
import { repairAccountDatabase } from '#electron/adapters/sqlite/repairAccount.ts'
import type { SearchRequest } from '#electron/core/ports/store.ts'
import {
  bob,
  edited,
  frame,
  memoryStore,
  now,
  received,
  recalled,
  self,
  send,
  tempDir,
  timeline,
  unwrap,
} from './support.ts'

function find(store: OpenAccountStore, query: string, request: Partial<SearchRequest> = {}) {
  return store.search({ conversationId: null, query, order: 'newest', cursor: null, at: now, ...request })
}

/** What was found, newest first, as plain text with the marks in brackets. */
function found(store: OpenAccountStore, query: string, request: Partial<SearchRequest> = {}): string[] {
  return find(store, query, request).hits.map(({ parts }) =>
    parts.map(({ text, marked }) => (marked ? `[${text}]` : text)).join(''),
  )
}

/** One message each, a second apart. */
function say(store: OpenAccountStore, ...said: (string | Content)[]): void {
  store.ingest(
    said.map((content, index) =>
      frame(
        received({
          serverId: `s${index}`,
          serverTime: now + index * 1000,
          content: typeof content === 'string' ? { kind: 'text', text: content } : content,
        }),
      ),
    ),
    now,
  )
}

describe('a search finds', () => {
  it.each([
    ['会', ['明天下午开[会]吗']],
    ['下午', ['明天[下午]开会吗']],
    ['开会吗', ['明天下午[开会吗]']],
    ['会开', []],
    ['rep', ['the [rep]ort is ready', 'Q3 [Rep]ort2026终稿']],
    ['report2026终', ['Q3 [Report2026终]稿']],
    ['port', []],
    ['2026', ['发布日期 [2026]-11-21']],
    ['11-21', ['发布日期 2026-[11-21]']],
    ['😀', ['好的[😀]👍🏽']],
    ['👍', ['好的😀[👍]🏽']],
    ['cafe', ['au [Café] ＡＢＣ']],
    ['abc', ['au Café [ＡＢＣ]']],
    ['"report is"', ['the [report is] ready']],
    ['"is report"', []],
    ['ready the', ['[the] report is [ready]']],
    ['안녕', ['[안녕]하세요 テスト']],
    ['スト', ['안녕하세요 テ[スト]']],
  ])('%s', (query, expected) => {
    const store = memoryStore()
    say(
      store,
      '明天下午开会吗',
      'the report is ready',
      'Q3 Report2026终稿',
      '发布日期 2026-11-21',
      '好的😀👍🏽',
      'au Café ＡＢＣ',
      '안녕하세요 テスト',
    )
    expect(found(store, query).sort()).toEqual([...expected].sort())
  })

  it('names of files, captions, places and cards', () => {
    const store = memoryStore()
    say(
      store,
      { kind: 'file', name: '年度预算.xlsx', url: 'https://x/a' },
      { kind: 'image', caption: '预算的照片', url: 'https://x/b' },
      { kind: 'location', latitude: 1, longitude: 2, title: '预算局', address: '人民路 1 号' },
      { kind: 'card', userId: 'u77', nickname: '预小算' },
    )
    expect(found(store, '预算')).toEqual(['[预算]局 · 人民路 1 号', '[预算]的照片', '年度[预算].xlsx'])
    expect(found(store, '人民')).toEqual(['预算局 · [人民]路 1 号'])
    expect(found(store, 'u77')).toEqual(['预小算 · [u77]'])
  })

  it('what stands in a long text, by the words around it', () => {
    const store = memoryStore()
    say(store, `${'前言。'.repeat(200)}重点在这里${'后记。'.repeat(200)}`)
    const [line = ''] = found(store, '重点')
    expect(line).toMatch(/^….{0,20}\[重点\]在这里.*…$/)
    expect(line.length).toBeLessThan(180)
  })
})

describe('filters', () => {
  function filled(): OpenAccountStore {
    const store = memoryStore()
    store.seed([{ id: 'team', name: '项目组' }], [{ userId: 'u-li', nickname: '李雷' }], now)
    const day = 86_400_000
    store.ingest(
      [
        frame(received({ serverId: 'a', senderId: 'u-li', text: '报告一', serverTime: now - 3 * day })),
        frame(received({ serverId: 'b', text: '报告二 https://example.com', serverTime: now - 2 * day })),
        frame(received({ serverId: 'c', conversation: bob, text: '报告三', serverTime: now - day })),
        frame(
          received({
            serverId: 'd',
            serverTime: now,
            content: { kind: 'file', name: '报告四.pdf', url: 'https://x/y' },
          }),
        ),
      ],
      now,
    )
    return store
  }
  const dayOf = (at: number): string => {
    const date = new Date(at)
    return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
  }
  const yesterday = dayOf(now - 86_400_000)

  it.each([
    ['报告', ['四', '三', '二', '一']],
    ['报告 from:李雷', ['一']],
    ['报告 来自：李', ['一']],
    ['报告 from:u-li', ['一']],
    ['报告 from:nobody', []],
    ['报告 in:项目', ['四', '二', '一']],
    ['报告 in:bob', ['三']],
    ['报告 type:file', ['四']],
    ['报告 类型:文件', ['四']],
    ['报告 has:link', ['二']],
    ['报告 包含:文件', ['四']],
    [`报告 after:${yesterday}`, ['四', '三']],
    [`报告 before:${yesterday}`, ['二', '一']],
    ['报告 after:昨天', ['四', '三']],
    ['from:李雷', ['一']],
    ['has:file has:image', []],
    ['报告 type:nonsense', ['四', '三', '二', '一']],
  ])('%s', (query, expected) => {
    expect(found(filled(), query).map((line) => /[一二三四]/.exec(line)?.[0])).toEqual(expected)
  })

  it('keep to one conversation where one is given', () => {
    expect(found(filled(), '报告', { conversationId: 'direct:bob' })).toEqual(['[报告]三'])
    expect(found(filled(), '报告', { conversationId: 'direct:unknown' })).toEqual([])
  })
})

describe('the index follows', () => {
  it('an edit, and not the words before it', () => {
    const store = memoryStore()
    say(store, '旧的说法')
    store.ingest([frame(edited('s0', '新的说法'))], now)
    expect(found(store, '旧的')).toEqual([])
    expect(found(store, '新的')).toEqual(['[新的]说法'])
  })

  it('a recall and a deletion, of which nothing is found any more', () => {
    const store = memoryStore()
    say(store, '撤回这句', '删除这句', '留下这句')
    store.ingest([frame(recalled('s0'))], now)
    unwrap(store.deleteForMe(timeline(store)[1]?.id ?? 0, false, now))
    expect(found(store, '这句')).toEqual(['留下[这句]'])
  })

  it('what is written here, at once, and what becomes of it', () => {
    const store = memoryStore()
    say(store, 'hello')
    const id = send(store, '我写的话')
    expect(found(store, '写的', { conversationId: 'group:team' })).toEqual(['我[写的]话'])
    expect(found(store, '写的 from:me')).toEqual(['我[写的]话'])
    unwrap(store.cancel(id))
    expect(found(store, '写的')).toEqual([])
  })

  it('nothing but words: being read and delivered does not touch it', () => {
    const statements: string[] = []
    const store = unwrap(openAccountStore({ file: ':memory:', selfId: self, trace: (sql) => statements.push(sql) }))
    onTestFinished(() => store.close())
    say(store, '一句话')
    statements.length = 0
    store.markRead('group:team', timeline(store)[0]?.id ?? 0)
    expect(statements.some((sql) => sql.trim().startsWith('UPDATE messages'))).toBe(true)
    expect(statements.filter((sql) => /INTO search|FROM search /.test(sql))).toEqual([])
  })
})

describe('a database from before there was an index', () => {
  function oldFile(count: number): string {
    const file = join(tempDir(), 'old.db')
    const database = unwrap(
      openDatabase({ file, migrations: accountMigrations.slice(0, 3), applicationId: accountApplicationId }),
    )
    database.exec(`INSERT INTO meta VALUES (1, '${self}', 0, 0);
      INSERT INTO conversations (id, name, kind, target_id, membership, created_at, active_at, unread, mentions, draft,
        last_seq, last_time, last_tie, numbered, revision)
      VALUES (1, 'group:team', 'group', 'team', 'member', 0, 0, 0, 0, '', 0, 0, '', 0, 0)`)
    const insert = database.prepare(
      `INSERT INTO messages (id, conversation_id, order_seq, order_time, numbered, server_id, sender_id, local_time, state,
         unread, mentioned, pinned, deleted, revision, kind, text)
       VALUES (@id, 1, @id, 0, 1, 's' || CAST(@id AS INTEGER), 'bob', @id, 2, 0, 0, 0, 0, 0, 'text', @text)`,
    )
    for (let id = 1; id <= count; id++) insert.run({ id, text: `第${id}条旧消息` })
    database.close()
    return file
  }
  function open(file: string): OpenAccountStore {
    const store = unwrap(openAccountStore({ file, selfId: self }))
    onTestFinished(() => store.close())
    return store
  }

  it('is taken in bit by bit, newest first, and says how much is left', () => {
    const store = open(oldFile(30))
    expect(find(store, '旧消息')).toMatchObject({ hits: [], indexing: { left: 30, total: 30 } })
    expect(store.indexForSearch(10)).toEqual({ left: 20, total: 30 })
    expect(found(store, '旧消息')).toHaveLength(10)
    expect(found(store, '第30条')).toHaveLength(1)
    store.indexForSearch(10)
    store.indexForSearch(10)
    expect(store.indexForSearch(10)).toEqual({ left: 0, total: 30 })
    expect(find(store, '旧消息')).toMatchObject({ indexing: null })
    expect(found(store, '旧消息')).toHaveLength(30)
  })

  it('is searched right while something happens to messages that are not in yet', () => {
    const store = open(oldFile(3))
    store.ingest([frame(edited('s1', '改过的')), frame(received({ serverId: 'new', text: '新消息' }))], now)
    unwrap(store.deleteForMe(2, false, now))
    expect(found(store, '新消息')).toEqual(['[新消息]'])
    store.indexForSearch(10)
    expect(found(store, '消息')).toEqual(['新[消息]', '第3条旧[消息]'])
    expect(found(store, '改过')).toEqual(['[改过]的'])
  })

  it('goes on where it was when the program ends meanwhile', () => {
    const file = oldFile(30)
    const first = unwrap(openAccountStore({ file, selfId: self }))
    first.indexForSearch(10)
    first.close()
    expect(open(file).indexForSearch(10)).toEqual({ left: 10, total: 30 })
  })

  it('and one that was repaired gets its index anew', () => {
    const file = join(tempDir(), 'a.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    say(store, '修好的话')
    store.close()
    unwrap(repairAccountDatabase({ file, selfId: self, at: new Date(now) }))
    const again = open(file)
    again.indexForSearch(100)
    expect(found(again, '修好')).toEqual(['[修好]的话'])
  })
})

describe('an answer', () => {
  it('is a page, and the pages together are every hit once', () => {
    const store = memoryStore()
    say(store, ...Array.from({ length: hitsPerPage * 2 + 5 }, (_, index) => `第${index}个苹果`))
    const seen: number[] = []
    let cursor: number | null = null
    let pages = 0
    do {
      const answer = find(store, '苹果', { cursor })
      seen.push(...answer.hits.map(({ messageId }) => messageId))
      cursor = answer.cursor
      pages++
    } while (cursor !== null)
    expect(pages).toBe(3)
    expect(new Set(seen).size).toBe(hitsPerPage * 2 + 5)
  })

  it('can begin with the most telling instead of the newest', () => {
    const store = memoryStore()
    say(store, '苹果苹果苹果', `${'其他的话。'.repeat(40)}苹果`, '没有')
    expect(find(store, '苹果').hits.map(({ serverId }) => serverId)).toEqual(['s1', 's0'])
    expect(find(store, '苹果', { order: 'relevance' }).hits.map(({ serverId }) => serverId)).toEqual(['s0', 's1'])
  })

  it('never goes by the index alone: a row that says something else is no hit', () => {
    const file = join(tempDir(), 'a.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    say(store, '原来的话')
    store.close()
    const database: Database.Database = unwrap(openAccountDatabase({ file, selfId: self }))
    database.exec(`UPDATE messages SET text = '别的'`)
    database.close()
    const again = unwrap(openAccountStore({ file, selfId: self }))
    onTestFinished(() => again.close())
    expect(found(again, '原来')).toEqual([])
  })
})

describe('any query', () => {
  const signs = [
    '"',
    "'",
    '*',
    '(',
    ')',
    '^',
    ':',
    '-',
    '+',
    '\0',
    '\n',
    'NEAR',
    ' AND ',
    ' OR ',
    ' NOT ',
    '{',
    '}',
    'words:',
  ]
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.oneof(fc.constantFrom(...signs), fc.string({ maxLength: 5 })), { maxLength: 20 })
      .map((all) => all.join('')),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
  )

  it('is answered', () => {
    const store = memoryStore()
    say(store, '你好 world', 'AND OR NOT "quoted" * ^ NEAR(a b)')
    fc.assert(
      fc.property(anything, fc.constantFrom('newest' as const, 'relevance' as const), (query, order) => {
        expect(find(store, query, { order }).hits.length).toBeLessThanOrEqual(2)
      }),
      { numRuns: 1500 },
    )
  })

  it.each([
    ['quotes', '"'.repeat(10_000)],
    ['letters', 'a'.repeat(10_000)],
    ['words', 'ab '.repeat(3_333)],
    ['characters', '你'.repeat(10_000)],
    ['brackets', '('.repeat(10_000)],
    ['filters', 'from:a '.repeat(1_428)],
    ['halves of characters', '\ud83d'.repeat(10_000)],
  ])('is answered when it is 10 000 long: %s', (_, query) => {
    const store = memoryStore()
    say(store, '你好')
    expect(find(store, query).hits).toEqual([])
  })

  const chinese = fc.string({
    unit: fc
      .oneof(
        fc.integer({ min: 0x4e00, max: 0x9fff }),
        fc.integer({ min: 0x3400, max: 0x4dbf }),
        fc.integer({ min: 0x20000, max: 0x2a6df }),
        fc.integer({ min: 0x3041, max: 0x3096 }),
        fc.integer({ min: 0xac00, max: 0xd7a3 }),
        fc.constantFrom(...Array.from('的一是不了在人有我他', (character) => character.codePointAt(0) ?? 0)),
      )
      .map((point) => String.fromCodePoint(point)),
    minLength: 1,
    maxLength: 12,
  })
  const mixed = fc
    .array(fc.oneof(chinese, fc.constantFrom(' ', '，', '。', 'v2', 'Report', '😀', '\n', '!')), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join(''))

  it('that is a piece of Chinese, Japanese or Korean finds every message that has it', () => {
    const store = memoryStore()
    let count = 0
    fc.assert(
      fc.property(
        mixed,
        chinese,
        fc.nat(11),
        fc.integer({ min: 1, max: 12 }),
        mixed,
        (head, middle, from, length, tail) => {
          const characters = Array.from(middle)
          const piece = characters
            .slice(from % characters.length)
            .slice(0, length)
            .join('')
          const serverId = `p${count++}`
          const last = received({ serverId, serverTime: now + count, text: `${head}${middle}${tail}` })
          store.ingest([frame(last)], now)
          expect(find(store, piece).hits.map((hit) => hit.serverId)).toContain(serverId)
        },
      ),
      { numRuns: 400 },
    )
  })
})
