/** Server addresses as people type them, made into the one form that is stored. */
import { type Result, fail, ok } from '#common/base/result.ts'

const schemes: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }

export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

/**
 * `chat.example.org`, `https://chat.example.org/ws`, `ws://127.0.0.1:8080` and the like → an address with scheme, and
 * without credentials, query, fragment and closing slash. Unencrypted addresses are refused unless they stay on this
 * machine.
 */
export function normalAddress(typed: string): Result<string> {
  const text = typed.trim()
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `wss://${text}`
  if (text === '' || /\s/.test(text) || !URL.canParse(withScheme)) return fail('server.addressInvalid')
  const url = new URL(withScheme)
  const scheme = schemes[url.protocol]
  if (scheme === undefined || url.hostname === '') return fail('server.addressInvalid')
  if (scheme === 'ws:' && !isLoopback(url.hostname)) return fail('server.insecure')
  // The scheme cannot be set from http to ws on a URL object: special schemes only change among themselves.
  const address = new URL(url.href.replace(url.protocol, scheme))
  address.username = ''
  address.password = ''
  address.search = ''
  address.hash = ''
  return ok(address.href.replace(/\/+$/, ''))
}

/** Whether the address names a path of its own. */
export function hasPath(address: string): boolean {
  return new URL(address).pathname.replace(/\/+$/, '') !== ''
}
