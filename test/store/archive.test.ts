/** An archive holds every visible message, and gives the same rows back; whatever is wrong with it changes nothing. */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '#common/base/errors.ts'
import type { Inbound } from '#common/domain/events.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { OpenAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { ArchiveError } from '#electron/core/archive/archiveError.ts'
import type { ArchivedMessage } from '#electron/core/archive/format.ts'
import type { ArchivePart } from '#electron/core/ports/store.ts'
import { anyContent } from '../dialect/contents.ts'
import { type MemoryStore, openMemoryStore } from '../fakes/memoryStore.ts'
import { mountSmallDisk, missingDisk } from '../faults/process/smallDisk.ts'
import { forge, linesOf, manifestOf, putManifest, readArchive, wholeArchive, writeArchive } from './archiveSupport.ts'
import {
  bob,
  edited,
  frame,
  now,
  received,
  recalled,
  self,
  send,
  team,
  teamId,
  tempDir,
  texts,
  timeline,
  unwrap,
} from './support.ts'

/** All rows in the order of their timelines, without what only this database knows them by. */
function rowsOf(store: OpenAccountStore): Record<string, unknown> {
  const conversations = store
    .snapshot()
    .conversations.map(({ id, title, members, membership, remoteId, unread, mentions }) => {
      const rows: Omit<ArchivedMessage, 'id'>[] = []
      for (let from: Parameters<OpenAccountStore['archivePart']>[1] = null; ;) {
        const part: ArchivePart = unwrap(store.archivePart(id, from, 100))
        rows.push(...part.messages.map(({ id: _, ...row }) => row))
        if (part.next === null)
          return [id, { title, members, membership, remoteId, unread, mentions, known: part.known, rows }]
        from = part.next
      }
    })
  return Object.fromEntries(conversations)
}

const said = (serverId: string, text: string, more: object = {}): Inbound =>
  frame(received({ serverId, text, ...more }))

/** A little of everything that can happen to a message. */
function busyStore(): MemoryStore {
  const made = openMemoryStore(self)
  const { inside } = made
  const numbered = (n: number): { sequence: string; serverTime: number } => ({
    sequence: String(n),
    serverTime: now + n,
  })
  inside.ingest(
    [
      frame({ type: 'person.profile', userId: 'bob', nickname: 'Bob Keller', avatar: null }),
      frame({
        type: 'conversation.known',
        conversation: team,
        title: '发布小组',
        members: [
          { userId: self, role: 'member' },
          { userId: 'bob', role: 'owner' },
        ],
      }),
      said('s1', 'one', numbered(1)),
      said('s2', 'two', numbered(2)),
      said('s5', 'five, behind a hole', numbered(5)),
      said('s9', 'no number', { serverTime: now + 3 }),
      said('s8', 'above 2^53', { sequence: '9007199254740993', serverTime: now + 10 }),
      said('s7', '潮水 @me', { content: { kind: 'text', text: '潮水', mentions: [self] }, serverTime: now + 11 }),
      frame(edited('s1', 'one, better')),
      frame(recalled('s2')),
      said('own', 'mine', { senderId: self, clientId: 'c-own', serverTime: now + 12 }),
      said('d1', 'between us', { conversation: bob, serverTime: now + 20 }),
      said('d2', '', {
        conversation: bob,
        serverTime: now + 21,
        content: { kind: 'image', caption: 'shore', url: 'https://files/1.png', width: 3 },
      }),
    ],
    now,
  )
  return made
}

async function refusedWith(run: () => Promise<unknown>): Promise<ErrorCode> {
  try {
    await run()
  } catch (error) {
    if (error instanceof ArchiveError) return error.code
    throw error
  }
  throw new Error('it was taken')
}

