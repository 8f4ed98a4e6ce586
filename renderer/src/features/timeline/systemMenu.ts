/** Which places of the log have the system's menu instead of the message's own: it copies what the message's cannot. */

/** On a link, whose address can be copied, or on words that are marked. Everywhere around them the message's opens. */
export function wantsSystemMenu({ target, clientX: x, clientY: y }: MouseEvent): boolean {
  if (target instanceof Element && target.closest('a[href]') !== null) return true
  const marks = document.getSelection()
  if (marks === null || marks.isCollapsed || marks.rangeCount === 0) return false
  const boxes = [...marks.getRangeAt(0).getClientRects()]
  return boxes.some(({ left, right, top, bottom }) => left <= x && x <= right && top <= y && y <= bottom)
}
