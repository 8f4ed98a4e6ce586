import { describe, expect, it } from 'vitest'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Content } from '#common/domain/content/content.ts'
import { type Picture, maxFetches, rememberFailureMs } from '#electron/core/attachments/media.ts'
import { answerMedia, namedMedia } from '#electron/main/mediaAnswer.ts'
import { edited, frame, now, received, recalled } from '#test/store/support.ts'
import { type Desk, openDesk, profile } from './desk.ts'
import { others, png } from './samples.ts'

const picture = (url: string): Content => ({ kind: 'image', caption: '', url })
const gone = { ok: false, error: { code: 'attachment.notAvailable' } }

async function with_(content: Content, desk?: Desk): Promise<{ desk: Desk; id: number }> {
  const at = desk ?? (await openDesk())
  const serverId = `s${Math.random()}`
  await at.change(at.store.ingest([frame(received({ serverId, content, serverTime: now }))], now))
  const page = at.store.page('group:team', { at: 'around', serverId }, 1)
  return { desk: at, id: (page.ok && page.value.messages[0]?.id) || 0 }
}

describe('a picture of somebody else', () => {
  it('is fetched when it is first looked at, and never again', async () => {
    const { desk, id } = await with_(picture('https://files.example/1.png'))
    expect(desk.downloads).toEqual([])
    const opened = desk.attachments.pictures.open(id)
    const again = desk.attachments.pictures.open(id)
    await desk.idle()
    expect(desk.downloads).toHaveLength(1)
    expect(desk.downloads[0]?.request).toEqual({
      url: 'https://files.example/1.png',
      maxBytes: 25 * 1024 * 1024,
      allowLoopback: false,
    })
    desk.downloads[0]?.end(ok(png(5, 5)))
    expect(await opened).toEqual(ok({ mime: 'image/png', bytes: png(5, 5) }))
    expect(await again).toEqual(await opened)
    expect(await desk.attachments.pictures.open(id)).toEqual(await opened)
    expect(desk.downloads).toHaveLength(1)
  })

  it.each([
    ['words', others['page.html']],
    ['a drawing that can hold scripts', others['drawing.svg']],
    ['a program', others['program.exe']],
    ['a video', others['clip.mp4']],
    ['a picture of more than 50 megapixels', png(10_000, 10_000)],
    ['a picture without a size', png(5, 5).subarray(0, 14)],
    ['nothing', new Uint8Array()],
  ])('is not shown when it turns out to be %s', async (_which, bytes = new Uint8Array()) => {
    const { desk, id } = await with_(picture('https://files.example/1.png'))
    const opened = desk.attachments.pictures.open(id)
    await desk.idle()
    desk.downloads[0]?.end(ok(bytes))
    expect(await opened).toMatchObject(gone)
    expect(desk.files.shownIds()).toEqual([])
  })

  it.each([
    'http://files.example/1',
    'file:///etc/passwd',
    'app://godwit/x',
    'javascript:1',
    '',
    '../x',
    'https://u:p@x.example/',
  ])('is not fetched from %j', async (url) => {
    const { desk, id } = await with_(picture(url))
    expect(await desk.attachments.pictures.open(id)).toMatchObject(gone)
    expect(desk.downloads).toEqual([])
  })

  it('is not asked for again right after a failure, and is later', async () => {
    const { desk, id } = await with_(picture('https://files.example/1'))
    const opened = desk.attachments.pictures.open(id)
    await desk.idle()
    desk.downloads[0]?.end(fail('attachment.notAvailable', 'HTTP 404'))
    expect(await opened).toMatchObject(gone)
    expect(await desk.attachments.pictures.open(id)).toMatchObject(gone)
    expect(desk.downloads).toHaveLength(1)
    await desk.clock.pass(rememberFailureMs)
    void desk.attachments.pictures.open(id)
    await desk.idle()
    expect(desk.downloads).toHaveLength(2)
  })

  it('waits for its turn when many are looked at', async () => {
    const desk = await openDesk()
    const ids: number[] = []
    for (let at = 0; at < maxFetches + 3; at++) ids.push((await with_(picture(`https://files.example/${at}`), desk)).id)
    const opened = ids.map((id) => desk.attachments.pictures.open(id))
    await desk.idle()
    expect(desk.downloads).toHaveLength(maxFetches)
    for (let at = 0; at < ids.length; at++) {
      desk.downloads[at]?.end(ok(png(1, 1)))
      await desk.idle()
    }
    expect((await Promise.all(opened)).every((one) => one.ok)).toBe(true)
  })

  it('leaves nothing behind once its message is recalled, and is not kept when it comes after that', async () => {
    const { desk, id } = await with_(picture('https://files.example/1'))
    const serverId = desk.message(id).serverId ?? ''
    const opened = desk.attachments.pictures.open(id)
    await desk.idle()
    await desk.change(desk.store.ingest([frame(recalled(serverId))], now))
    desk.downloads[0]?.end(ok(png(1, 1)))
    expect(await opened).toMatchObject(gone)
    expect(desk.files.shownIds()).toEqual([])

    const other = await with_(picture('https://files.example/2'), desk)
    const shown = desk.attachments.pictures.open(other.id)
    await desk.idle()
    desk.downloads[1]?.end(ok(png(1, 1)))
    await shown
    expect(desk.files.shownIds()).toEqual([other.id])
    await desk.change(desk.store.ingest([frame(recalled(desk.message(other.id).serverId ?? ''))], now))
    expect(desk.files.shownIds()).toEqual([])
    expect(await desk.attachments.pictures.open(other.id)).toMatchObject(gone)
  })

  it('may come from this machine only where the account’s server is here', async () => {
    const desk = await openDesk({ profile: { ...profile, url: 'ws://127.0.0.1:8080/ws' } })
    const { id } = await with_(picture('http://127.0.0.1:8080/files/1'), desk)
    void desk.attachments.pictures.open(id)
    await desk.idle()
    expect(desk.downloads[0]?.request.allowLoopback).toBe(true)
  })

  it('of a video is its preview, where it has one', async () => {
    const video: Content = { kind: 'video', caption: '', url: 'https://files.example/v.mp4' }
    const { desk, id } = await with_(video)
    expect(await desk.attachments.pictures.open(id)).toMatchObject(gone)
    const other = await with_({ ...video, thumbnailUrl: 'https://files.example/v.jpg' }, desk)
    void desk.attachments.pictures.open(other.id)
    await desk.idle()
    expect(desk.downloads.map(({ request }) => request.url)).toEqual(['https://files.example/v.jpg'])
  })

  it('is none of a text, a file, or a message that is not there', async () => {
    const { desk, id } = await with_({ kind: 'file', name: 'a.png', url: 'https://files.example/1' })
    const text = await with_({ kind: 'text', text: 'https://files.example/1' }, desk)
    for (const one of [id, text.id, 4711]) expect(await desk.attachments.pictures.open(one)).toMatchObject(gone)
    await desk.change(desk.store.ingest([frame(edited(desk.message(text.id).serverId ?? '', 'x'))], now))
    expect(desk.downloads).toEqual([])
  })

  it('is given up when the account is signed out', async () => {
    const { desk, id } = await with_(picture('https://files.example/1'))
    const opened = desk.attachments.pictures.open(id)
    await desk.idle()
    await desk.attachments.close()
    expect(desk.downloads[0]?.aborted).toBe(true)
    expect(await opened).toMatchObject(gone)
    expect(await desk.attachments.pictures.open(id)).toMatchObject(gone)
  })
})