describe('an archive', () => {
  it('gives the same rows back to an empty account, and adds nothing the second time', async () => {
    const { store, inside } = busyStore()
    const { folder, messages, conversations } = await wholeArchive(store)
    expect({ messages, conversations }).toEqual({ messages: 9, conversations: 2 })
    const other = openMemoryStore(self)
    expect(await readArchive(other.store, folder)).toEqual({ added: 9, known: 0, deleted: 0, unsent: 0, media: 0 })
    expect(rowsOf(other.inside)).toEqual(rowsOf(inside))
    expect(other.inside.verify().value).toEqual({ repaired: 0 })
    expect(await readArchive(other.store, folder)).toEqual({ added: 0, known: 9, deleted: 0, unsent: 0, media: 0 })
    expect(rowsOf(other.inside)).toEqual(rowsOf(inside))
  })

  it('changes nothing in the account it was written of', async () => {
    const { store, inside } = busyStore()
    const { folder } = await wholeArchive(store)
    const before = rowsOf(inside)
    expect(await readArchive(store, folder)).toMatchObject({ added: 0, known: 9 })
    expect(rowsOf(inside)).toEqual(before)
  })

  it('holds one conversation alone when it is asked for', async () => {
    const { store } = busyStore()
    const { folder } = await wholeArchive(store, { conversationId: 'direct:bob' })
    expect(manifestOf(folder).conversations.map(({ name }) => name)).toEqual(['Bob Keller'])
    expect(linesOf(folder)).toHaveLength(2)
  })

  it('writes 64-bit numbers as digits, one message per line, and no draft', async () => {
    const { store, inside } = busyStore()
    inside.setDraft(teamId, 'half a thought')
    const { folder } = await wholeArchive(store)
    const lines = linesOf(folder).map((line) => JSON.parse(line) as ArchivedMessage)
    expect(lines.map(({ sequence }) => sequence)).toContain('9007199254740993')
    const everything = [...linesOf(folder), readFileSync(join(folder, 'manifest.json'), 'utf8')].join('\n')
    expect(everything).not.toContain('half a thought')
  })

  it('keeps what was said after it, and what was deleted stays deleted', async () => {
    const { store, inside } = busyStore()
    const { folder } = await wholeArchive(store)
    inside.ingest(
      [frame(edited('s5', 'later words', { at: now + 99 })), said('s10', 'later', { serverTime: now + 50 })],
      now + 50,
    )
    const [first] = timeline(inside)
    unwrap(inside.deleteForMe(first?.id ?? 0, false, now))
    const before = rowsOf(inside)
    expect(await readArchive(store, folder)).toMatchObject({ added: 0, known: 8, deleted: 1 })
    expect(rowsOf(inside)).toEqual(before)
  })

  it('comes in among what has come since, in the order of the timeline', async () => {
    const { store } = busyStore()
    const { folder } = await wholeArchive(store)
    const other = openMemoryStore(self)
    other.inside.ingest(
      [
        said('s3', 'three', { sequence: '3', serverTime: now + 3 }),
        said('s6', 'six', { sequence: '6', serverTime: now + 6 }),
      ],
      now,
    )
    await readArchive(other.store, folder)
    const both = busyStore().inside
    both.ingest(
      [
        said('s3', 'three', { sequence: '3', serverTime: now + 3 }),
        said('s6', 'six', { sequence: '6', serverTime: now + 6 }),
      ],
      now,
    )
    expect(texts(other.inside)).toEqual(texts(both))
  })

  it('never queues anything: what waited stays in the archive', async () => {
    const { store, inside } = busyStore()
    send(inside, 'waits')
    const { folder } = await wholeArchive(store)
    expect(linesOf(folder).join('\n')).toContain('waits')
    const other = openMemoryStore(self)
    expect(await readArchive(other.store, folder)).toMatchObject({ added: 9, unsent: 1 })
    expect(other.inside.outboxSize()).toBe(0)
    expect(texts(other.inside)).not.toContain('waits')
  })

  it('does not bring a chat back into the list that the user has put away', async () => {
    const { store, inside } = busyStore()
    const { folder } = await wholeArchive(store)
    const other = openMemoryStore(self)
    other.inside.openConversation(team, now)
    unwrap(other.inside.prefer(teamId, { archived: true }))
    await readArchive(other.store, folder)
    expect(other.inside.snapshot().conversations.find(({ id }) => id === teamId)?.preferences.archived).toBe(true)
    expect(texts(other.inside)).toEqual(texts(inside))
  })

  it('leaves no hole where a message was deleted before it was written', async () => {
    const { store, inside } = busyStore()
    const two = timeline(inside).find(({ sequence }) => sequence === '2')
    unwrap(inside.deleteForMe(two?.id ?? 0, false, now))
    const { folder } = await wholeArchive(store)
    const other = openMemoryStore(self)
    await readArchive(other.store, folder)
    expect(unwrap(other.inside.page(teamId, { at: 'newest' }, 10)).holes).toEqual(
      unwrap(inside.page(teamId, { at: 'newest' }, 10)).holes,
    )
  })

  it('takes the copies of pictures and files with it, by message', async () => {
    const { store, inside } = busyStore()
    const picture = timeline(inside, 'direct:bob').find(({ content }) => content.kind === 'image')?.id ?? 0
    const files = tempDir()
    mkdirSync(join(files, 'media'))
    mkdirSync(join(files, 'files', String(picture)), { recursive: true })
    writeFileSync(join(files, 'media', String(picture)), '\x89PNG\r\n\x1a\npixels', 'latin1')
    writeFileSync(join(files, 'files', String(picture), 'shore.png'), 'the whole of it')
    writeFileSync(join(files, 'media', '999999'), '\x89PNG\r\n\x1a\nof nobody', 'latin1')
    const exported = await wholeArchive(store, { files })
    expect(exported.media).toBe(2)
    expect(readdirSync(join(exported.folder, 'media')).sort()).toEqual(
      [`${picture}-picture shown.png`, `${picture}-shore.png`].sort(),
    )
    const kept: string[] = []
    const other = openMemoryStore(self)
    await readArchive(other.store, exported.folder, {
      keep: (messageId, name, path) => {
        kept.push(`${other.inside.message(messageId)?.content.kind} ${name} ${readFileSync(path, 'latin1').length}`)
        return Promise.resolve(true)
      },
    })
    expect(kept).toEqual(['image shown.png 14', 'image shore.png 15'])
    expect((await wholeArchive(store, { files, media: false })).media).toBe(0)
  })
})

