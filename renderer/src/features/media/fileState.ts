/** What a person is told of a file, and what pressing it does. */
import type { ContentOf } from '#common/domain/content/content.ts'
import type { Download } from '#common/domain/download.ts'

export type FileAct = 'fetch' | 'pause' | 'open'

/** The one thing that comes next. */
export function nextAct(download: Download | undefined): FileAct {
  switch (download?.state) {
    case 'kept':
      return 'open'
    case 'waiting':
    case 'running':
    case 'retrying':
      return 'pause'
    case 'paused':
    case 'failed':
    case undefined:
      return 'fetch'
  }
}

/** Key of its name below `media.acts`: fetching is called by what it is after. */
export function actKey(download: Download | undefined): 'fetch' | 'resume' | 'again' | 'pause' | 'open' {
  const act = nextAct(download)
  if (act !== 'fetch' || download === undefined) return act
  return download.state === 'failed' ? 'again' : 'resume'
}

/** Of what there is to come, 0 to 100; null while nobody knows how much that is. */
export function percentOf({ received, total }: Pick<Download, 'received' | 'total'>): number | null {
  return total === null || total === 0 ? null : Math.min(100, Math.floor((100 * received) / total))
}

/** By its type, else by what its name claims; whether it plays is seen when it is played. */
export function isSoundFile({ mime, extension, name }: ContentOf<'file'>): boolean {
  if (mime !== undefined && mime.startsWith('audio/')) return true
  const last = extension ?? name.slice(name.lastIndexOf('.') + 1)
  return /^(mp3|m4a|oga|ogg|opus|wav|flac|aac)$/i.test(last)
}
