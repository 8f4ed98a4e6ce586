import * as fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appError } from '#common/base/errors.ts'
import type { QueuedCommand } from '#common/domain/commands.ts'
import { progressEveryMs, uploadGiveUpMs } from '#electron/core/attachments/uploads.ts'
import type { UploadOutcome } from '#electron/core/ports/media.ts'
import { now, tempDir, unwrap } from '#test/store/support.ts'
import { type Desk, createFakeFiles, openDesk, profile } from './desk.ts'
import { others, png } from './samples.ts'

const done = (url = 'https://files.example/1'): UploadOutcome => ({ result: 'done', url })
const passing: UploadOutcome = { result: 'retry', error: appError('link.httpServerError'), retryAfterMs: null }
const text = others['notes.txt'] ?? new Uint8Array()

const say = (desk: Desk, words: string, conversationId = 'direct:bob') =>
  desk.change(
    unwrap(
      desk.store.send({ conversationId, content: { kind: 'text', text: words }, clientId: `c-${words}`, at: now }),
    ),
  )
const sendable = (desk: Desk): QueuedCommand[] => desk.store.outboxHeads([], 10).map(({ command }) => command)
let pushes = 0
const policy = (desk: Desk, facts: { fileUploadLimit?: number; readOnly?: boolean }) =>
  desk.change(
    desk.store.ingest(
      [
        {
          covers: null,
          events: [
            {
              type: 'policy.changed',
              eventId: JSON.stringify(facts),
              maxMessageLength: null,
              fileUploadLimit: facts.fileUploadLimit ?? null,
              readOnly: facts.readOnly ?? null,
              changedBy: 'admin',
              reason: null,
              at: now + ++pushes,
            },
          ],
        },
      ],
      now,
    ),
  )

describe('a file that is taken in', () => {
  it('is a message at once, in the state sending, and goes out with its address once it is uploaded', async () => {
    const desk = await openDesk()
    const { messageIds } = await desk.add('a.png', png(3, 2), 'look')
    const [id = 0] = messageIds
    expect(desk.message(id)).toMatchObject({ state: 'sending', content: { kind: 'image', url: '', caption: 'look' } })
    expect(sendable(desk)).toEqual([])
    expect(desk.uploads[0]?.request).toMatchObject({
      url: 'https://chat.example/upload',
      token: 'a.b.c',
      name: 'a.png',
      mime: 'image/png',
      size: png(3, 2).length,
    })
    desk.uploads[0]?.end(done())
    await desk.idle()
    expect(desk.nudges()).toBe(1)
    expect(sendable(desk)).toMatchObject([
      { type: 'message.send', content: { kind: 'image', url: 'https://files.example/1', width: 3, height: 2 } },
    ])
  })

  it('does not hold up what is said after it', async () => {
    const desk = await openDesk()
    await desk.add('a.png', png(1, 1))
    await say(desk, 'later words')
    expect(sendable(desk)).toMatchObject([{ content: { text: 'later words' } }])
  })

  it.each([
    ['an empty one', new Uint8Array(), 'attachment.empty'],
    ['one over the limit', new Uint8Array(2 * 1024 * 1024), 'attachment.tooBig'],
  ])('is not: %s is refused by name and leaves nothing behind', async (_which, bytes, code) => {
    const desk = await openDesk()
    await policy(desk, { fileUploadLimit: 1 })
    const { messageIds, refused } = await desk.add('big.bin', bytes)
    expect(messageIds).toEqual([])
    expect(refused).toMatchObject([{ name: 'big.bin', code }])
    if (code === 'attachment.tooBig') expect(refused[0]).toMatchObject({ limit: 1_048_576, size: 2_097_152 })
    expect(desk.files.outgoingNames()).toEqual([])
    expect(desk.store.outboxSize()).toBe(0)
  })

  it('is refused where nothing may be written, and its copy is gone', async () => {
    const desk = await openDesk()
    await policy(desk, { readOnly: true })
    expect((await desk.add('a.png', png(1, 1))).refused).toMatchObject([{ code: 'message.readOnly' }])
    expect(desk.files.outgoingNames()).toEqual([])
  })

  it('is refused where the profile names no endpoint that may be used', async () => {
    const { upload: _none, ...without } = profile
    for (const given of [
      without,
      { ...profile, upload: { url: 'http://chat.example/up', field: 'f', responsePath: 'u' } },
    ]) {
      const desk = await openDesk({ profile: given })
      expect(await desk.attachments.add('direct:bob', [])).toMatchObject({
        ok: false,
        error: { code: 'attachment.noEndpoint' },
      })
    }
  })

  it('has a name that does not count as words, and words that do', async () => {
    const desk = await openDesk()
    const longName = `${'n'.repeat(150)}.txt`
    await desk.change(
      desk.store.ingest(
        [
          {
            covers: null,
            events: [
              {
                type: 'policy.changed',
                eventId: 'p',
                maxMessageLength: 100,
                fileUploadLimit: null,
                readOnly: null,
                changedBy: null,
                reason: null,
                at: null,
              },
            ],
          },
        ],
        now,
      ),
    )
    expect((await desk.add(longName, text)).messageIds).toHaveLength(1)
    expect((await desk.add('a.png', png(1, 1), 'w'.repeat(101))).refused).toMatchObject([{ code: 'input.tooLong' }])
  })

  it('loses no words that were meant for a picture and turn out to belong to a plain file', async () => {
    const desk = await openDesk()
    const { messageIds } = await desk.add('not-really.png', text, 'look at this')
    expect(messageIds.map((id) => desk.message(id).content)).toMatchObject([
      { kind: 'file' },
      { kind: 'text', text: 'look at this' },
    ])
  })
})

