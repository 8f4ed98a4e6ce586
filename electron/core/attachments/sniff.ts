/**
 * What a file is, by its first bytes. Its name is never asked what kind it is: a name only chooses among formats that
 * share a container (a document in a zip file), where a wrong choice changes a label and nothing else.
 *
 * Promises: never throws, reads at most the bytes it is given. Must never call something a picture, a sound or a video
 * that a program could be run from: what is not plainly one of those is a file.
 */

/** As many first bytes as it takes: the header of a photograph may stand behind its embedded preview. */
export const headBytes = 256 * 1024

export type SniffedKind = 'image' | 'video' | 'voice' | 'file'

export interface Sniffed {
  readonly kind: SniffedKind
  readonly mime: string
  /** Without a dot, lower case; empty where the bytes do not say. */
  readonly extension: string
}

const unknown: Sniffed = { kind: 'file', mime: 'application/octet-stream', extension: '' }

interface Signature {
  readonly at: number
  /** Latin-1. */
  readonly bytes: string
  readonly is: Sniffed
}

const sign = (bytes: string, kind: SniffedKind, mime: string, extension: string, at = 0): Signature => ({
  at,
  bytes,
  is: { kind, mime, extension },
})

/** Programs first: nothing below may claim them. */
const signatures: readonly Signature[] = [
  sign('MZ', 'file', 'application/vnd.microsoft.portable-executable', 'exe'),
  sign('\x7fELF', 'file', 'application/x-elf', ''),
  sign('\xfe\xed\xfa\xce', 'file', 'application/x-mach-binary', ''),
  sign('\xfe\xed\xfa\xcf', 'file', 'application/x-mach-binary', ''),
  sign('\xce\xfa\xed\xfe', 'file', 'application/x-mach-binary', ''),
  sign('\xcf\xfa\xed\xfe', 'file', 'application/x-mach-binary', ''),
  sign('\xca\xfe\xba\xbe', 'file', 'application/x-mach-binary', ''),
  sign('#!AMR', 'voice', 'audio/amr', 'amr'),
  sign('#!', 'file', 'text/x-shellscript', ''),

  sign('\x89PNG\r\n\x1a\n', 'image', 'image/png', 'png'),
  sign('\xff\xd8\xff', 'image', 'image/jpeg', 'jpg'),
  sign('GIF87a', 'image', 'image/gif', 'gif'),
  sign('GIF89a', 'image', 'image/gif', 'gif'),

  sign('fLaC', 'voice', 'audio/flac', 'flac'),
  sign('ID3', 'voice', 'audio/mpeg', 'mp3'),

  sign('%PDF-', 'file', 'application/pdf', 'pdf'),
  sign('\x1f\x8b', 'file', 'application/gzip', 'gz'),
  sign('7z\xbc\xaf\x27\x1c', 'file', 'application/x-7z-compressed', '7z'),
  sign('Rar!\x1a\x07', 'file', 'application/vnd.rar', 'rar'),
  sign('ustar', 'file', 'application/x-tar', 'tar', 257),
]

/** Formats that are zip files inside, by the extension a name may choose. */
const zipFormats: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  epub: 'application/epub+zip',
}

/** `name` as the user calls the file; see above for what it may decide. */
export function sniff(head: Uint8Array, name = ''): Sniffed {
  for (const { at, bytes, is } of signatures) if (has(head, at, bytes)) return is
  if (has(head, 0, 'PK\x03\x04') || has(head, 0, 'PK\x05\x06')) return zip(extensionOf(name))
  return bitmap(head) ?? riff(head) ?? isoMedia(head) ?? ebml(head) ?? ogg(head) ?? mpegAudio(head) ?? text(head, name)
}

/** What stands behind the last dot, where it looks like an extension at all. */
export function extensionOf(name: string): string {
  return /[^.]\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
}

function has(head: Uint8Array, at: number, bytes: string): boolean {
  if (head.length < at + bytes.length) return false
  for (let index = 0; index < bytes.length; index++) {
    if (head[at + index] !== bytes.charCodeAt(index)) return false
  }
  return true
}

function latin1(head: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...head.subarray(from, to))
}

