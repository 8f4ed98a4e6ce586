/**
 * Marks what was looked for in the message that was opened, by the page's own highlights: nothing is put between the
 * words. Follows the rows as they come and go; must never mark anything else.
 */
import { onScopeDispose, watch } from 'vue'
import { placesOf, type Phrase } from '#common/domain/search/matching.ts'
import { useSearch } from '../../stores/search.ts'

const name = 'found'

export function useMarkOpened(): void {
  const search = useSearch()
  if (!('highlights' in CSS)) return
  let looking: MutationObserver | null = null
  let soon = 0

  function mark(messageId: number, phrases: readonly Phrase[]): void {
    const ranges: Range[] = []
    for (const words of document.querySelectorAll(`[data-row-id="${messageId}"] .user-text`)) {
      ranges.push(...rangesIn(words, phrases))
    }
    if (ranges.length === 0) CSS.highlights.delete(name)
    else CSS.highlights.set(name, new Highlight(...ranges))
  }

  function stop(): void {
    looking?.disconnect()
    looking = null
    cancelAnimationFrame(soon)
    CSS.highlights.delete(name)
  }

  watch(
    () => search.opened,
    (opened) => {
      stop()
      if (opened === null || opened.phrases.length === 0) return
      const again = (): void => {
        cancelAnimationFrame(soon)
        soon = requestAnimationFrame(() => mark(opened.messageId, opened.phrases))
      }
      looking = new MutationObserver(again)
      looking.observe(document.body, { childList: true, subtree: true, characterData: true })
      again()
    },
  )
  onScopeDispose(stop)
}

/** Words may be cut by links: places are those of the whole text. */
function rangesIn(element: Element, phrases: readonly Phrase[]): Range[] {
  const pieces: { readonly node: Text; readonly start: number }[] = []
  let text = ''
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node instanceof Text)) continue
    pieces.push({ node, start: text.length })
    text += node.data
  }
  const ranges: Range[] = []
  for (const phrase of phrases) {
    for (const { start, end } of placesOf([phrase], text) ?? []) {
      const first = pieces.findLast((piece) => piece.start <= start)
      const last = pieces.findLast((piece) => piece.start < end)
      if (first === undefined || last === undefined) continue
      const range = document.createRange()
      range.setStart(first.node, start - first.start)
      range.setEnd(last.node, end - last.start)
      ranges.push(range)
    }
  }
  return ranges
}