describe('uploading', () => {
  it('is one at a time for the whole account, in the order of the queue', async () => {
    const desk = await openDesk()
    for (const name of ['1.txt', '2.txt', '3.txt']) await desk.add(name, text)
    expect(desk.uploads.map(({ request }) => request.name)).toEqual(['1.txt'])
    for (let at = 0; at < 3; at++) {
      desk.uploads[at]?.end(done(`https://files.example/${at}`))
      await desk.idle()
    }
    expect(desk.uploads.map(({ request }) => request.name)).toEqual(['1.txt', '2.txt', '3.txt'])
  })

  it('tells how far it is, at most five times a second, and that it is over', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.txt', text)).messageIds
    const { request, end } = desk.uploads[0] ?? {}
    await desk.clock.pass(1000)
    desk.pushed.length = 0
    for (let sent = 1; sent <= 10; sent++) {
      request?.onProgress(sent)
      await desk.clock.pass(progressEveryMs / 4)
    }
    await desk.clock.pass(progressEveryMs)
    expect(desk.pushed.map((list) => list[0]?.sent)).toEqual([1, 4, 8, 10])
    expect(desk.pushed.at(-1)).toEqual([
      { messageId: id, sent: 10, total: text.length, state: 'uploading', problem: null },
    ])
    end?.(done())
    await desk.idle()
    await desk.clock.pass(progressEveryMs)
    expect(desk.pushed.at(-1)).toEqual([])
    expect(desk.attachments.uploads()).toEqual([])
  })

  it('begins when a connection stands, and begins nothing without one', async () => {
    const desk = await openDesk({ state: 'connecting' })
    await desk.add('1.txt', text)
    await desk.add('2.txt', text)
    expect(desk.uploads).toHaveLength(0)
    expect(desk.attachments.uploads().map(({ state }) => state)).toEqual(['waiting', 'waiting'])
    await desk.connection('online')
    expect(desk.uploads).toHaveLength(1)
    await desk.connection('offline')
    expect(desk.uploads[0]?.aborted).toBe(false)
    desk.uploads[0]?.end(done())
    await desk.idle()
    expect(desk.uploads).toHaveLength(1)
  })

  it('is given up when the session ends, and begins anew with the next one', async () => {
    const desk = await openDesk()
    await desk.add('1.txt', text)
    await desk.connection('kicked')
    expect(desk.uploads[0]?.aborted).toBe(true)
    await desk.connection('online')
    expect(desk.uploads).toHaveLength(2)
  })

  it('tries again after a failure that may pass, with growing pauses, while other chats go on', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.txt', text)).messageIds
    await desk.add('2.txt', text)
    unwrap(await desk.attachments.add('direct:carol', [{ source: { bytes: text }, name: 'c.txt', caption: '' }]))
    desk.uploads[0]?.end(passing)
    await desk.idle()
    expect(desk.uploads.map(({ request }) => request.name)).toEqual(['1.txt', 'c.txt'])
    expect(desk.attachments.uploads()[0]).toMatchObject({
      messageId: id,
      state: 'retrying',
      problem: 'link.httpServerError',
    })
    desk.uploads[1]?.end(done())
    await desk.idle()
    const pauses: number[] = []
    for (let round = 0; round < 4; round++) {
      const before = desk.uploads.length
      let waited = 0
      while (desk.uploads.length === before) {
        await desk.clock.pass(50)
        await desk.idle()
        waited += 50
      }
      pauses.push(waited)
      desk.uploads.at(-1)?.end(passing)
      await desk.idle()
    }
    expect(desk.uploads.slice(2).map(({ request }) => request.name)).toEqual(Array.from({ length: 4 }, () => '1.txt'))
    expect(pauses).toEqual([250, 500, 1000, 2000])
    expect(desk.message(id)).toMatchObject({ state: 'sending', problem: null })
  })

  it('keeps to what the server asks for', async () => {
    const desk = await openDesk()
    await desk.add('1.txt', text)
    desk.uploads[0]?.end({ result: 'retry', error: appError('link.httpTooMany'), retryAfterMs: 60_000 })
    await desk.idle()
    await desk.clock.pass(59_000)
    await desk.idle()
    expect(desk.uploads).toHaveLength(1)
    await desk.clock.pass(1_500)
    await desk.idle()
    expect(desk.uploads).toHaveLength(2)
  })

  it('stops and says so when the token is refused, loses nothing, and goes on with the next connection', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.txt', text)).messageIds
    await desk.add('2.txt', text)
    desk.uploads[0]?.end({ result: 'unauthorized', error: appError('attachment.unauthorized') })
    await desk.idle()
    await desk.clock.pass(3_600_000)
    await desk.idle()
    expect(desk.uploads).toHaveLength(1)
    expect(desk.attachments.uploads()).toMatchObject([
      { messageId: id, state: 'stopped', problem: 'attachment.unauthorized' },
      { state: 'stopped' },
    ])
    expect(desk.message(id).state).toBe('sending')
    desk.attachments.renewed()
    await desk.idle()
    expect(desk.uploads).toHaveLength(2)
  })

  it('fails for good by a definite refusal, says why, and lets the next one go', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.txt', text)).messageIds
    await desk.add('2.txt', text)
    desk.uploads[0]?.end({ result: 'refused', error: appError('attachment.tooBig', 'HTTP 413') })
    await desk.idle()
    expect(desk.message(id)).toMatchObject({ state: 'failed', problem: { code: 'attachment.tooBig' } })
    expect(desk.uploads.map(({ request }) => request.name)).toEqual(['1.txt', '2.txt'])
    // Trying again needs the copy, so it is still there.
    await desk.change(unwrap(desk.store.retry(id, now)))
    desk.uploads[1]?.end(done())
    await desk.idle()
    expect(desk.uploads.map(({ request }) => request.name)).toEqual(['1.txt', '2.txt', '1.txt'])
    desk.uploads[2]?.end(done())
    await desk.idle()
    expect(desk.message(id)).toMatchObject({
      state: 'sending',
      problem: null,
      content: { url: 'https://files.example/1' },
    })
  })

  it('gives up after a day of trying', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.txt', text)).messageIds
    desk.uploads[0]?.end(passing)
    await desk.idle()
    desk.clock.jump(uploadGiveUpMs + 1000)
    await desk.clock.pass(1000)
    await desk.idle()
    desk.uploads[1]?.end(passing)
    await desk.idle()
    expect(desk.message(id)).toMatchObject({ state: 'failed', problem: { code: 'message.gaveUp' } })
  })
})

