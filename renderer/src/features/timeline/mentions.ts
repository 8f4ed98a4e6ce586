/** Where a message names people, so that the names can be shown as names. */
import type { Content } from '#common/domain/content/content.ts'
import type { TextMark } from '../../ui/textMarks.ts'

/** What stands for everybody, as people and servers write it. */
const everyone = ['all', 'everyone', '所有人', '全体成员'] as const
/** The id that names everybody. */
const everyoneId = '*'

export interface MentionWords {
  readonly selfId: string | null
  readonly nameOf: (userId: string) => string
}

function mentionsOf(content: Content): readonly string[] {
  return content.kind === 'text' || content.kind === 'quote' ? (content.mentions ?? []) : []
}

/** The message names the user, or everybody. */
export function namesUs(content: Content, selfId: string | null): boolean {
  return mentionsOf(content).some((id) => id === everyoneId || id === selfId)
}

/** In order, none overlapping another; a name that was changed since stays plain text. */
export function mentionMarks(content: Content, { selfId, nameOf }: MentionWords): TextMark[] {
  const names = mentionsOf(content).flatMap((id) =>
    (id === everyoneId ? everyone : [nameOf(id), id]).map((name) => ({
      text: `@${name}`,
      kind: id === everyoneId || id === selfId ? ('self' as const) : ('mention' as const),
    })),
  )
  // The longest first: @Anna is not @Ann with a letter behind it.
  names.sort((a, b) => b.text.length - a.text.length)
  const text = 'text' in content ? content.text : ''
  const marks: TextMark[] = []
  for (const { text: name, kind } of names) {
    if (name.length < 2) continue
    for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
      const end = start + name.length
      if (!marks.some((mark) => start < mark.end && mark.start < end)) marks.push({ start, end, kind })
    }
  }
  return marks.sort((a, b) => a.start - b.start)
}
