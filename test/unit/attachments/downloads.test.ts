import { describe, expect, it } from 'vitest'
import { appError } from '#common/base/errors.ts'
import type { Content } from '#common/domain/content/content.ts'
import { maxDownloads, maxEmptyTries } from '#electron/core/attachments/downloads.ts'
import { fileNameOf, mayRun } from '#electron/core/attachments/fileName.ts'
import { askedRange } from '#electron/main/mediaAnswer.ts'
import { frame, now, received, recalled } from '#test/store/support.ts'
import { type Desk, createFakeFiles, openDesk } from './desk.ts'
import { others } from './samples.ts'

const paper = (name: string): Content => ({ kind: 'file', name, url: `https://files.example/${name}`, size: 9 })
const done = { result: 'done', size: 9, head: new Uint8Array() } as const
const cut = { result: 'cut', error: appError('link.closed') } as const

async function sent(desk: Desk, content: Content): Promise<number> {
  const serverId = `s${Math.random()}`
  await desk.change(desk.store.ingest([frame(received({ serverId, content, serverTime: now }))], now))
  const page = desk.store.page('group:team', { at: 'around', serverId }, 1)
  return (page.ok && page.value.messages[0]?.id) || 0
}
const stateOf = (desk: Desk, id: number): string | undefined =>
  desk.attachments.downloads.list().find(({ messageId }) => messageId === id)?.state

describe('a file of a message', () => {
  it('is fetched when it is asked for, and then is here under its name', async () => {
    const desk = await openDesk()
    const id = await sent(desk, paper('报告.pdf'))
    expect(desk.fetches).toEqual([])
    await desk.attachments.downloads.fetch(id)
    await desk.idle()
    expect(desk.fetches.map(({ request }) => request.url)).toEqual([
      `https://files.example/${encodeURIComponent('报告')}.pdf`,
    ])
    desk.fetches[0]?.end(done)
    await desk.idle()
    expect(stateOf(desk, id)).toBe('kept')
    expect(await desk.attachments.downloads.path(id)).toBe(`/files/${id}/报告.pdf`)
  })

  it('stands still when it is paused, goes on when it is asked for again, and leaves nothing when it is cancelled', async () => {
    const desk = await openDesk()
    const { downloads } = desk.attachments
    const id = await sent(desk, paper('a.pdf'))
    await downloads.fetch(id)
    await desk.idle()
    downloads.pause(id)
    await desk.idle()
    expect([stateOf(desk, id), desk.fetches[0]?.aborted]).toEqual(['paused', true])
    await downloads.fetch(id)
    await desk.idle()
    expect([stateOf(desk, id), desk.fetches.length]).toEqual(['running', 2])
    await downloads.cancel(id)
    expect([stateOf(desk, id), desk.fetches[1]?.aborted]).toEqual([undefined, true])
  })

  it('is tried again after a cut, and told as failed when nothing comes any more', async () => {
    const desk = await openDesk()
    const id = await sent(desk, paper('a.pdf'))
    await desk.attachments.downloads.fetch(id)
    await desk.idle()
    for (let at = 0; at < maxEmptyTries; at++) {
      expect(stateOf(desk, id)).toBe('running')
      desk.fetches[at]?.end(cut)
      await desk.idle()
      await desk.clock.pass(30_000)
      await desk.idle()
    }
    expect(stateOf(desk, id)).toBe('failed')
    expect(desk.fetches).toHaveLength(maxEmptyTries)
  })

  it('waits for its turn behind a few others', async () => {
    const desk = await openDesk()
    const ids: number[] = []
    for (let at = 0; at <= maxDownloads; at++) ids.push(await sent(desk, paper(`${at}.pdf`)))
    for (const id of ids) await desk.attachments.downloads.fetch(id)
    await desk.idle()
    expect(ids.map((id) => stateOf(desk, id)).filter((state) => state === 'waiting')).toHaveLength(1)
    desk.fetches[0]?.end(done)
    await desk.idle()
    expect(desk.fetches).toHaveLength(maxDownloads + 1)
  })

  it('goes with its message when somebody recalls it', async () => {
    const desk = await openDesk()
    const id = await sent(desk, paper('a.pdf'))
    await desk.attachments.downloads.fetch(id)
    await desk.idle()
    desk.fetches[0]?.end(done)
    await desk.idle()
    await desk.change(desk.store.ingest([frame(recalled(desk.message(id).serverId ?? ''))], now))
    expect(stateOf(desk, id)).toBeUndefined()
    expect(desk.files.fetched.has(id)).toBe(false)
  })

  it('that had half come before the end of the program is paused after it', async () => {
    const files = createFakeFiles()
    files.fetched.set(12, { name: null, size: 4 })
    const desk = await openDesk({ files })
    expect(desk.attachments.downloads.list()).toMatchObject([{ messageId: 12, state: 'paused', received: 4 }])
  })
})

describe('the name of a file', () => {
  const named = async (name: string): Promise<string> => {
    const desk = await openDesk()
    return fileNameOf(desk.message(await sent(desk, paper(name))))
  }
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\evil.txt', 'evil.txt'],
    ['con.txt', '_con.txt'],
    ['a<b>:c?.pdf', 'a_b__c_.pdf'],
    ['\u202efdp.exe', 'fdp.exe'],
    ['dots...', 'dots'],
  ])('%j is kept as %j', async (given, kept) => expect(await named(given)).toBe(kept))

  it('is short enough for every disk and keeps its extension', async () => {
    const name = await named(`${'长'.repeat(190)}.pdf`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
    expect(name).toMatch(/^长+\.pdf$/)
  })

  it('or its bytes tell what may run something', () => {
    const none = new Uint8Array()
    for (const name of ['a.exe', 'A.BAT', 'x.desktop', 'run.sh', 'x.html', 'x.lnk'])
      expect(mayRun(name, none)).toBe(true)
    expect(mayRun('photo.jpg', others['program.exe'] ?? none)).toBe(true)
    expect(mayRun('paper.pdf', others['paper.pdf'] ?? none)).toBe(false)
  })
})

describe('a part of a file', () => {
  it.each([
    [null, null],
    ['bytes=0-', { first: 0, last: 99 }],
    ['bytes=10-19', { first: 10, last: 19 }],
    ['bytes=90-500', { first: 90, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=100-', 'none'],
    ['bytes=-', null],
    ['bytes=1-2,5-6', null],
    ['lines=1-2', null],
  ])('%j', (header, range) => expect(askedRange(header, 100)).toEqual(range))
})
