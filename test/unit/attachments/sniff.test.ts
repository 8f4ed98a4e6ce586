import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeFile, shownFileName } from '#electron/core/attachments/content.ts'
import { imageSize, isShowable, maxPixels } from '#electron/core/attachments/imageSize.ts'
import { headBytes, sniff } from '#electron/core/attachments/sniff.ts'
import { jpeg, others, pictures, png } from './samples.ts'

const kindOf = (head: Uint8Array, name = ''): string => sniff(head, name).kind

describe('what a file is', () => {
  it.each(Object.entries(pictures))('%s is a picture of the size in its header', (_format, make) => {
    const head = make(640, 480)
    const { kind, mime } = sniff(head)
    expect(kind).toBe('image')
    expect(imageSize(head, mime)).toEqual({ width: 640, height: 480 })
  })

  it.each([
    ['clip.mp4', 'video', 'video/mp4'],
    ['clip.mov', 'video', 'video/quicktime'],
    ['clip.webm', 'video', 'video/webm'],
    ['clip.avi', 'video', 'video/x-msvideo'],
    ['voice.m4a', 'voice', 'audio/mp4'],
    ['voice.wav', 'voice', 'audio/wav'],
    ['voice.ogg', 'voice', 'audio/ogg'],
    ['voice.webm', 'voice', 'audio/webm'],
    ['film.webm', 'video', 'video/webm'],
    ['voice.mp3', 'voice', 'audio/mpeg'],
    ['bare.mp3', 'voice', 'audio/mpeg'],
    ['voice.aac', 'voice', 'audio/aac'],
    ['voice.flac', 'voice', 'audio/flac'],
    ['voice.amr', 'voice', 'audio/amr'],
    ['paper.pdf', 'file', 'application/pdf'],
    ['data.zip', 'file', 'application/zip'],
    ['notes.txt', 'file', 'text/plain'],
    ['drawing.svg', 'file', 'text/plain'],
    ['page.html', 'file', 'text/plain'],
    ['program.exe', 'file', 'application/vnd.microsoft.portable-executable'],
    ['program', 'file', 'application/x-elf'],
    ['script.sh', 'file', 'text/x-shellscript'],
    ['photo.heic', 'file', 'image/heif'],
    ['photo.avif', 'file', 'image/heif'],
    ['noise', 'file', 'application/octet-stream'],
  ])('%s is a %s', (name, kind, mime) => {
    expect(sniff(others[name] ?? new Uint8Array(), name)).toMatchObject({ kind, mime })
  })

  it('is told by its bytes, whatever its name claims', () => {
    const picture = sniff(png(1, 1))
    const program = sniff(others['program.exe'] ?? new Uint8Array())
    for (const name of [...Object.keys(others), 'holiday.jpg', 'x.png', 'song.mp3', 'film.mp4', '.png', 'png']) {
      expect(sniff(png(1, 1), name)).toEqual(picture)
      expect(sniff(others['program.exe'] ?? new Uint8Array(), name)).toEqual(program)
    }
    for (const name of ['holiday.png', 'song.mp3', 'film.mp4']) {
      for (const liar of ['program', 'script.sh', 'page.html', 'drawing.svg', 'noise', 'data.zip']) {
        expect(kindOf(others[liar] ?? new Uint8Array(), name)).toBe('file')
      }
    }
  })

  it('lets a name choose among formats that share a container, and no further', () => {
    const zip = others['data.zip'] ?? new Uint8Array()
    expect(sniff(zip, 'paper.docx').mime).toContain('wordprocessingml')
    expect(sniff(zip, 'paper.exe')).toEqual({ kind: 'file', mime: 'application/zip', extension: 'zip' })
    expect(sniff(zip, 'paper.png')).toEqual({ kind: 'file', mime: 'application/zip', extension: 'zip' })
  })

  it('has the right size or none when its beginning is cut off', () => {
    for (const [, make] of Object.entries(pictures)) {
      const head = make(10, 10)
      for (let length = 0; length < head.length; length++) {
        const cut = head.subarray(0, length)
        const { kind, mime } = sniff(cut)
        if (kind === 'image') expect([null, { width: 10, height: 10 }]).toContainEqual(imageSize(cut, mime))
        else expect(kind).toBe('file')
      }
    }
    expect(kindOf(new Uint8Array())).toBe('file')
  })

  it('never throws, whatever the bytes', () => {
    const heads = [...Object.values(others), ...Object.values(pictures).map((make) => make(7, 9))]
    fc.assert(
      fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 64 }), fc.nat(80), (head, noise, at) => {
        const mixed = new Uint8Array([...head.subarray(0, at), ...noise, ...head.subarray(at)])
        const { kind, mime } = sniff(mixed, 'name.png')
        const size = imageSize(mixed, mime)
        expect(['image', 'video', 'voice', 'file']).toContain(kind)
        if (size !== null) expect([size.width, size.height].every(Number.isSafeInteger)).toBe(true)
      }),
    )
  })
})

