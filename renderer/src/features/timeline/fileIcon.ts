/** The icon of a file by its sniffed type, else by what its extension claims. */
import { AppWindow, Archive, File, FileMusic, FilePlay, FileText, Image, Presentation, Sheet } from '@lucide/vue'

const byMime: readonly (readonly [RegExp, typeof File])[] = [
  [
    /^(application\/(vnd\.microsoft\.portable-executable|x-(elf|mach-binary|msdownload))|text\/x-shellscript)$/,
    AppWindow,
  ],
  [/spreadsheet|csv/, Sheet],
  [/presentation/, Presentation],
  [/^(text\/|application\/pdf)|wordprocessing|opendocument\.text|epub/, FileText],
  [/zip|compressed|rar|tar/, Archive],
  [/^image\//, Image],
  [/^audio\//, FileMusic],
  [/^video\//, FilePlay],
]
const byExtension: Readonly<Record<string, typeof File>> = {
  ...Object.fromEntries(
    ['exe', 'msi', 'bat', 'cmd', 'com', 'scr', 'ps1', 'vbs', 'js', 'jar', 'sh', 'app', 'deb', 'rpm', 'dmg'].map(
      (name) => [name, AppWindow],
    ),
  ),
  ...Object.fromEntries(['xlsx', 'xls', 'ods', 'csv'].map((name) => [name, Sheet])),
  ...Object.fromEntries(['pptx', 'ppt', 'odp'].map((name) => [name, Presentation])),
  ...Object.fromEntries(['pdf', 'docx', 'doc', 'odt', 'txt', 'md', 'rtf', 'epub'].map((name) => [name, FileText])),
  ...Object.fromEntries(['zip', '7z', 'rar', 'gz', 'tar', 'xz'].map((name) => [name, Archive])),
  ...Object.fromEntries(['png', 'jpg', 'jpeg', 'gif', 'webp', 'bmp', 'svg', 'heic'].map((name) => [name, Image])),
  ...Object.fromEntries(['mp3', 'ogg', 'wav', 'm4a', 'flac', 'aac'].map((name) => [name, FileMusic])),
  ...Object.fromEntries(['mp4', 'webm', 'mov', 'mkv', 'avi'].map((name) => [name, FilePlay])),
}

/** A program is shown as one, whichever of the two says so. */
export function fileIcon(mime: string, nameOrExtension: string): typeof File {
  const extension = nameOrExtension.slice(nameOrExtension.lastIndexOf('.') + 1).toLowerCase()
  const claimed = Object.hasOwn(byExtension, extension) ? byExtension[extension] : undefined
  if (claimed === AppWindow) return claimed
  const sniffed = byMime.find(([pattern]) => pattern.test(mime))?.[1]
  return sniffed === undefined || mime === 'text/plain' ? (claimed ?? sniffed ?? File) : sniffed
}
