/**
 * The icon files of Windows and macOS: containers of the same picture in several sizes, each a PNG as it was drawn.
 *
 * Promises: files that are the same, byte for byte, for the same pictures.
 */

/** Sizes of the Linux icon theme `hicolor`, in pixels. */
export const themeSizes = [16, 22, 24, 32, 48, 64, 96, 128, 256, 512] as const
/** Sizes in the Windows file, in pixels. */
export const icoSizes = [16, 20, 24, 32, 40, 48, 64, 96, 128, 256] as const
/** Sizes in the macOS file, in pixels. */
export const icnsSizes = [16, 32, 64, 128, 256, 512, 1024] as const

/** A square picture, `size` pixels wide. */
export interface IconPicture {
  size: number
  png: Buffer
}

// One size can stand in for two: 32 pixels are "16 points on a fine display" as well.
const icnsTypes: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['icp6', 'ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
}

const icoHeaderBytes = 6
const icoEntryBytes = 16

/** A Windows .ico file. */
export function icoFile(pictures: readonly IconPicture[]): Buffer {
  const directory = Buffer.alloc(icoHeaderBytes + icoEntryBytes * pictures.length)
  directory.writeUInt16LE(1, 2)
  directory.writeUInt16LE(pictures.length, 4)
  let at = directory.length
  for (const [index, { size, png }] of pictures.entries()) {
    const entry = icoHeaderBytes + icoEntryBytes * index
    // 256 is written as 0: the field is one byte.
    directory.writeUInt8(size % 256, entry)
    directory.writeUInt8(size % 256, entry + 1)
    directory.writeUInt16LE(1, entry + 4)
    directory.writeUInt16LE(32, entry + 6)
    directory.writeUInt32LE(png.length, entry + 8)
    directory.writeUInt32LE(at, entry + 12)
    at += png.length
  }
  return Buffer.concat([directory, ...pictures.map(({ png }) => png)])
}

/** A macOS .icns file. */
export function icnsFile(pictures: readonly IconPicture[]): Buffer {
  const parts = pictures.flatMap(({ size, png }) => (icnsTypes[size] ?? []).map((type) => part(type, png)))
  return part('icns', Buffer.concat(parts))
}

function part(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write(type, 'latin1')
  header.writeUInt32BE(header.length + content.length, 4)
  return Buffer.concat([header, content])
}