describe('taking it back', () => {
  it('ends the upload that runs and removes the copy; the next one begins', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.txt', text)).messageIds
    await desk.add('2.txt', text)
    await desk.change(unwrap(desk.store.cancel(id)))
    expect(desk.uploads[0]?.aborted).toBe(true)
    expect(desk.uploads.map(({ request }) => request.name)).toEqual(['1.txt', '2.txt'])
    expect(desk.message(id).deleted).toBe(true)
    expect(desk.files.outgoingNames()).toEqual([desk.uploads[1]?.request.file])
  })

  it('wins over an upload that ends in the same moment: the message never goes out', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.txt', text)).messageIds
    desk.uploads[0]?.end(done())
    await desk.change(unwrap(desk.store.cancel(id)))
    await desk.idle()
    expect(desk.message(id).deleted).toBe(true)
    expect(sendable(desk)).toEqual([])
    expect(desk.files.outgoingNames()).toEqual([])
  })

  it('of one that waits touches nothing of the one that runs', async () => {
    const desk = await openDesk()
    await desk.add('1.txt', text)
    const [id = 0] = (await desk.add('2.txt', text)).messageIds
    await desk.change(unwrap(desk.store.cancel(id)))
    expect(desk.uploads[0]?.aborted).toBe(false)
    expect(desk.files.outgoingNames()).toHaveLength(1)
  })
})

