/** STOMP 1.2 header blocks, as text. */

/** Names of a block without its command line; the first of repeated headers counts. */
export function readHeaders(block: string, escaped: boolean): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let start = 0; start < block.length;) {
    let end = block.indexOf('\n', start)
    if (end < 0) end = block.length
    const stop = end > start && block.charCodeAt(end - 1) === 0x0d ? end - 1 : end
    const colon = block.indexOf(':', start)
    if (colon > start && colon < stop) {
      const name = unescapeHeader(block.slice(start, colon), escaped)
      // An assignment to this name would not make a header.
      if (name !== '__proto__' && !Object.hasOwn(headers, name)) {
        headers[name] = unescapeHeader(block.slice(colon + 1, stop), escaped)
      }
    }
    start = end + 1
  }
  return headers
}

const escapes: Readonly<Record<string, string>> = { '\\r': '\r', '\\n': '\n', '\\c': ':', '\\\\': '\\' }

/** Other escapes are errors by the specification; what a server means by one is left as it stands. */
function unescapeHeader(text: string, escaped: boolean): string {
  return escaped && text.includes('\\') ? text.replace(/\\[rnc\\]/g, (found) => escapes[found] ?? found) : text
}

export function escapeHeader(text: string): string {
  return text.replace(/[\\\r\n:]/g, (found) =>
    found === '\\' ? '\\\\' : found === '\r' ? '\\r' : found === '\n' ? '\\n' : '\\c',
  )
}
