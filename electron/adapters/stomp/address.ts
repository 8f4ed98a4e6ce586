/** Addresses made from an endpoint's. Its query goes with each of them: a server may want its token there. */
import { randomInt, randomUUID } from 'node:crypto'
import { isLoopback } from '#electron/core/address.ts'

/** The address with something behind its path. */
export function withPath(url: string, path: string): string {
  const address = new URL(url)
  address.pathname = address.pathname.replace(/\/+$/, '') + path
  return address.href
}

export interface SockJsAddresses {
  readonly info: string
  /** The address of the session's transport, by its name on the wire. */
  session(transport: 'websocket' | 'xhr_streaming' | 'xhr' | 'xhr_send'): string
}

/** Addresses of one new SockJS session: `<endpoint>/<server>/<session>/<transport>`. */
export function sockJsAddresses(url: string): SockJsAddresses {
  const overHttp = url.replace(/^ws/i, 'http')
  const session = `/${String(randomInt(1000)).padStart(3, '0')}/${randomUUID().replaceAll('-', '')}`
  return {
    info: withPath(overHttp, '/info'),
    session: (transport) => withPath(transport === 'websocket' ? url : overHttp, `${session}/${transport}`),
  }
}

/** Nothing goes out in the clear but what stays on this machine. */
export function isAllowed({ protocol, hostname }: URL): boolean {
  return protocol === 'wss:' || (protocol === 'ws:' && isLoopback(hostname))
}