describe('after the message is with the server', () => {
  async function sent(name: string, bytes: Uint8Array): Promise<{ desk: Desk; id: number }> {
    const desk = await openDesk()
    const [id = 0] = (await desk.add(name, bytes)).messageIds
    desk.uploads[0]?.end(done())
    await desk.idle()
    const [entry] = desk.store.outboxHeads([], 1)
    desk.store.outboxWritten(entry?.id ?? 0, now)
    expect(desk.files.outgoingNames()).toHaveLength(1)
    await desk.change(desk.store.outboxSettle(entry?.id ?? 0, 'receipt', now))
    expect(desk.message(id).state).toBe('sent')
    return { desk, id }
  }

  it('our own picture is shown from its copy', async () => {
    const { desk, id } = await sent('a.png', png(2, 2))
    expect(desk.files.outgoingNames()).toEqual([])
    expect(desk.files.shownIds()).toEqual([id])
    expect(await desk.attachments.pictures.open(id)).toMatchObject({ ok: true, value: { mime: 'image/png' } })
    expect(desk.downloads).toEqual([])
    expect(desk.store.attachments()).toEqual([])
  })

  it('nothing is kept of other files', async () => {
    const { desk } = await sent('a.txt', text)
    expect([desk.files.outgoingNames(), desk.files.shownIds(), desk.store.attachments()]).toEqual([[], [], []])
  })
})

describe('limits that change while files wait', () => {
  it('stop a running upload that no longer fits; it waits with the reason, and goes on when it fits again', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.bin', new Uint8Array(700_000).fill(1))).messageIds
    const [small = 0] = (await desk.add('2.txt', text)).messageIds
    await policy(desk, { fileUploadLimit: 0.5 })
    expect(desk.uploads[0]?.aborted).toBe(true)
    expect(desk.message(id)).toMatchObject({
      state: 'sending',
      problem: { code: 'attachment.tooBig', detail: '700000 > 524288' },
    })
    expect(desk.uploads.map(({ request }) => request.name)).toEqual(['1.bin', '2.txt'])
    desk.uploads[1]?.end(done())
    await desk.idle()
    expect(desk.message(small).problem).toBeNull()
    await policy(desk, { fileUploadLimit: 5 })
    expect(desk.message(id).problem).toBeNull()
    expect(desk.uploads.map(({ request }) => request.name)).toEqual(['1.bin', '2.txt', '1.bin'])
  })

  it('do not concern a file that is uploaded already', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.bin', new Uint8Array(700_000).fill(1))).messageIds
    desk.uploads[0]?.end(done())
    await desk.idle()
    await policy(desk, { fileUploadLimit: 0.5 })
    expect(desk.message(id).problem).toBeNull()
    expect(sendable(desk)).toHaveLength(1)
  })

  it('hold back files as they hold back words while the account is read-only', async () => {
    const desk = await openDesk()
    const [id = 0] = (await desk.add('1.txt', text)).messageIds
    await policy(desk, { readOnly: true })
    expect(desk.uploads[0]?.aborted).toBe(true)
    expect(desk.message(id).problem).toMatchObject({ code: 'message.readOnly' })
    await policy(desk, { readOnly: false })
    expect(desk.uploads).toHaveLength(2)
  })
})

