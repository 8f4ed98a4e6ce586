/**
 * Cuts what goes out into WebSocket messages a Tomcat takes: 8,192 bytes binary; its text limit (16,640) is larger, but
 * one figure serves both. The library's own cutting counts UTF-16 units, so it can halve a character and exceed a limit
 * of bytes.
 */
export const maxMessageBytes = 8_192

/** Slices of at most `limit` bytes; those of a text end between characters. */
export function* cut(bytes: Uint8Array, isText: boolean, limit = maxMessageBytes): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + limit, bytes.length)
    if (isText) while (end < bytes.length && end > start + 1 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
    yield bytes.subarray(start, end)
    start = end
  }
}
