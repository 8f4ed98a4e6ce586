/**
 * A folder with the files of an Electron distribution for Linux, by name and kind, for machines that have none: the
 * packages are built from it by the same configuration, so that all but the program itself is real.
 *
 * Promises: the folder says what it is (`STAND-IN.txt`, and the text of its `version`). Must never be shipped.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { standInElf } from './standInElf.ts'

/** The file that marks a folder as a stand-in. */
export const standInMark = 'STAND-IN.txt'

const markText =
  'This folder only stands in for an Electron distribution: its files have the right names and no content.\n' +
  'What is packed from it cannot run.\n'

const programs = ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']
const libraries = ['libEGL.so', 'libGLESv2.so', 'libffmpeg.so', 'libvk_swiftshader.so', 'libvulkan.so.1']
const languages = ['de', 'en-GB', 'en-US', 'ja', 'zh-CN', 'zh-TW']
const dataFiles = [
  'chrome_100_percent.pak',
  'chrome_200_percent.pak',
  'icudtl.dat',
  'resources.pak',
  'snapshot_blob.bin',
  'v8_context_snapshot.bin',
  'resources/default_app.asar',
  ...languages.map((language) => `locales/${language}.pak`),
]

// Where @electron/fuses finds the switches: a sentinel, the version, how many there are, and one character for each.
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const electronDefaults = '101100010'

/** Writes the stand-in for a version of Electron into `folder`. */
export function writeStandIn(folder: string, options: { arch: 'x64' | 'arm64'; version: string }): void {
  const write = (name: string, content: string | Buffer, mode = 0o644): void => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content, { mode })
  }
  const fuseWire = Buffer.concat([
    Buffer.from(fuseSentinel, 'latin1'),
    Buffer.from([1, electronDefaults.length]),
    Buffer.from(electronDefaults, 'latin1'),
  ])
  write(standInMark, markText)
  write('version', `${options.version}-stand-in`)
  write('LICENSE', 'The licence of Electron.\n')
  write('LICENSES.chromium.html', '<!doctype html><title>The licences of Chromium</title>\n')
  write('vk_swiftshader_icd.json', '{ "file_format_version": "1.0.0" }\n')
  for (const name of dataFiles) write(name, `stand-in for ${name}\n`)
  for (const name of programs) {
    write(name, standInElf({ machine: options.arch, ...(name === 'electron' ? { data: fuseWire } : {}) }), 0o755)
  }
  for (const name of libraries) write(name, standInElf({ machine: options.arch, soname: name }))
}