describe('after a crash', () => {
  it('what was not uploaded begins anew from its copy, what was is sent, and left-over copies go', async () => {
    const file = join(tempDir(), 'messages.db')
    const files = createFakeFiles()
    const first = await openDesk({ file, files })
    await first.add('1.txt', text)
    first.uploads[0]?.end(done('https://files.example/first'))
    await first.idle()
    await first.add('2.txt', text)
    await first.add('3.txt', text)
    await files.outgoing.keep({ bytes: text }, '00000000-0000-4000-8000-ffffffffffff', null)
    first.crash()

    const second = await openDesk({ file, files })
    expect(second.uploads.map(({ request }) => request.name)).toEqual(['2.txt'])
    expect(sendable(second)).toMatchObject([{ content: { name: '1.txt', url: 'https://files.example/first' } }])
    expect(files.outgoingNames()).toHaveLength(3)
    second.uploads[0]?.end(done())
    await second.idle()
    expect(second.uploads.map(({ request }) => request.name)).toEqual(['2.txt', '3.txt'])
  })

  it('between the server’s proof and the putting away, the copy is put away', async () => {
    const file = join(tempDir(), 'messages.db')
    const files = createFakeFiles()
    const first = await openDesk({ file, files })
    const [id = 0] = (await first.add('a.png', png(1, 1))).messageIds
    first.uploads[0]?.end(done())
    await first.idle()
    const [entry] = first.store.outboxHeads([], 1)
    first.store.outboxSettle(entry?.id ?? 0, 'echo', now)
    first.crash()
    await openDesk({ file, files })
    expect([files.outgoingNames(), files.shownIds()]).toEqual([[], [id]])
  })
})

it('words and files in any mixture, with any failures: files go out in their order, words in theirs, nothing is lost', async () => {
  const step = fc.constantFrom<'file' | 'word' | 'uploaded' | 'passing' | 'offline' | 'online' | 'pump'>(
    'file',
    'word',
    'uploaded',
    'passing',
    'offline',
    'online',
    'pump',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const desk = await openDesk()
      const out: string[] = []
      const made = { file: 0, word: 0 }
      const pump = (): void => {
        for (let heads = desk.store.outboxHeads([], 1); heads[0] !== undefined; heads = desk.store.outboxHeads([], 1)) {
          const [{ id, command }] = heads
          if (command.type === 'message.send') {
            const { content } = command
            if (content.kind === 'file') expect(content.url).not.toBe('')
            out.push(content.kind === 'file' ? content.name : content.kind === 'text' ? content.text : '?')
          }
          desk.store.outboxWritten(id, now)
          desk.store.outboxSettle(id, 'receipt', now)
        }
      }
      const end = (outcome: UploadOutcome): void => desk.uploads.at(-1)?.end(outcome)
      for (const next of steps) {
        if (next === 'file') await desk.add(`f${made.file++}`, text)
        else if (next === 'word') await say(desk, `w${made.word++}`)
        else if (next === 'uploaded') end(done())
        else if (next === 'passing') end(passing)
        else if (next === 'pump') pump()
        else await desk.connection(next)
        await desk.idle()
      }
      await desk.connection('online')
      for (let left = made.file + 2; left > 0; left--) {
        end(done())
        await desk.idle()
        await desk.clock.pass(60_000)
        await desk.idle()
      }
      pump()
      const of = (letter: string): string[] => out.filter((name) => name.startsWith(letter))
      expect(of('f')).toEqual(Array.from({ length: made.file }, (_, index) => `f${index}`))
      expect(of('w')).toEqual(Array.from({ length: made.word }, (_, index) => `w${index}`))
      desk.crash()
    }),
    { numRuns: 40 },
  )
}, 60_000)