function zip(extension: string): Sniffed {
  const mime = zipFormats[extension]
  return mime === undefined
    ? { kind: 'file', mime: 'application/zip', extension: 'zip' }
    : { kind: 'file', mime, extension }
}

/** Two letters are not much: the sizes of the header have to fit as well. */
function bitmap(head: Uint8Array): Sniffed | null {
  if (!has(head, 0, 'BM') || head.length < 26) return null
  const headerBytes = (head[14] ?? 0) + (head[15] ?? 0) * 256
  return [12, 40, 52, 56, 64, 108, 124].includes(headerBytes)
    ? { kind: 'image', mime: 'image/bmp', extension: 'bmp' }
    : null
}

function riff(head: Uint8Array): Sniffed | null {
  if (!has(head, 0, 'RIFF')) return null
  if (has(head, 8, 'WEBP')) return { kind: 'image', mime: 'image/webp', extension: 'webp' }
  if (has(head, 8, 'WAVE')) return { kind: 'voice', mime: 'audio/wav', extension: 'wav' }
  if (has(head, 8, 'AVI ')) return { kind: 'video', mime: 'video/x-msvideo', extension: 'avi' }
  return null
}

/** Pictures in this container (HEIF, AVIF) cannot be shown everywhere, and go as files. */
const stillBrands: ReadonlySet<string> = new Set(['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis'])

function isoMedia(head: Uint8Array): Sniffed | null {
  if (!has(head, 4, 'ftyp')) return null
  const brand = latin1(head, 8, 12)
  if (stillBrands.has(brand)) return { kind: 'file', mime: 'image/heif', extension: 'heic' }
  if (brand === 'qt  ') return { kind: 'video', mime: 'video/quicktime', extension: 'mov' }
  if (brand === 'M4A ' || brand === 'M4B ') return { kind: 'voice', mime: 'audio/mp4', extension: 'm4a' }
  if (/^3g[p2]/.test(brand)) return { kind: 'video', mime: 'video/3gpp', extension: '3gp' }
  return { kind: 'video', mime: 'video/mp4', extension: 'mp4' }
}

/** The tracks stand near the beginning, each with the name of its codec. */
const tracksWithin = 4096

function ebml(head: Uint8Array): Sniffed | null {
  if (!has(head, 0, '\x1a\x45\xdf\xa3')) return null
  if (!latin1(head, 0, 64).includes('webm')) return { kind: 'video', mime: 'video/matroska', extension: 'mkv' }
  const tracks = latin1(head, 0, tracksWithin)
  const isSound = /A_(OPUS|VORBIS)/.test(tracks) && !/V_(VP8|VP9|AV1)/.test(tracks)
  return isSound
    ? { kind: 'voice', mime: 'audio/webm', extension: 'webm' }
    : { kind: 'video', mime: 'video/webm', extension: 'webm' }
}

function ogg(head: Uint8Array): Sniffed | null {
  if (!has(head, 0, 'OggS')) return null
  return latin1(head, 0, 256).includes('theora')
    ? { kind: 'video', mime: 'video/ogg', extension: 'ogv' }
    : { kind: 'voice', mime: 'audio/ogg', extension: 'ogg' }
}

/** A frame header without a tag before it: every field of it has to be one that exists. */
function mpegAudio(head: Uint8Array): Sniffed | null {
  const [first = 0, second = 0, third = 0] = head
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return null
  if ((second & 0xf6) === 0xf0) return { kind: 'voice', mime: 'audio/aac', extension: 'aac' }
  const layer = (second >> 1) & 3
  const bitRate = third >> 4
  const sampleRate = (third >> 2) & 3
  const version = (second >> 3) & 3
  if (layer !== 1 || version === 1 || bitRate === 0 || bitRate === 15 || sampleRate === 3) return null
  return { kind: 'voice', mime: 'audio/mpeg', extension: 'mp3' }
}

/** Words, or bytes that mean nothing to us; either way the name may say what it likes. */
function text(head: Uint8Array, name: string): Sniffed {
  const extension = extensionOf(name)
  const isText =
    head.length > 0 && head.every((byte) => byte >= 0x20 || (byte >= 0x07 && byte <= 0x0d) || byte === 0x1b)
  return isText ? { kind: 'file', mime: 'text/plain', extension } : { ...unknown, extension }
}
