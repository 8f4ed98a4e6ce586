/** Inputs of calls are plain data of bounded size; a larger one is refused before its schema looks at it. */

/** Of the JSON form, in UTF-16 units. */
const maxInputLength = 1_000_000

/** Byte arrays count apart, up to `maxBytes` together. */
export function isBounded(input: unknown, maxBytes: number): boolean {
  let bytes = 0
  const counted = (_key: string, value: unknown): unknown => {
    if (!ArrayBuffer.isView(value)) return value
    bytes += value.byteLength
    return null
  }
  try {
    return (JSON.stringify(input, counted)?.length ?? 0) <= maxInputLength && bytes <= maxBytes
  } catch {
    return false
  }
}
