/** F21: flipped bytes, cut and emptied files. Nothing is overwritten, and what waits to be sent is saved first. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { repairAccountDatabase } from '#electron/adapters/sqlite/repairAccount.ts'
import type { RepairReport } from '#common/domain/storage.ts'
import {
  cutTo,
  everythingPrecious,
  flipByte,
  flipPages,
  madeAccount,
  messageCount,
  pageBytes,
  pagesOf,
  preciousOf,
  sizeOf,
} from './damage.ts'
import { inspect, now, self, send, teamId, unwrap } from './support.ts'

vi.setConfig({ testTimeout: 60_000 })

const at = new Date(now)
const check = 'always'

/** By the end of their names; an empty log says nothing. */
function contents(file: string): ReadonlyMap<string, Buffer> {
  const bytes = ['', '-wal'].map((end) => [end, existsSync(file + end) ? readFileSync(file + end) : null] as const)
  return new Map(
    bytes.flatMap(([end, found]) => (found === null || (end !== '' && found.length === 0) ? [] : [[end, found]])),
  )
}

function sameContents(file: string, other: ReadonlyMap<string, Buffer>): boolean {
  const own = contents(file)
  return own.size === other.size && [...own].every(([end, bytes]) => other.get(end)?.equals(bytes) === true)
}

/** Opening refuses and changes nothing; the repair saves; the old files are kept to the byte. */
function repaired(file: string): RepairReport {
  const before = contents(file)
  expect(openAccountStore({ file, selfId: self, check })).toMatchObject({
    ok: false,
    error: { code: 'storage.corrupt' },
  })
  const report = unwrap(repairAccountDatabase({ file, selfId: self, at }))
  expect(report.keptAs).toBe('messages.damaged-20231114T221320Z.db')
  expect(sameContents(join(dirname(file), report.keptAs), before)).toBe(true)
  expect(inspect(file, (database) => database.pragma('integrity_check', { simple: true }))).toBe('ok')
  expect(inspect(file, (database) => database.pragma('foreign_key_check'))).toEqual([])
  const store = unwrap(openAccountStore({ file, selfId: self, check }))
  expect(store.verify().value.repaired).toBe(0)
  expect(store.outboxSize()).toBe(report.queued)
  store.close()
  return report
}