it('our own picture is shown from its copy while it is on its way', async () => {
  const desk = await openDesk()
  const [id = 0] = (await desk.add('a.png', png(4, 4))).messageIds
  expect(await desk.attachments.pictures.open(id)).toEqual(ok({ mime: 'image/png', bytes: png(4, 4) }))
  expect(desk.downloads).toEqual([])
})

describe('the page’s way to a picture', () => {
  const account = '3b241101-e2bb-4255-8caf-4136c566a962'
  it('names an account and a message, and nothing else', () => {
    expect(namedMedia(`app-media://${account}/12`)).toEqual({ accountId: account, messageId: 12, isFile: false })
    expect(namedMedia(`app-media://${account}/file/12`)).toEqual({ accountId: account, messageId: 12, isFile: true })
    for (const url of [
      `app-media://${account}/0`,
      `app-media://${account}/012`,
      `app-media://${account}/-1`,
      `app-media://${account}/1.5`,
      `app-media://${account}/1e3`,
      `app-media://${account}/12/..`,
      `app-media://${account}/../12`,
      `app-media://${account}/%2e%2e/12`,
      `app-media://${account}/12?x=/etc/passwd`,
      `app-media://${account}/12#x`,
      `app-media://${account}/12\n`,
      `app-media://${account}/1234567890123456`,
      `app-media://${account}/file/0`,
      `app-media://${account}/file/../12`,
      `app-media://${account}/other/12`,
      `app-media://${account}`,
      `app-media://../../etc/passwd`,
      `app-media://user@${account}/12`,
      `app://${account}/12`,
      `file:///etc/passwd`,
    ]) {
      expect(namedMedia(url)).toBeNull()
    }
  })

  it('answers with the type its bytes have, and forbids guessing another', async () => {
    const url = `app-media://${account}/12`
    const bytes = png(3, 3)
    const headers = new Headers()
    const file = (): Promise<null> => Promise.resolve(null)
    const picture = (): Promise<Result<Picture>> => Promise.resolve(ok({ mime: 'image/png', bytes }))
    const answer = await answerMedia({ method: 'GET', url, headers }, { picture, file })
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
    })
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes)
    const none = { picture: (): Promise<Result<Picture>> => Promise.resolve(fail('attachment.notAvailable')), file }
    expect((await answerMedia({ method: 'GET', url, headers }, none)).status).toBe(404)
    expect((await answerMedia({ method: 'POST', url, headers }, { picture, file })).status).toBe(404)
  })
})
