/** What a file becomes as a message: its kind by its bytes, its facts as section 4.2 of the im2 document wants them. */
import type { Content } from '#common/domain/content/content.ts'
import { imageSize, isShowable } from './imageSize.ts'
import { sniff } from './sniff.ts'

const maxNameLength = 200

/**
 * A file's name as it is told to others: its last part, without control characters and marks that turn text round, cut
 * in front of the extension where it is too long.
 */
export function shownFileName(given: string): string {
  const [last = ''] = given.split(/[/\\]/).slice(-1)
  const clean = [...last.replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')]
  if (clean.length <= maxNameLength)
    return (
      clean
        .join('')
        .replace(/^[.\s]+$/, '')
        .trim() || 'file'
    )
  const tail = /\.[a-z0-9]{1,10}$/i.exec(clean.join(''))?.[0] ?? ''
  return clean.slice(0, maxNameLength - tail.length).join('') + tail
}

export interface DescribedFile {
  readonly content: Content
  readonly mime: string
}

export interface GivenFile {
  /** As of `shownFileName`. */
  readonly name: string
  readonly head: Uint8Array
  /** Bytes. */
  readonly size: number
  readonly caption: string
  /** How long it lasts, where whoever gave it knows. */
  readonly seconds?: number | undefined
}

/**
 * Without an address: that is known once the file is uploaded. A picture too large to be shown goes as a file, and so
 * does a sound or a video whose length nobody knows: as what they are they must say it (section 4.2 of the im2 document),
 * and a server refuses those that do not.
 */
export function describeFile({ name, head, size, caption, seconds }: GivenFile): DescribedFile {
  const { kind, mime, extension } = sniff(head, name)
  const dimensions = kind === 'image' ? imageSize(head, mime) : null
  if (dimensions !== null && isShowable(dimensions)) {
    return { mime, content: { kind: 'image', caption, url: '', ...dimensions, size, format: extension } }
  }
  if ((kind === 'video' || kind === 'voice') && seconds !== undefined) {
    return { mime, content: { kind, caption, url: '', duration: seconds, size, format: extension } }
  }
  return { mime, content: { kind: 'file', name, url: '', size, mime, ...(extension !== '' && { extension }) } }
}
