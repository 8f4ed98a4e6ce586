/** Addresses: which are ours, which may go to the system, and which file one names. Pure, so that it can be tried on anything. */
import { chatFragment } from '#common/contract/chatWindow.ts'
import { extname, join, normalize, sep } from 'node:path'

export const appOrigin = 'app://godwit'
/** The main window's page. */
export const pageAddress = `${appOrigin}/index.html`

/** The page of a window that shows one conversation and nothing else; the page reads it by `chatOfFragment`. */
export function chatAddress(accountId: string, conversationId: string): string {
  return `${pageAddress}#${chatFragment(accountId, conversationId)}`
}

const externalSchemes: ReadonlySet<string> = new Set(['https:', 'http:', 'mailto:'])

/** What the renderer's folder may hold; anything else is not served. */
export const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Whether a page of ours may be shown from this address: our own scheme and host, exactly. */
export function isOwnUrl(url: string): boolean {
  return URL.canParse(url) && url.startsWith(`${appOrigin}/`) && new URL(url).host === 'godwit'
}

/** Whether the system may be asked to open it; server-supplied addresses come through here like any other. */
export function isExternalUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username, password } = new URL(url)
  if (!externalSchemes.has(protocol)) return false
  return protocol === 'mailto:' || (hostname !== '' && username === '' && password === '')
}

/** The file behind a URL, or null for anything that is not plainly a file of the folder. */
export function containedFile(root: string, url: string): string | null {
  const { host, pathname, protocol: scheme } = new URL(url)
  if (scheme !== 'app:' || host !== 'godwit') return null
  let path: string
  try {
    path = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (path.includes('\0') || path.includes('\\') || path.split('/').includes('..')) return null
  const file = normalize(join(root, path === '/' ? 'index.html' : path))
  return file.startsWith(root + sep) && contentTypes[extname(file)] !== undefined ? file : null
}
