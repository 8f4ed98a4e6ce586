/** multipart/form-data (RFC 7578) of a body that is already in memory: just what an upload needs. */

export interface Part {
  readonly name: string
  readonly filename: string | null
  readonly contentType: string
  readonly bytes: Buffer
}

/** The boundary named by a Content-Type header, or null where it is not multipart/form-data. */
export function multipartBoundary(contentType: string | undefined): string | null {
  const match = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    contentType ?? '',
  )
  return match?.[1] ?? match?.[2] ?? null
}

/** The parts, or null where the body is not what its boundary says. */
export function parseMultipart(body: Buffer, boundary: string): Part[] | null {
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  // The first delimiter needs no line end before it.
  const bytes = Buffer.concat([Buffer.from('\r\n'), body])
  const parts: Part[] = []
  let at = bytes.indexOf(delimiter)
  while (at >= 0) {
    at += delimiter.length
    if (bytes.subarray(at, at + 2).toString('latin1') === '--') return parts
    const lineEnd = bytes.indexOf('\r\n', at)
    const next = bytes.indexOf(delimiter, at)
    if (lineEnd < 0 || next < 0 || bytes.subarray(at, lineEnd).toString().trim() !== '') return null
    const part = parsePart(bytes.subarray(lineEnd + 2, next))
    if (part === null) return null
    parts.push(part)
    at = next
  }
  return null
}

function parsePart(bytes: Buffer): Part | null {
  const split = bytes.indexOf('\r\n\r\n')
  if (split < 0) return null
  const headers = new Map<string, string>()
  for (const line of bytes.subarray(0, split).toString('utf8').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const disposition = headers.get('content-disposition') ?? ''
  const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1]
  if (!/^form-data/i.test(disposition) || name === undefined) return null
  const extended = /;\s*filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1]
  const plain = /;\s*filename="([^"]*)"/i.exec(disposition)?.[1]
  return {
    name,
    filename: extended === undefined ? (plain ?? null) : decodeName(extended),
    contentType: headers.get('content-type') ?? 'application/octet-stream',
    bytes: Buffer.from(bytes.subarray(split + 4)),
  }
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
