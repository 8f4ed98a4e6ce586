/**
 * The envelope of a form with one file (RFC 7578), spelled as browsers spell it: names in UTF-8, with the three
 * characters that would end a header value written as percent codes.
 */
export interface FilePart {
  readonly field: string
  readonly fileName: string
  readonly mime: string
  /** Bytes of the file itself. */
  readonly size: number
  /** 1 to 70 letters and digits that the file does not contain: a random one. */
  readonly boundary: string
}

export interface Envelope {
  readonly contentType: string
  /** Of envelope and file together. */
  readonly contentLength: number
  /** What stands before the file, and behind it. */
  readonly head: Uint8Array
  readonly tail: Uint8Array
}

export function envelopeOf({ field, fileName, mime, size, boundary }: FilePart): Envelope {
  const head = Buffer.from(
    `--${boundary}\r\n` +
      `Content-Disposition: form-data; name="${escaped(field)}"; filename="${escaped(fileName)}"\r\n` +
      `Content-Type: ${mime}\r\n\r\n`,
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength: head.length + size + tail.length,
    head,
    tail,
  }
}

function escaped(value: string): string {
  return value.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
