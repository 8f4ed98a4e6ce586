/** The smallest files of each format that a program would still take for one, made from their headers. */

const bytes = (...parts: (string | readonly number[] | Uint8Array)[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))),
  )
const be16 = (value: number): readonly number[] => [(value >> 8) & 255, value & 255]
const be32 = (value: number): readonly number[] => [...be16(value >>> 16), ...be16(value & 0xffff)]
const le16 = (value: number): readonly number[] => [value & 255, (value >> 8) & 255]
const le24 = (value: number): readonly number[] => [...le16(value & 0xffff), (value >> 16) & 255]
const le32 = (value: number): readonly number[] => [...le16(value & 0xffff), ...le16(value >>> 16)]

export const png = (width: number, height: number): Uint8Array =>
  bytes('\x89PNG\r\n\x1a\n', be32(13), 'IHDR', be32(width), be32(height), [8, 2, 0, 0, 0])
export const gif = (width: number, height: number): Uint8Array => bytes('GIF89a', le16(width), le16(height), [0, 0, 0])
export const bmp = (width: number, height: number): Uint8Array =>
  bytes('BM', le32(54), le32(0), le32(54), le32(40), le32(width), le32(height), [1, 0, 24, 0])
/** `before`: bytes of application data in front of the frame header, as a camera's preview. */
export const jpeg = (width: number, height: number, before = 0): Uint8Array =>
  bytes(
    [0xff, 0xd8],
    before > 0 ? [0xff, 0xe1, ...be16(before + 2)] : [],
    new Uint8Array(before),
    [0xff, 0xc0, ...be16(17), 8],
    be16(height),
    be16(width),
    [3, 1, 0x22, 0],
  )
const webp = (chunk: string, ...parts: (string | readonly number[])[]): Uint8Array =>
  bytes('RIFF', le32(100), 'WEBP', chunk, le32(50), ...parts)
export const webpLossy = (width: number, height: number): Uint8Array =>
  webp('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a], le16(width), le16(height))
export const webpLossless = (width: number, height: number): Uint8Array =>
  webp('VP8L', [0x2f], le32(((width - 1) | ((height - 1) << 14)) >>> 0))
export const webpExtended = (width: number, height: number): Uint8Array =>
  webp('VP8X', [0, 0, 0, 0], le24(width - 1), le24(height - 1))

export const pictures = { png, gif, bmp, jpeg, webpLossy, webpLossless, webpExtended }

const ftyp = (brand: string): Uint8Array => bytes(be32(24), 'ftyp', brand, be32(0), 'isomiso2')

/** Name → bytes, the name being the honest one. */
export const others: Readonly<Record<string, Uint8Array>> = {
  'clip.mp4': ftyp('isom'),
  'clip.mov': ftyp('qt  '),
  'voice.m4a': ftyp('M4A '),
  'clip.webm': bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], 'webm'),
  'voice.webm': bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], 'webm', [0x86, 0x86], 'A_OPUS'),
  'film.webm': bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], 'webm', 'V_VP9', [0x86, 0x86], 'A_OPUS'),
  'clip.avi': bytes('RIFF', le32(4), 'AVI '),
  'voice.wav': bytes('RIFF', le32(36), 'WAVEfmt '),
  'voice.ogg': bytes('OggS', [0, 2], new Uint8Array(20), '\x01OpusHead'),
  'voice.mp3': bytes('ID3', [4, 0, 0, 0, 0, 0, 0]),
  'bare.mp3': bytes([0xff, 0xfb, 0x90, 0x64]),
  'voice.aac': bytes([0xff, 0xf1, 0x50, 0x80]),
  'voice.flac': bytes('fLaC', [0, 0, 0, 34]),
  'voice.amr': bytes('#!AMR\n'),
  'paper.pdf': bytes('%PDF-1.7\n'),
  'data.zip': bytes('PK\x03\x04', [20, 0]),
  'paper.docx': bytes('PK\x03\x04', [20, 0]),
  'notes.txt': bytes('plain words\n'),
  'drawing.svg': bytes('<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
  'page.html': bytes('<!doctype html><script>alert(1)</script>'),
  'program.exe': bytes('MZ', [0x90, 0, 3, 0]),
  program: bytes('\x7fELF', [2, 1, 1, 0]),
  'script.sh': bytes('#!/bin/sh\nrm -rf /\n'),
  'photo.heic': ftyp('heic'),
  'photo.avif': ftyp('avif'),
  noise: bytes([0, 1, 2, 3, 255, 254, 253]),
}