describe('the size of a picture', () => {
  it('is found behind a camera’s preview', () => {
    const photo = jpeg(4032, 3024, 60_000)
    expect(imageSize(photo.subarray(0, headBytes), 'image/jpeg')).toEqual({ width: 4032, height: 3024 })
  })

  it('is unknown where the header is cut off or says nothing', () => {
    expect(imageSize(png(1, 1).subarray(0, 20), 'image/png')).toBeNull()
    expect(imageSize(jpeg(1, 1, 600).subarray(0, 300), 'image/jpeg')).toBeNull()
    expect(imageSize(png(1, 1), 'application/pdf')).toBeNull()
  })

  it('decides whether it may be shown before anything is decoded', () => {
    expect(isShowable({ width: 10_000, height: 5_000 })).toBe(true)
    expect(isShowable({ width: 10_000, height: 5_001 })).toBe(false)
    expect(isShowable({ width: 0xffffffff, height: 0xffffffff })).toBe(false)
    expect(isShowable({ width: 0, height: 5 })).toBe(false)
    expect(maxPixels).toBe(50_000_000)
  })
})

describe('the message a file becomes', () => {
  const described = (name: string, head: Uint8Array, caption = '') =>
    describeFile({ name, head, size: 1234, caption }).content

  it('carries the facts that section 4.2 asks for', () => {
    expect(described('a.png', png(30, 20), 'look')).toEqual({
      kind: 'image',
      caption: 'look',
      url: '',
      width: 30,
      height: 20,
      size: 1234,
      format: 'png',
    })
    expect(described('Budget.pdf', others['paper.pdf'] ?? new Uint8Array())).toEqual({
      kind: 'file',
      name: 'Budget.pdf',
      url: '',
      size: 1234,
      mime: 'application/pdf',
      extension: 'pdf',
    })
  })

  it('a sound or a video whose length nobody knows goes as a file: servers refuse one that does not say it', () => {
    for (const name of ['voice.ogg', 'clip.mp4']) {
      expect(described(name, others[name] ?? new Uint8Array())).toMatchObject({ kind: 'file', name })
    }
  })

  it('says how long a recording is, and nothing of the kind of what is no sound', () => {
    const recorded = (name: string): object =>
      describeFile({ name, head: others[name] ?? new Uint8Array(), size: 9, caption: '', seconds: 2.5 }).content
    expect(recorded('voice.webm')).toEqual({
      kind: 'voice',
      caption: '',
      url: '',
      duration: 2.5,
      size: 9,
      format: 'webm',
    })
    expect(recorded('program.exe')).not.toHaveProperty('duration')
  })

  it('is a file for a picture of more than 50 megapixels, and for one without a readable size', () => {
    expect(described('huge.png', png(20_000, 20_000))).toMatchObject({ kind: 'file', mime: 'image/png' })
    expect(described('cut.png', png(5, 5).subarray(0, 12))).toMatchObject({ kind: 'file' })
  })

  it.each([
    ['/home/me/Pictures/a.png', 'a.png'],
    ['C:\\Users\\me\\a.png', 'a.png'],
    ['..', 'file'],
    ['in\u202egnp.exe', 'ingnp.exe'],
    ['line\r\nbreak"; x=.txt', 'linebreak"; x=.txt'],
    ['', 'file'],
    ['报告（终版）.pdf', '报告（终版）.pdf'],
  ])('calls %j %j', (given, shown) => {
    expect(shownFileName(given)).toBe(shown)
  })

  it('cuts a name that is too long before its extension', () => {
    const name = shownFileName(`${'长'.repeat(500)}.docx`)
    expect([...name]).toHaveLength(200)
    expect(name.endsWith('.docx')).toBe(true)
  })
})
