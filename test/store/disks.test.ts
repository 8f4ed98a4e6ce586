/** F19 and F20 on real disks: one that is full, one that can only be read. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { AppError } from '#common/base/errors.ts'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { repairAccountDatabase } from '#electron/adapters/sqlite/repairAccount.ts'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import { flipPages, madeAccount, pagesOf, preciousOf } from './damage.ts'
import { frame, now, received, self, team, teamId, tempDir, unwrap } from './support.ts'

vi.setConfig({ testTimeout: 60_000 })

const workerUrl = new URL('../../electron/adapters/sqlite/worker.ts', import.meta.url)

function mountRefusal(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting needs root on Linux'
  const place = join('/tmp', `godwit-mount-${process.pid}`)
  mkdirSync(place, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', place], { stdio: 'ignore' })
    execFileSync('umount', [place], { stdio: 'ignore' })
    return null
  } catch (error) {
    return `mounting is not permitted (${error instanceof Error ? error.name : 'unknown'})`
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

const refusal = mountRefusal()
const title = refusal === null ? '' : ` (skipped: ${refusal})`

/** A small disk of its own, gone when the test is over. */
function disk(size: string): { readonly place: string; remount(option: 'ro' | 'rw'): void } {
  const place = join(tempDir(), 'disk')
  mkdirSync(place)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', place])
  onTestFinished(() => void execFileSync('umount', ['-l', place]))
  return { place, remount: (option) => void execFileSync('mount', ['-o', `remount,${option}`, place]) }
}

function fill(place: string): () => void {
  const ballast = join(place, 'ballast')
  const { bavail, bsize } = statfsSync(place)
  writeFileSync(ballast, Buffer.alloc(Number(bavail) * Number(bsize)))
  return () => rmSync(ballast)
}

const long = 'A long message. '.repeat(120)
const say = (text: string, clientId: string) => ({
  conversationId: teamId,
  content: { kind: 'text' as const, text },
  clientId,
  at: now,
})

describe.skipIf(refusal !== null)(`a full disk${title}`, () => {
  it('refuses what cannot be kept, says so, keeps all else, and goes on when there is room', async () => {
    const { place } = disk('2m')
    const strained: (AppError | null)[] = []
    const store = unwrap(
      await createWorkerStore({
        workerUrl,
        file: join(place, 'messages.db'),
        selfId: self,
        onStrained: (error) => strained.push(error),
      }),
    )
    onTestFinished(() => store.close())
    await store.openConversation(team, now)
    unwrap(await store.send(say('kept', 'c-1')))
    await store.setDraft(teamId, 'half a thought')
    const makeRoom = fill(place)
    await expect(store.send(say(long, 'c-2'))).rejects.toThrow('storage.full')
    await expect(store.ingest([frame(received({ text: long }))], now)).rejects.toThrow('storage.full')
    expect(strained).toMatchObject([{ code: 'storage.full' }])
    expect(await store.outboxSize()).toBe(1)
    expect((await store.snapshot()).conversations).toMatchObject([{ draft: 'half a thought' }])
    makeRoom()
    unwrap(await store.send(say(long, 'c-2')))
    expect((await store.ingest([frame(received({ text: long }))], now)).changes).not.toBeNull()
    expect(strained).toMatchObject([{ code: 'storage.full' }, null])
    expect(await store.outboxSize()).toBe(2)
    await store.close()
    expect(preciousOf(join(place, 'messages.db'))).toMatchObject({
      queue: [{ text: 'kept' }, { text: long }],
      drafts: [[teamId, 'half a thought']],
    })
  })

  it('on which a repair finds no room changes nothing, and is done when there is', () => {
    const { place } = disk('4m')
    const file = join(place, 'messages.db')
    const damaged = madeAccount()
    flipPages(damaged, pagesOf(damaged, 'messages').slice(3, 4))
    copyFileSync(damaged, file)
    const makeRoom = fill(place)
    expect(repairAccountDatabase({ file, selfId: self, at: new Date(now) })).toMatchObject({
      error: { code: 'storage.full' },
    })
    expect(readdirSync(place).sort()).toEqual(['ballast', 'messages.db'])
    makeRoom()
    expect(unwrap(repairAccountDatabase({ file, selfId: self, at: new Date(now) }))).toMatchObject({
      queued: 6,
      drafts: 2,
    })
  })
})

describe.skipIf(refusal !== null)(`a disk that can only be read${title}`, () => {
  it('is said so at the opening, nothing is changed, and all is there when it can be written again', () => {
    const { place, remount } = disk('4m')
    const file = join(place, 'messages.db')
    copyFileSync(madeAccount(), file)
    const before = preciousOf(file)
    remount('ro')
    expect(openAccountStore({ file, selfId: self })).toMatchObject({ error: { code: 'storage.readOnly' } })
    expect(openAccountStore({ file: join(place, 'new.db'), selfId: self })).toMatchObject({
      error: { code: 'storage.readOnly' },
    })
    expect(repairAccountDatabase({ file, selfId: self, at: new Date(now) })).toMatchObject({
      error: { code: 'storage.readOnly' },
    })
    remount('rw')
    unwrap(openAccountStore({ file, selfId: self })).close()
    expect(preciousOf(file)).toEqual(before)
  })
})
