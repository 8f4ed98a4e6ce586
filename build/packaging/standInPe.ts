/**
 * Well-formed Windows programs that do nothing, for the stand-in Electron distribution: with the version resource that
 * electron-builder writes the product's name, icon and the archive's hash into.
 *
 * Must never be run: there is no code inside.
 */

const machines = { x64: 0x8664, arm64: 0xaa64 } as const
const headersBytes = 0x400
const pageBytes = 0x1000
const dosHeaderBytes = 64
const coffAt = dosHeaderBytes + 4
const optionalAt = coffAt + 20
const optionalBytes = 240
const sectionHeaderBytes = 40
const resourceDirectory = 2
const english = 1033
const versionResource = 16

/** The bytes of a program with `data` among its constants. */
export function standInPe({ machine, data }: { machine: 'x64' | 'arm64'; data: Buffer }): Buffer {
  const constantsAt = pageBytes
  const resourcesAt = constantsAt + inPages(data.length)
  const resources = resourceSection(resourcesAt)
  const sections = [
    { name: '.rdata', at: constantsAt, content: data },
    { name: '.rsrc', at: resourcesAt, content: resources },
  ]

  const headers = Buffer.alloc(headersBytes)
  headers.write('MZ', 'latin1')
  headers.writeUInt32LE(dosHeaderBytes, 60)
  headers.write('PE\0\0', dosHeaderBytes, 'latin1')
  headers.writeUInt16LE(machines[machine], coffAt)
  headers.writeUInt16LE(sections.length, coffAt + 2)
  headers.writeUInt16LE(optionalBytes, coffAt + 16)
  // An executable image that may lie above two gigabytes.
  headers.writeUInt16LE(0x22, coffAt + 18)
  headers.writeUInt16LE(0x20b, optionalAt)
  headers.writeBigUInt64LE(0x1_4000_0000n, optionalAt + 24)
  headers.writeUInt32LE(pageBytes, optionalAt + 32)
  headers.writeUInt32LE(headersBytes / 2, optionalAt + 36)
  headers.writeUInt16LE(6, optionalAt + 40)
  headers.writeUInt16LE(6, optionalAt + 48)
  headers.writeUInt32LE(resourcesAt + inPages(resources.length), optionalAt + 56)
  headers.writeUInt32LE(headersBytes, optionalAt + 60)
  headers.writeUInt16LE(2, optionalAt + 68)
  headers.writeUInt32LE(16, optionalAt + 108)
  headers.writeUInt32LE(resourcesAt, optionalAt + 112 + 8 * resourceDirectory)
  headers.writeUInt32LE(resources.length, optionalAt + 116 + 8 * resourceDirectory)

  const parts = [headers]
  let fileAt = headersBytes
  for (const [index, { name, at, content }] of sections.entries()) {
    const raw = Buffer.alloc(Math.ceil(content.length / 0x200) * 0x200)
    content.copy(raw)
    const header = optionalAt + optionalBytes + index * sectionHeaderBytes
    headers.write(name, header, 'latin1')
    for (const [slot, value] of [content.length, at, raw.length, fileAt].entries()) {
      headers.writeUInt32LE(value, header + 8 + 4 * slot)
    }
    // Initialised data that can be read.
    headers.writeUInt32LE(0x4000_0040, header + 36)
    parts.push(raw)
    fileAt += raw.length
  }
  return Buffer.concat(parts)
}

/** One resource: the version, under type, number and language, each a directory with one entry. */
function resourceSection(address: number): Buffer {
  const directoryBytes = 24
  const version = versionInfo()
  const section = Buffer.alloc(3 * directoryBytes + 16)
  for (const [level, id] of [versionResource, 1, english].entries()) {
    const at = level * directoryBytes
    const next = (level + 1) * directoryBytes
    section.writeUInt16LE(1, at + 14)
    section.writeUInt32LE(id, at + 16)
    // The high bit says that another directory follows.
    section.writeUInt32LE(level < 2 ? next + 0x8000_0000 : next, at + 20)
  }
  section.writeUInt32LE(address + section.length, 3 * directoryBytes)
  section.writeUInt32LE(version.length, 3 * directoryBytes + 4)
  return Buffer.concat([section, version])
}

function versionInfo(): Buffer {
  const fixed = Buffer.alloc(52)
  fixed.writeUInt32LE(0xfeef_04bd, 0)
  fixed.writeUInt32LE(0x0001_0000, 4)
  const text = utf16('Electron')
  const name = versionBlock('ProductName', { value: text, words: text.length / 2, isText: true })
  const table = versionBlock('040904b0', { children: [name], isText: true })
  const translation = Buffer.from([0x09, 0x04, 0xb0, 0x04])
  return versionBlock('VS_VERSION_INFO', {
    value: fixed,
    children: [
      versionBlock('StringFileInfo', { children: [table], isText: true }),
      versionBlock('VarFileInfo', { children: [versionBlock('Translation', { value: translation })], isText: true }),
    ],
  })
}

interface VersionBlock {
  value?: Buffer
  /** The value's length where it is counted in characters. */
  words?: number
  isText?: boolean
  children?: readonly Buffer[]
}

function versionBlock(key: string, { value, words, isText = false, children = [] }: VersionBlock): Buffer {
  const head = Buffer.alloc(6)
  const body = [padded(Buffer.concat([head, utf16(key)])), padded(value ?? Buffer.alloc(0)), ...children.map(padded)]
  const block = Buffer.concat(body)
  block.writeUInt16LE(block.length, 0)
  block.writeUInt16LE(words ?? value?.length ?? 0, 2)
  block.writeUInt16LE(isText ? 1 : 0, 4)
  return block
}

function utf16(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le')
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}

function inPages(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / pageBytes)) * pageBytes
}
