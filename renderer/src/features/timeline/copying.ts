/**
 * Messages as plain text: chosen ones as a transcript, and what was marked with the mouse across several of them in the
 * order and under the names in which it was said.
 */
import { plainText } from '#common/domain/content/content.ts'
import type { Message } from '#common/domain/message.ts'
import { shownTime } from './items.ts'

export interface TranscriptWords {
  readonly nameOf: (userId: string) => string
  /** A message that has no words of its own. */
  readonly describe: (content: Message['content']) => string
  readonly full: (at: number) => string
}

/** `marked`: only that part of the message. */
export interface Spoken {
  readonly message: Message
  readonly marked?: string
}

export function transcript(spoken: readonly Spoken[], words: TranscriptWords): string {
  return spoken
    .map(({ message, marked }) => {
      const text = marked ?? wordsOf(message, words)
      return `${words.nameOf(message.senderId)}  ${words.full(shownTime(message))}\n${text}`
    })
    .join('\n\n')
}

function wordsOf({ content }: Message, { describe }: TranscriptWords): string {
  const isWords = content.kind === 'text' || content.kind === 'quote' || content.kind === 'forward'
  return isWords ? plainText(content) : describe(content)
}

const articleOf = (node: Node): HTMLElement | null =>
  (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>('[data-row-id]') ?? null

/**
 * The messages a selection of the browser reaches over, or null when it stays inside of one. Those between its ends are
 * taken whole from `ordered`, whether they are drawn or not.
 */
export function spokenIn(
  selection: Pick<Selection, 'rangeCount' | 'isCollapsed' | 'getRangeAt'>,
  ordered: readonly Message[],
): Spoken[] | null {
  if (selection.rangeCount === 0 || selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  const ends = [articleOf(range.startContainer), articleOf(range.endContainer)]
  const [first, last] = ends.map((article) =>
    ordered.findIndex((message) => String(message.id) === article?.dataset['rowId']),
  )
  if (first === undefined || last === undefined || first === last || first < 0 || last < 0) return null
  return ordered.slice(first, last + 1).flatMap((message, index): Spoken[] => {
    const article = index === 0 ? ends[0] : index === last - first ? ends[1] : null
    if (article === null || article === undefined) return [{ message }]
    const marked = markedWords(range, article)
    return marked === '' ? [] : [{ message, marked }]
  })
}

/** What the range holds of the article's words. */
function markedWords(range: Range, article: HTMLElement): string {
  return [...article.querySelectorAll('.user-text')]
    .filter((words) => range.intersectsNode(words))
    .map((words) => {
      const part = document.createRange()
      part.selectNodeContents(words)
      if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0)
        part.setStart(range.startContainer, range.startOffset)
      if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset)
      return part.toString()
    })
    .filter((words) => words.trim() !== '')
    .join('\n')
}
