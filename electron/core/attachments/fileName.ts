/** What a message's file is called on a disk, and which names are better asked about before they are opened. */
import type { Message } from '#common/domain/message.ts'
import { shownFileName } from './content.ts'
import { extensionOf, sniff } from './sniff.ts'

/** File systems count bytes of UTF-8; this leaves room for what a save dialog adds. */
const maxBytes = 200
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Safe on every system: no separators, no reserved names, not too long, the extension kept. */
function diskName(name: string): string {
  const clean = shownFileName(name)
    .replaceAll(/[<>:"/\\|?*]/g, '_')
    .replace(/[. ]+$/, '')
  const safe = reserved.test(clean) || clean === '' ? `_${clean}` : clean
  const extension = extensionOf(safe)
  const tail = extension === '' ? '' : safe.slice(-extension.length - 1)
  const encoder = new TextEncoder()
  let stem = [...safe.slice(0, safe.length - tail.length)]
  while (encoder.encode(stem.join('') + tail).length > maxBytes) stem = stem.slice(0, -1)
  return stem.join('') + tail
}

const two = (value: number): string => String(value).padStart(2, '0')

/** By the name it was given, else by its kind and when it was sent, local time. */
export function fileNameOf({ content, serverTime, localTime }: Message, head?: Uint8Array): string {
  if (content.kind === 'file' && content.name !== '') return diskName(content.name)
  const at = new Date(serverTime ?? localTime)
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const time = `${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}`
  const told = 'format' in content ? (content.format ?? '') : ''
  const seen = head === undefined ? '' : sniff(head).extension
  const extension = seen === '' ? told.toLowerCase() : seen
  return diskName(`${content.kind} ${day} ${time}${/^[a-z0-9]{1,10}$/.test(extension) ? `.${extension}` : ''}`)
}

/** What a system runs, or opens with something that runs what is in it. */
const running: ReadonlySet<string> = new Set(
  (
    'exe msi msix appx bat cmd com scr pif cpl ps1 psm1 vbs vbe js jse wsf wsh hta reg lnk url scf inf gadget jar ' +
    'sh bash zsh csh run bin app command pkg dmg deb rpm appimage flatpakref snap desktop py pyw rb pl php ' +
    'html htm xhtml mht svg chm iso img vhd vhdx docm dotm xlsm xltm xlam pptm potm ppam sldm application'
  ).split(' '),
)
const runningMimes = /portable-executable|x-elf|x-mach-binary|shellscript/

/** Whether opening it may run something: by its name or by its bytes, whichever says so. */
export function mayRun(name: string, head: Uint8Array): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  return running.has(last) || runningMimes.test(sniff(head, name).mime)
}
