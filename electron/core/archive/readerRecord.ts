/** A message as the pages of an archive show it: short names, because there are many, and nothing that is not shown. */
import { plainText } from '#common/domain/content/content.ts'
import type { ArchivedMedia, ArchivedMessage } from './format.ts'

export interface ReaderRecord {
  readonly id: number
  /** User id. */
  readonly by: string
  readonly own?: true
  /** Ms since 1970. */
  readonly at: number
  readonly kind: string
  readonly text: string
  readonly quoted?: { readonly by: string; readonly text: string }
  readonly edited?: true
  readonly recalled?: true
  readonly pinned?: true
  /** It never reached the server. */
  readonly unsent?: true
  readonly event?: { readonly what: string; readonly user?: string; readonly by?: string; readonly detail?: string }
  readonly place?: { readonly latitude: number; readonly longitude: number; readonly address: string }
  /** Path inside the archive, what it is called, and how it may be shown. */
  readonly media?: readonly {
    readonly path: string
    readonly name: string
    readonly show: 'picture' | 'sound' | 'video' | 'name'
  }[]
}

/** What a browser shows without running anything. By the extension our own sniffing gave, never by what a server said. */
const shown: Readonly<Record<string, 'picture' | 'sound' | 'video'>> = {
  png: 'picture',
  jpg: 'picture',
  gif: 'picture',
  webp: 'picture',
  bmp: 'picture',
  mp3: 'sound',
  m4a: 'sound',
  ogg: 'sound',
  wav: 'sound',
  flac: 'sound',
  aac: 'sound',
  mp4: 'video',
  webm: 'video',
}

export function readerRecord(message: ArchivedMessage, selfId: string, media: readonly ArchivedMedia[]): ReaderRecord {
  const { content, state } = message
  const recalled = message.recalled !== null
  return {
    id: message.id,
    by: message.senderId,
    ...(message.senderId === selfId && content.kind !== 'event' && { own: true }),
    at: message.serverTime ?? message.localTime,
    kind: content.kind,
    text: recalled ? '' : content.kind === 'unsupported' ? content.label : plainText(content),
    ...(content.kind === 'quote' && !recalled && { quoted: { by: content.quotedSenderId, text: content.quotedText } }),
    ...(message.edited !== null && { edited: true }),
    ...(recalled && { recalled: true }),
    ...(message.pinned && { pinned: true }),
    ...((state === 'sending' || state === 'failed') && { unsent: true }),
    ...(content.kind === 'event' && {
      event: {
        what: content.event,
        ...(content.userId !== undefined && { user: content.userId }),
        ...(content.by !== undefined && { by: content.by }),
        ...(content.detail !== undefined && { detail: content.detail }),
      },
    }),
    ...(content.kind === 'location' &&
      !recalled && {
        place: { latitude: content.latitude, longitude: content.longitude, address: content.address },
      }),
    ...(media.length > 0 &&
      !recalled && {
        media: media.map(({ path, name }) => ({
          path,
          name,
          show: shown[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? ('name' as const),
        })),
      }),
  }
}
