/**
 * A folder with the files of an Electron distribution for Linux or Windows, by name and kind, for machines that have
 * none: the packages are built from it by the same configuration, so that all but the program itself is real. The same
 * for what an AppImage begins with.
 *
 * Promises: the folder says what it is (`STAND-IN.txt`, and the text of its `version`). Must never be shipped.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { standInElf } from './standInElf.ts'
import { standInPe } from './standInPe.ts'
import { commandPath } from './tools.ts'

/** The file that marks a folder as a stand-in. */
export const standInMark = 'STAND-IN.txt'

const markText =
  'This folder only stands in for an Electron distribution: its files have the right names and no content.\n' +
  'What is packed from it cannot run.\n'

const linuxPrograms = ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']
const linuxLibraries = ['libEGL.so', 'libGLESv2.so', 'libffmpeg.so', 'libvk_swiftshader.so', 'libvulkan.so.1']
const windowsLibraries = [
  'd3dcompiler_47',
  'dxcompiler',
  'dxil',
  'ffmpeg',
  'libEGL',
  'libGLESv2',
  'vk_swiftshader',
  'vulkan-1',
]
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
const fuseWire = Buffer.concat([
  Buffer.from(fuseSentinel, 'latin1'),
  Buffer.from([1, electronDefaults.length]),
  Buffer.from(electronDefaults, 'latin1'),
])
const noFuses = Buffer.alloc(1)

/** Which distribution is stood in for. */
export interface StandInDescription {
  platform: 'linux' | 'win32'
  arch: 'x64' | 'arm64'
  /** Electron's. */
  version: string
}

/** Writes the stand-in into `folder`. */
export function writeStandIn(folder: string, { platform, arch, version }: StandInDescription): void {
  const write = (name: string, content: string | Buffer, mode = 0o644): void => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content, { mode })
  }
  write(standInMark, markText)
  write('version', `${version}-stand-in`)
  write('LICENSE', 'The licence of Electron.\n')
  write('LICENSES.chromium.html', '<!doctype html><title>The licences of Chromium</title>\n')
  write('vk_swiftshader_icd.json', '{ "file_format_version": "1.0.0" }\n')
  for (const name of dataFiles) write(name, `stand-in for ${name}\n`)
  if (platform === 'win32') {
    write('electron.exe', standInPe({ machine: arch, data: fuseWire }))
    for (const name of windowsLibraries) write(`${name}.dll`, standInPe({ machine: arch, data: noFuses }))
    return
  }
  for (const name of linuxPrograms) {
    write(name, standInElf({ machine: arch, ...(name === 'electron' ? { data: fuseWire } : {}) }), 0o755)
  }
  for (const name of linuxLibraries) write(name, standInElf({ machine: arch, soname: name }))
}

/**
 * Writes into `folder` what electron-builder makes an AppImage with: this machine's own tools, and a stand-in for the
 * part that mounts it. Returns the environment that says so, or null where a tool is missing.
 */
export function writeAppImageTools(folder: string): Readonly<Record<string, string>> | null {
  mkdirSync(join(folder, 'runtimes'), { recursive: true })
  for (const tool of ['mksquashfs', 'desktop-file-validate']) {
    const path = commandPath(tool)
    if (path === undefined) return null
    symlinkSync(path, join(folder, tool))
  }
  for (const arch of ['x64', 'arm64'] as const) {
    mkdirSync(join(folder, 'lib', arch), { recursive: true })
    writeFileSync(join(folder, `runtimes/runtime-${arch}`), standInElf({ machine: arch }), { mode: 0o755 })
  }
  return { APPIMAGE_TOOLS_PATH: folder }
}