describe('an archive that is not finished', () => {
  it('leaves nothing when it is cancelled', async () => {
    const { store } = busyStore()
    const parent = tempDir()
    let parts = 0
    expect(await writeArchive(store, { parent, isCancelled: () => ++parts > 1 })).toBeNull()
    expect(parts).toBeGreaterThan(1)
    expect(readdirSync(parent)).toEqual([])
  })

  it('bears another name and has no manifest until all else is written', async () => {
    const { store } = busyStore()
    const parent = tempDir()
    const seen: string[] = []
    await wholeArchive(store, {
      parent,
      onProgress: () => seen.push(...readdirSync(parent).flatMap((name) => [name, ...readdirSync(join(parent, name))])),
    })
    expect(new Set(seen)).toEqual(new Set(['archive (unfinished)', 'conversations']))
    expect(readdirSync(parent)).toEqual(['archive'])
    await wholeArchive(store, { parent })
    expect(readdirSync(parent).sort(), 'another one beside it').toEqual(['archive', 'archive (2)'])
  })

  it.skipIf(missingDisk !== null)(
    `says that the disk is full, and leaves nothing${missingDisk === null ? '' : ` (${missingDisk})`}`,
    async () => {
      const { store, inside } = busyStore()
      inside.ingest(
        Array.from({ length: 50 }, (_, n) => said(`big${n}`, 'x'.repeat(40_000), { serverTime: now + 100 + n })),
        now,
      )
      const parent = join(tempDir(), 'disk')
      const disk = mountSmallDisk(parent, 1)
      try {
        expect(await refusedWith(() => writeArchive(store, { parent }))).toBe('storage.full')
        expect(readdirSync(parent)).toEqual([])
      } finally {
        disk.unmount()
      }
    },
  )

  it('is refused where nothing may be written', async () => {
    const { store } = busyStore()
    expect(await refusedWith(() => writeArchive(store, { parent: join(tempDir(), 'gone') }))).toBe('archive.unwritable')
  })
})

