/** What a search finds a message by: all a person wrote or named in it. */
import { type Content, plainText } from '#common/domain/content/content.ts'
import type { MessageRow } from '../store/rows.ts'

export function searchText(content: Content): string {
  switch (content.kind) {
    case 'location':
      return content.title === '' || content.address === ''
        ? plainText(content)
        : `${content.title} · ${content.address}`
    case 'card':
      return content.nickname === '' ? content.userId : `${content.nickname} · ${content.userId}`
    default:
      return plainText(content)
  }
}

/** The content that may be found; null where it is no longer shown. */
export function foundContent(row: Pick<MessageRow, 'content' | 'deleted' | 'recalled'>): Content | null {
  return row.deleted || row.recalled !== null ? null : row.content
}