describe('a damaged file, repaired', () => {
  it('with a page of messages lost saves the queue, the drafts, and all messages on other pages', () => {
    const file = madeAccount()
    const pages = pagesOf(file, 'messages')
    const lost = pages.slice(10, 13)
    flipPages(file, lost)
    const report = repaired(file)
    expect(preciousOf(file)).toEqual(everythingPrecious)
    expect(report).toMatchObject({ queued: 6, drafts: 2, conversations: 2, whole: false })
    expect(report.messages).toBeGreaterThan(messageCount * 0.97)
    expect(report.messages).toBeLessThan(messageCount + 6)
  })

  it('with messages lost shows the hole instead of papering it over', () => {
    const file = madeAccount()
    flipPages(file, pagesOf(file, 'messages').slice(20, 21))
    repaired(file)
    const store = unwrap(openAccountStore({ file, selfId: self }))
    const page = unwrap(store.page(teamId, { at: 'newest' }, 1))
    expect(page.holes).toHaveLength(1)
    store.close()
  })

  it('with the very pages of the queue lost makes it again from the messages that are on their way', () => {
    const file = madeAccount()
    flipPages(file, pagesOf(file, 'outbox'))
    const report = repaired(file)
    const sends = everythingPrecious.queue.filter(({ kind }) => kind === 'send')
    expect(preciousOf(file)).toEqual({ ...everythingPrecious, queue: sends })
    expect(report.queued).toBe(5)
    const store = unwrap(openAccountStore({ file, selfId: self }))
    expect(store.outboxHeads([], 9)).toMatchObject([{ id: 2, command: { clientId: 'c-one' } }])
    send(store, 'six')
    store.close()
    // Numbers that the lost queue had given out are not given out again.
    expect(preciousOf(file).queue.at(-1)).toMatchObject({ text: 'six', id: 8 })
  })

  it('with the pages of the queued messages lost takes them from their copies, under their ids', () => {
    const file = madeAccount()
    flipPages(file, pagesOf(file, 'messages').slice(-2))
    repaired(file)
    const isSend = ({ kind }: { kind: string }): boolean => kind === 'send'
    expect(preciousOf(file).queue.filter(isSend)).toEqual(everythingPrecious.queue.filter(isSend))
  })

  it('with the pages of the queue and of its messages lost takes both from the copies', () => {
    const file = madeAccount()
    flipPages(file, [...pagesOf(file, 'messages').slice(-2), ...pagesOf(file, 'outbox')])
    expect(repaired(file).queued).toBe(5)
    const store = unwrap(openAccountStore({ file, selfId: self }))
    expect(store.outboxHeads([], 9)).toMatchObject([{ id: 2, command: { clientId: 'c-one' } }])
    store.close()
  })

  it('keeps the words of a queued message as they were edited last', () => {
    const file = madeAccount()
    const [first] = inspect(file, (database) =>
      database.prepare('SELECT message_id FROM outbox ORDER BY id').pluck().all(),
    )
    const store = unwrap(openAccountStore({ file, selfId: self }))
    expect(store.edit(Number(first), 'one, better', now).ok).toBe(true)
    store.close()
    flipPages(file, pagesOf(file, 'messages').slice(-2))
    repaired(file)
    expect(preciousOf(file).queue[0]).toMatchObject({ text: 'one, better', clientId: 'c-one' })
  })

  it('with the pages of the conversations lost finds their names in the index, and loses no message', () => {
    const file = madeAccount()
    flipPages(file, pagesOf(file, 'conversations'))
    const report = repaired(file)
    expect(preciousOf(file).queue).toEqual(everythingPrecious.queue)
    expect(report).toMatchObject({ conversations: 2, messages: messageCount + 6 })
  })

  it('with the page lost that tells where everything is', () => {
    const file = madeAccount()
    flipPages(file, [1])
    const report = repaired(file)
    expect(preciousOf(file)).toEqual(everythingPrecious)
    expect(report).toMatchObject({ messages: messageCount + 6, whole: true })
  })

  it('with an inner page of the messages lost', () => {
    const file = madeAccount()
    flipPages(file, pagesOf(file, 'messages', 'internal').slice(0, 1))
    repaired(file)
    expect(preciousOf(file).drafts).toEqual(everythingPrecious.drafts)
  })

  it.each([0.9, 0.5, 0.2])('cut to a part (%f) of its length saves what is before the cut', (part) => {
    const file = madeAccount()
    cutTo(file, Math.floor(sizeOf(file) * part))
    const report = repaired(file)
    expect(preciousOf(file).drafts).toEqual(everythingPrecious.drafts)
    expect(report.messages).toBeGreaterThan(messageCount * (part - 0.2))
  })

  it('that is no database at all is put aside, and an empty one made', () => {
    const file = madeAccount()
    writeFileSync(file, Buffer.from('These words are no database. '.repeat(1000)))
    expect(repaired(file)).toMatchObject({ queued: 0, drafts: 0, messages: 0, whole: false })
  })
})

describe('a damaged log', () => {
  it('would lose what was accepted if the library read it alone', () => {
    const file = madeAccount({ unclean: true })
    flipByte(`${file}-wal`, 32 + 24 + 100)
    inspect(file, () => undefined)
    expect(preciousOf(file).queue).toEqual([])
  })

  it.each([
    ['in the first frame', 32 + 24 + 4000],
    ['in a later frame', 32 + 5 * (24 + pageBytes) + 3000],
    ['in the head of a frame', 32 + 3 * (24 + pageBytes) + 17],
    ['in the salt of a frame', 32 + 3 * (24 + pageBytes) + 9],
    ['in its own head', 20],
    ['in its first bytes', 1],
  ])('with a flipped byte %s is noticed at opening, and everything accepted is saved', (_, place) => {
    const file = madeAccount({ unclean: true })
    flipByte(`${file}-wal`, place)
    repaired(file)
    expect(preciousOf(file)).toEqual(everythingPrecious)
  })

  it('cut in its last transaction loses that one only, as after a power cut, and nobody is asked', () => {
    const file = madeAccount({ unclean: true })
    cutTo(`${file}-wal`, sizeOf(`${file}-wal`) - 100)
    unwrap(openAccountStore({ file, selfId: self })).close()
    expect(preciousOf(file)).toEqual(everythingPrecious)
  })

  it.each([
    ['never written', 0],
    ['of an older log', 0x5a],
  ])('with blocks that are %s ends there, as after a power cut, and nobody is asked', (_, byte) => {
    const file = madeAccount({ unclean: true })
    const log = `${file}-wal`
    const bytes = readFileSync(log)
    // Among the last transactions, which nobody was told were safe; whole ones stand behind it.
    const block = Math.floor((bytes.length - 6 * (24 + pageBytes)) / pageBytes) * pageBytes
    writeFileSync(log, bytes.fill(byte, block, block + pageBytes))
    unwrap(openAccountStore({ file, selfId: self })).close()
    expect(preciousOf(file)).toEqual(everythingPrecious)
  })

  it('without its file is not thrown away', () => {
    for (const lose of [rmSync, (path: string) => writeFileSync(path, '')]) {
      const file = madeAccount({ unclean: true })
      lose(file)
      repaired(file)
    }
  })
})