describe('an archive that is damaged, forged or not for us', () => {
  const first = (folder: string): string => manifestOf(folder).conversations[0]?.lines ?? ''
  const damages: Readonly<Record<string, readonly [ErrorCode, (folder: string) => void]>> = {
    'a changed byte': [
      'archive.damaged',
      (folder) => {
        const path = join(folder, first(folder))
        writeFileSync(path, readFileSync(path, 'utf8').replace('between', 'BETWEEN'))
      },
    ],
    'a changed page': ['archive.damaged', (folder) => appendFileSync(join(folder, 'index.html'), '<script>')],
    'a file cut short': ['archive.damaged', (folder) => truncateSync(join(folder, first(folder)), 50)],
    'a missing file': ['archive.damaged', (folder) => rmSync(join(folder, first(folder)))],
    'no manifest': ['archive.notOne', (folder) => rmSync(join(folder, 'manifest.json'))],
    'another manifest': ['archive.notOne', (folder) => putManifest(folder, { name: 'godwit' })],
    'a manifest of two lines': [
      'archive.damaged',
      (folder) => writeFileSync(join(folder, 'manifest.json'), '{"format"\n'),
    ],
    'a later version': ['archive.newer', (folder) => putManifest(folder, { ...manifestOf(folder), version: 2 })],
    'a line cut off, with the right hash': [
      'archive.damaged',
      (folder) => forge(folder, first(folder), readFileSync(join(folder, first(folder)), 'utf8').slice(0, -20)),
    ],
    'a line less, with the right hash': [
      'archive.damaged',
      (folder) =>
        forge(
          folder,
          first(folder),
          readFileSync(join(folder, first(folder)), 'utf8')
            .split('\n')
            .slice(1)
            .join('\n'),
        ),
    ],
    'a line that is no message': ['archive.damaged', (folder) => forge(folder, first(folder), '{"id":1}\n{}\n')],
    'a way out of the folder': [
      'archive.damaged',
      (folder) => {
        const manifest = manifestOf(folder)
        putManifest(folder, {
          ...manifest,
          conversations: manifest.conversations.map((one) => ({ ...one, lines: '../../secret.jsonl' })),
        })
      },
    ],
    'a way out by the name of a picture': [
      'archive.damaged',
      (folder) => {
        const file = { path: 'media/1-../../../../etc/passwd', bytes: 1, sha256: '0'.repeat(64) }
        const manifest = manifestOf(folder)
        putManifest(folder, {
          ...manifest,
          files: [...manifest.files, file],
          media: [{ message: 1, path: file.path, as: 'file', name: 'passwd' }],
        })
      },
    ],
    'a file that the manifest does not list': [
      'archive.damaged',
      (folder) => {
        const manifest = manifestOf(folder)
        putManifest(folder, { ...manifest, files: manifest.files.filter(({ path }) => path !== first(folder)) })
      },
    ],
    'a number above 64 bits': [
      'archive.damaged',
      (folder) => {
        const path = join(folder, first(folder))
        forge(
          folder,
          first(folder),
          readFileSync(path, 'utf8').replace('"sequence":"0"', '"sequence":"9223372036854775808"'),
        )
      },
    ],
  }

  for (const [name, [code, damage]] of Object.entries(damages)) {
    it(`${name}: refused, and nothing is changed`, async () => {
      const { store } = busyStore()
      const { folder } = await wholeArchive(store)
      damage(folder)
      const other = openMemoryStore(self)
      expect(await refusedWith(() => readArchive(other.store, folder))).toBe(code)
      expect(other.inside.snapshot().conversations).toEqual([])
    })
  }

  it.skipIf(process.platform === 'win32')('a link that leads out of the folder is not followed', async () => {
    const { store } = busyStore()
    const { folder } = await wholeArchive(store)
    const outside = join(tempDir(), 'lines')
    const path = join(folder, first(folder))
    writeFileSync(outside, readFileSync(path))
    rmSync(path)
    symlinkSync(outside, path)
    expect(await refusedWith(() => readArchive(openMemoryStore(self).store, folder))).toBe('archive.damaged')
  })

  it('somebody else’s, or another server’s, is refused', async () => {
    const { store } = busyStore()
    const { folder } = await wholeArchive(store)
    const other = openMemoryStore('eve')
    expect(await refusedWith(() => readArchive(other.store, folder, { userId: 'eve' }))).toBe('archive.foreign')
    expect(
      await refusedWith(() => readArchive(other.store, folder, { server: 'wss://elsewhere.example.org/ws' })),
    ).toBe('archive.foreign')
  })

  it('what is given up on the way is known the next time', async () => {
    const { store, inside } = busyStore()
    const { folder } = await wholeArchive(store)
    const other = openMemoryStore(self)
    let asked = 0
    const files = manifestOf(folder).files.length
    expect(await readArchive(other.store, folder, { isCancelled: () => ++asked > files + 1 })).toBeNull()
    expect(other.inside.snapshot().conversations).not.toEqual([])
    await readArchive(other.store, folder)
    expect(rowsOf(other.inside)).toEqual(rowsOf(inside))
  })
})

