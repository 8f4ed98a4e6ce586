/**
 * Width and height of a picture, read from its header. Nothing is decoded: a header that promises a huge picture is
 * found out before anybody makes room for it. Answers null for what is damaged or not among the kinds we show.
 */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** More than this is not shown and not sent as a picture: decoding takes four bytes each. */
export const maxPixels = 50_000_000

export function isShowable({ width, height }: ImageSize): boolean {
  return width >= 1 && height >= 1 && width * height <= maxPixels
}

/** `head`: the first bytes, `headBytes` where there are so many. */
export function imageSize(head: Uint8Array, mime: string): ImageSize | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  try {
    switch (mime) {
      case 'image/png':
        return { width: view.getUint32(16), height: view.getUint32(20) }
      case 'image/gif':
        return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
      case 'image/bmp':
        return bmp(view)
      case 'image/webp':
        return webp(view)
      case 'image/jpeg':
        return jpeg(view)
      default:
        return null
    }
  } catch (error) {
    // Reading past the end: the header is cut off.
    if (error instanceof RangeError) return null
    throw error
  }
}

function bmp(view: DataView): ImageSize {
  if (view.getUint32(14, true) === 12) return { width: view.getUint16(18, true), height: view.getUint16(20, true) }
  // A negative height says that the rows come top down.
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) }
}

function webp(view: DataView): ImageSize | null {
  switch (view.getUint32(12)) {
    case 0x56503820: // VP8
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case 0x5650384c: {
      // VP8L: 14 bits each, behind a signature byte
      const bits = view.getUint32(21, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 0x56503858: // VP8X: 24 bits each
      return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 }
    default:
      return null
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
}

/** Frame headers; the three left out among them are tables and reserved codes. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

function jpeg(view: DataView): ImageSize | null {
  let at = 2
  for (;;) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      // Filling before a marker.
      at++
      continue
    }
    if (isFrame(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    // The picture itself begins, and no frame header came before it.
    if (marker === 0xda || marker === 0xd9) return null
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
    at += standsAlone ? 2 : 2 + view.getUint16(at + 2)
  }
}