describe('a damaged index', () => {
  it('alone is made again after an unclean end, and nobody is asked', () => {
    const file = madeAccount({ unclean: true })
    inspect(file, (database) => database.pragma('wal_checkpoint(TRUNCATE)'))
    const entries = pagesOf(file, 'messages_order')
    // Entries that say something else than their rows: the page is whole, what it says is not true.
    const bytes = readFileSync(file)
    const start = ((entries[3] ?? 0) - 1) * pageBytes
    for (let place = start + 3000; place < start + 3040; place++) bytes[place] = (bytes[place] ?? 0) ^ 0x01
    writeFileSync(file, bytes)
    let mended = 0
    const store = unwrap(openAccountStore({ file, selfId: self, check, onMended: () => mended++ }))
    store.close()
    expect(mended).toBe(1)
    expect(inspect(file, (database) => database.pragma('integrity_check', { simple: true }))).toBe('ok')
    expect(preciousOf(file)).toEqual(everythingPrecious)
    expect(readdirSync(dirname(file)).filter((name) => name.includes('damaged'))).toEqual([])
  })

  it('whose pages cannot be read at all is no reason to lose a row', () => {
    const file = madeAccount()
    flipPages(file, pagesOf(file, 'messages_order').slice(2, 4))
    expect(repaired(file)).toMatchObject({ messages: messageCount + 6, whole: true })
    expect(preciousOf(file)).toEqual(everythingPrecious)
  })
})

describe('a repair', () => {
  it('that was killed between two renamings is ended by the next opening', () => {
    for (const done of [['-wal'], ['-wal', '']]) {
      const file = madeAccount({ unclean: true })
      flipByte(`${file}-wal`, 32 + 24 + 4000)
      const before = contents(file)
      const report = unwrap(repairAccountDatabase({ file, selfId: self, at }))
      const aside = join(dirname(file), report.keptAs)
      // Back to the moment at which the new file was complete, and some of the old ones were moved.
      const made = join(dirname(file), 'messages.repaired-20231114T221320Z.db')
      writeFileSync(made, readFileSync(file))
      rmSync(file)
      for (const [end, bytes] of before) {
        if (done.includes(end)) continue
        rmSync(aside + end)
        writeFileSync(file + end, bytes)
      }
      unwrap(openAccountStore({ file, selfId: self })).close()
      expect(preciousOf(file)).toEqual(everythingPrecious)
      expect(sameContents(aside, before)).toBe(true)
      expect(existsSync(made)).toBe(false)
    }
  })

  it('leaves a file of a newer version as it is, to the byte', () => {
    const file = madeAccount()
    inspect(file, (database) => database.pragma('user_version = 99'))
    const before = contents(file)
    const files = readdirSync(dirname(file))
    expect(repairAccountDatabase({ file, selfId: self, at })).toMatchObject({ error: { code: 'storage.newer' } })
    expect(sameContents(file, before)).toBe(true)
    expect(readdirSync(dirname(file))).toEqual(files)
  })

  it('waits for another owner of the file', () => {
    const file = madeAccount()
    const owner = unwrap(openAccountStore({ file, selfId: self }))
    // The lock counts between processes; within one, the library tells of it as well.
    expect(repairAccountDatabase({ file, selfId: self, at })).toMatchObject({ error: { code: 'storage.locked' } })
    owner.close()
  })

  it('of another user’s file puts it aside and takes no row of it', () => {
    const file = madeAccount()
    const before = contents(file)
    const report = unwrap(repairAccountDatabase({ file, selfId: 'somebody else', at }))
    expect(report).toMatchObject({ queued: 0, drafts: 0, messages: 0, conversations: 0 })
    expect(sameContents(join(dirname(file), report.keptAs), before)).toBe(true)
    unwrap(openAccountStore({ file, selfId: 'somebody else' })).close()
  })

  it('twice in one second keeps both old files', () => {
    const file = madeAccount()
    const names = [1, 2].map(() => unwrap(repairAccountDatabase({ file, selfId: self, at })).keptAs)
    expect(names).toEqual(['messages.damaged-20231114T221320Z.db', 'messages.damaged-20231114T221320Z-2.db'])
    expect(preciousOf(file)).toEqual(everythingPrecious)
    for (const name of names) expect(basename(name)).toBe(name)
  })
})
