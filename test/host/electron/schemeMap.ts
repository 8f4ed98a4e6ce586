/**
 * The app's own schemes, in a browser that does not know them.
 *
 * Plain Chromium navigates only to schemes compiled into it. A document of a scheme that the app registered as
 * `standard` is therefore loaded under an address of its own that can never be resolved:
 *
 *     app://godwit/index.html?x  ⇄  https://godwit.app.scheme.invalid/index.html?x
 *
 * One host is one origin on both sides, so `'self'`, storage and same-origin checks mean the same. Everything the app
 * sees (`webContents.getURL()`, `senderFrame.url` and `.origin`, navigation events, the handler's `Request.url`) is
 * translated back. The page itself, and an outside Playwright, see the https address: `location.href` is the one
 * difference a renderer can notice.
 *
 * Subresources of such schemes (`<img src="app-media://…">`) need no mapping: Chromium asks for them as written, they
 * are answered before the network is asked, and a policy naming `app-media:` is enforced as it stands. A policy that
 * names a scheme gets the mapped hosts added to it, for when the page uses the mapped form.
 */
const suffix = '.scheme.invalid'

export interface SchemePrivileges {
  standard?: boolean
  secure?: boolean
}

export interface SchemeMap {
  register(scheme: string, privileges: SchemePrivileges): void
  isRegistered(scheme: string): boolean
  /** The address to give to Chromium. */
  toChromium(url: string): string
  /** The address to show to the app; also takes an origin. */
  toApp(url: string): string
  /** A policy header as Chromium must read it. */
  policyToChromium(policy: string): string
}

export function createSchemeMap(): SchemeMap {
  const schemes = new Map<string, SchemePrivileges>()

  function toChromium(url: string): string {
    const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^]*)$/i.exec(url) ?? []
    if (!schemes.get(scheme.toLowerCase())?.standard) return url
    if (!/^[a-z][a-z0-9-]*$/i.test(scheme)) throw new Error(`host: documents of the scheme ${scheme} are not emulated`)
    return new URL(`https://${host}.${scheme}${suffix}${rest}`).href
  }

  function toApp(url: string): string {
    const [, host, scheme = '', rest = ''] =
      /^https:\/\/([^/?#]*)\.([a-z][a-z0-9-]*)\.scheme\.invalid((?:[/?#][^]*)?)$/.exec(url) ?? []
    return schemes.has(scheme) ? `${scheme}://${host}${rest}` : url
  }

  function sourceToChromium(source: string): string[] {
    const [, scheme = '', host] = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/]*))?/i.exec(source) ?? []
    if (!schemes.get(scheme.toLowerCase())?.standard) return [source]
    return [source, host ? toChromium(source) : `https://*.${scheme}${suffix}`]
  }

  return {
    register: (scheme, privileges) => void schemes.set(scheme, privileges),
    isRegistered: (scheme) => schemes.has(scheme),
    toChromium,
    toApp,
    policyToChromium: (policy) => policy.replace(/[^\s;,]+/g, (source) => sourceToChromium(source).join(' ')),
  }
}