describe('any messages', () => {
  const conversation = fc.constantFrom<ConversationRef>(team, bob)
  const anyFrame = fc
    .record({
      id: fc.nat(30),
      conversation,
      senderId: fc.constantFrom(self, 'bob', '<b>', '林梅'),
      content: anyContent,
      sequence: fc.option(fc.oneof(fc.nat(40).map(String), fc.constantFrom('9223372036854775806', '9007199254740993'))),
      serverTime: fc.option(fc.integer({ min: -1000, max: now })),
      recalled: fc.boolean(),
    })
    .map(({ id, ...facts }) =>
      frame(received({ serverId: `s${id}`, clientId: id % 3 === 0 ? `c${id}` : null, ...facts })),
    )

  it('come back the same, whatever they are, and in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFrame, { maxLength: 40 }), async (batch) => {
        const { store, inside } = openMemoryStore(self)
        inside.ingest(batch, now)
        const { folder } = await wholeArchive(store)
        const other = openMemoryStore(self)
        await readArchive(other.store, folder)
        expect(rowsOf(other.inside)).toEqual(rowsOf(inside))
        await readArchive(other.store, folder)
        expect(rowsOf(other.inside)).toEqual(rowsOf(inside))
        inside.close()
        other.inside.close()
        rmSync(folder, { recursive: true })
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('a hundred thousand come back the same', async () => {
    const { store, inside } = openMemoryStore(self)
    for (let part = 0; part < 200; part++) {
      const batch = Array.from({ length: 500 }, (_, n) => {
        const number = part * 500 + n + 1
        return said(`s${number}`, `第 ${number} 条 message number ${number}`, {
          sequence: String(number),
          serverTime: now + number * 1000,
          senderId: ['bob', self, 'carol'][number % 3],
        })
      })
      inside.ingest(batch, now)
    }
    const { folder, messages } = await wholeArchive(store)
    expect(messages).toBe(100_000)
    const other = openMemoryStore(self)
    expect(await readArchive(other.store, folder)).toMatchObject({ added: 100_000 })
    const [one, two] = [rowsOf(inside), rowsOf(other.inside)]
    expect(JSON.stringify(two) === JSON.stringify(one)).toBe(true)
  }, 300_000)
})
