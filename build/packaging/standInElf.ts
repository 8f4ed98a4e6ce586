/**
 * Well-formed ELF files that do nothing, for the stand-in Electron distribution: tools that pack, strip and judge
 * packages read them as programs and libraries of the right machine.
 *
 * Must never be run: there is no code inside.
 */

/** What an ELF file says about itself. */
export interface ElfDescription {
  machine: 'x64' | 'arm64'
  /** A library's own name; a program has none. */
  soname?: string
  /** Bytes that a real file has somewhere in its data. */
  data?: Buffer
}

const machines = { x64: 62, arm64: 183 } as const
const headerBytes = 64
const programHeaderBytes = 56
const sectionHeaderBytes = 64
const dynamicEntryBytes = 16
// Dynamic tags.
const [needed, strtab, strsz, sonameTag, flags1] = [1, 5, 10, 14, 0x6fff_fffb]
const [flagNow, flagPie] = [0x1, 0x0800_0000]

/** The bytes of an ELF file: a shared object, or a position-independent program, that needs libc. */
export function standInElf({ machine, soname, data = Buffer.alloc(0) }: ElfDescription): Buffer {
  const strings = stringTable(['libc.so.6', ...(soname === undefined ? [] : [soname])])
  const sectionNames = stringTable(['.dynstr', '.dynamic', '.rodata', '.shstrtab'])

  const programHeaders = 4
  const stringsAt = headerBytes + programHeaders * programHeaderBytes
  const dynamicAt = align(stringsAt + strings.bytes.length, 16)
  const dynamic = dynamicSection([
    [needed, strings.at('libc.so.6')],
    [strtab, stringsAt],
    [strsz, strings.bytes.length],
    ...(soname === undefined ? [] : [[sonameTag, strings.at(soname)] as const]),
    [flags1, soname === undefined ? flagNow | flagPie : flagNow],
  ])
  const dataAt = dynamicAt + dynamic.length
  const namesAt = dataAt + data.length
  const sectionsAt = align(namesAt + sectionNames.bytes.length, 16)

  const file = Buffer.alloc(sectionsAt + 5 * sectionHeaderBytes)
  strings.bytes.copy(file, stringsAt)
  dynamic.copy(file, dynamicAt)
  data.copy(file, dataAt)
  sectionNames.bytes.copy(file, namesAt)

  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(file)
  file.writeUInt16LE(3, 16)
  file.writeUInt16LE(machines[machine], 18)
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(BigInt(headerBytes), 32)
  file.writeBigUInt64LE(BigInt(sectionsAt), 40)
  for (const [index, value] of [headerBytes, programHeaderBytes, programHeaders, sectionHeaderBytes, 5, 4].entries()) {
    file.writeUInt16LE(value, 52 + 2 * index)
  }

  const writeProgramHeader = (index: number, type: number, flags: number, from: number, length: number): void => {
    const at = headerBytes + index * programHeaderBytes
    file.writeUInt32LE(type, at)
    file.writeUInt32LE(flags, at + 4)
    for (const [slot, value] of [from, from, from, length, length, type === 1 ? 0x1000 : 16].entries()) {
      file.writeBigUInt64LE(BigInt(value), at + 8 + 8 * slot)
    }
  }
  // Loaded for reading; the dynamic section; a stack that is not executable; what is read-only after loading.
  writeProgramHeader(0, 1, 4, 0, namesAt)
  writeProgramHeader(1, 2, 4, dynamicAt, dynamic.length)
  writeProgramHeader(2, 0x6474_e551, 6, 0, 0)
  writeProgramHeader(3, 0x6474_e552, 4, dynamicAt, dynamic.length)

  const writeSection = (index: number, name: string, type: number, from: number, length: number, link = 0): void => {
    const at = sectionsAt + index * sectionHeaderBytes
    const isLoaded = name !== '.shstrtab'
    file.writeUInt32LE(sectionNames.at(name), at)
    file.writeUInt32LE(type, at + 4)
    const fields = [isLoaded ? 2 : 0, isLoaded ? from : 0, from, length]
    for (const [slot, value] of fields.entries()) file.writeBigUInt64LE(BigInt(value), at + 8 + 8 * slot)
    file.writeUInt32LE(link, at + 40)
    file.writeBigUInt64LE(1n, at + 48)
    file.writeBigUInt64LE(BigInt(name === '.dynamic' ? dynamicEntryBytes : 0), at + 56)
  }
  writeSection(1, '.dynstr', 3, stringsAt, strings.bytes.length)
  writeSection(2, '.dynamic', 6, dynamicAt, dynamic.length, 1)
  writeSection(3, '.rodata', 1, dataAt, data.length)
  writeSection(4, '.shstrtab', 3, namesAt, sectionNames.bytes.length)
  return file
}

function stringTable(names: readonly string[]): { bytes: Buffer; at: (name: string) => number } {
  const bytes = Buffer.from(`\0${names.join('\0')}\0`, 'latin1')
  return { bytes, at: (name) => bytes.indexOf(`\0${name}\0`, 0, 'latin1') + 1 }
}

function dynamicSection(entries: readonly (readonly [tag: number, value: number])[]): Buffer {
  const bytes = Buffer.alloc((entries.length + 1) * dynamicEntryBytes)
  for (const [index, [tag, value]] of entries.entries()) {
    bytes.writeBigUInt64LE(BigInt(tag), index * dynamicEntryBytes)
    bytes.writeBigUInt64LE(BigInt(value), index * dynamicEntryBytes + 8)
  }
  return bytes
}

function align(position: number, to: number): number {
  return Math.ceil(position / to) * to
}
