import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAccountFiles } from '#electron/adapters/media/accountFiles.ts'
import { tempDir } from '#test/store/support.ts'

const name = '3b241101-e2bb-4255-8caf-4136c566a962'
const other = '3b241101-e2bb-4255-8caf-4136c566a963'
const words = new TextEncoder().encode('some words')

function open(shownLimit?: number) {
  const dir = tempDir()
  let time = 1_700_000_000_000
  const files = createAccountFiles({ dir, now: () => (time += 1000), ...(shownLimit !== undefined && { shownLimit }) })
  const place = (text: string): string => {
    const path = join(dir, 'given')
    writeFileSync(path, text, { mode: 0o444 })
    return path
  }
  return { dir, files, place }
}

describe('copies of what goes out', () => {
  it('are the user’s alone, and independent of where they came from', async () => {
    const { dir, files, place } = open()
    const path = place('some words')
    const kept = await files.outgoing.keep({ path }, name, null)
    expect(kept).toMatchObject({ ok: true, value: { size: 10 } })
    expect(kept.ok && Buffer.from(kept.value.head).toString()).toBe('some words')
    expect(await files.outgoing.keep({ bytes: words }, other, null)).toMatchObject({ ok: true, value: { size: 10 } })
    for (const copy of [name, other]) {
      const file = join(dir, 'attachments', copy)
      expect(readFileSync(file, 'utf8')).toBe('some words')
      if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    }
    expect([...(await files.outgoing.list())].sort()).toEqual([name, other])
    await files.outgoing.remove(name)
    await files.outgoing.remove(name)
    expect(await files.outgoing.list()).toEqual([other])
    expect(existsSync(path)).toBe(true)
  })

  it.each([
    ['empty', '', 'attachment.empty'],
    ['larger than allowed', 'x'.repeat(11), 'attachment.tooBig'],
  ])('are not made of what is %s', async (_which, text, code) => {
    const { files, place } = open()
    for (const source of [{ path: place(text) }, { bytes: new TextEncoder().encode(text) }]) {
      expect(await files.outgoing.keep(source, name, 10)).toMatchObject({ ok: false, error: { code } })
    }
    expect(await files.outgoing.list()).toEqual([])
  })

  it('are not made of what is no file, or not there', async () => {
    const { dir, files } = open()
    mkdirSync(join(dir, 'folder'))
    symlinkSync('/dev/zero', join(dir, 'endless'))
    for (const path of [join(dir, 'folder'), join(dir, 'gone'), join(dir, 'endless'), '/dev/zero', '']) {
      expect(await files.outgoing.keep({ path }, name, null)).toMatchObject({
        ok: false,
        error: { code: 'attachment.unreadable' },
      })
    }
    expect(await files.outgoing.list()).toEqual([])
  })

  it('have no names but our own', async () => {
    const { dir, files } = open()
    for (const bad of ['../x', 'x', `${name}/../../x`, '', '.']) {
      await expect(files.outgoing.keep({ bytes: words }, bad, null)).rejects.toThrow()
      await expect((async () => files.outgoing.remove(bad))()).rejects.toThrow()
    }
    expect(readdirSync(dir)).toEqual([])
  })

  it('are read back up to a length', async () => {
    const { files } = open()
    await files.outgoing.keep({ bytes: words }, name, null)
    expect(await files.outgoing.read(name, 10)).toEqual(Buffer.from(words))
    expect(await files.outgoing.read(name, 9)).toBeNull()
    expect(await files.outgoing.read(other, 9)).toBeNull()
  })
})

describe('pictures to show', () => {
  it('are there until they are removed', async () => {
    const { files } = open()
    expect(await files.shown.read(7)).toBeNull()
    await files.shown.write(7, words)
    await files.shown.write(7, words)
    expect(await files.shown.read(7)).toEqual(Buffer.from(words))
    await files.shown.remove(7)
    await files.shown.remove(7)
    expect(await files.shown.read(7)).toBeNull()
  })

  it('take over a copy that went out', async () => {
    const { files } = open()
    await files.outgoing.keep({ bytes: words }, name, null)
    await files.shown.adopt(3, name)
    expect(await files.shown.read(3)).toEqual(Buffer.from(words))
    expect(await files.outgoing.list()).toEqual([])
    // The program may have ended between this and its being noted.
    await files.shown.adopt(3, name)
    expect(await files.shown.read(3)).toEqual(Buffer.from(words))
  })

  it('stay within their limit, those least lately shown going first', async () => {
    const { dir, files } = open(25)
    for (const id of [1, 2]) {
      await files.shown.write(id, words)
      utimesSync(join(dir, 'media', String(id)), id, id)
    }
    await files.shown.read(1)
    await files.shown.write(3, words)
    expect(readdirSync(join(dir, 'media')).sort()).toEqual(['1', '3'])
  })

  it('have no names but numbers of messages', async () => {
    const { dir, files } = open()
    for (const bad of [0, -1, 1.5, Number.NaN, 2 ** 60]) {
      await expect(files.shown.write(bad, words)).rejects.toThrow()
    }
    expect(existsSync(join(dir, 'media')) ? readdirSync(join(dir, 'media')) : []).toEqual([])
  })
})
