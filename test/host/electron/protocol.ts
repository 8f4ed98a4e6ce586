/** `protocol`: the app's schemes and the handlers that answer for them, `Request` in, `Response` out. */
import type { CustomScheme, Protocol as ElectronProtocol } from 'electron'
import type { HeaderEntry, InterceptedRequest, RequestDecision } from '../chromium/interception.ts'
import type { SchemeMap } from './schemeMap.ts'
import { type Emulated, strictObject } from './strict.ts'

type Handler = (request: Request) => Response | Promise<Response>

export type Protocol = ReturnType<typeof createProtocol>

export function createProtocol(options: { schemes: SchemeMap; isReady: () => boolean }) {
  const { schemes } = options
  const handlers = new Map<string, Handler>()

  const protocol = strictObject('protocol', {
    registerSchemesAsPrivileged(customSchemes: CustomScheme[]): void {
      if (options.isReady())
        throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
      for (const { scheme, privileges } of customSchemes) schemes.register(scheme, privileges ?? {})
    },
    handle(scheme: string, handler: Handler): void {
      if (!options.isReady()) throw new Error('protocol.handle should be called after app is ready')
      if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
      handlers.set(scheme, handler)
    },
    unhandle(scheme: string): void {
      if (!handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`)
    },
    isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
  } satisfies Emulated<ElectronProtocol>)

  function handlerOf(appUrl: string): Handler | undefined {
    return handlers.get(appUrl.slice(0, appUrl.indexOf(':')))
  }

  /** Asks the app's handler. A handler that throws, or answers `Response.error()`, fails the request. */
  async function fetch(request: Request): Promise<Response> {
    const handler = handlerOf(request.url)
    if (!handler) throw new TypeError(`no handler for ${request.url}`)
    return handler(request)
  }

  /** Serves what a page asked for, with the headers the app gave; `finish` may still change them. */
  async function serve(
    intercepted: InterceptedRequest,
    finish: (status: number, headers: HeaderEntry[]) => Promise<HeaderEntry[] | 'cancelled'>,
  ): Promise<RequestDecision> {
    const url = schemes.toApp(intercepted.url)
    const headers = Object.entries(intercepted.headers).map(([name, value]): [string, string] => [
      name,
      schemes.toApp(value),
    ])
    const { method, body } = intercepted
    const request = new Request(url, {
      method,
      headers,
      ...(body && method !== 'GET' && method !== 'HEAD' && { body }),
    })
    const response = await fetch(request)
    if (response.type === 'error') return { kind: 'fail', reason: 'Failed' }
    const given = [...response.headers].map(([name, value]) => ({ name, value }))
    const finished = await finish(response.status, given)
    if (finished === 'cancelled') return { kind: 'fail', reason: 'BlockedByClient' }
    return {
      kind: 'fulfil',
      status: response.status,
      statusText: response.statusText,
      headers: finished.map(({ name, value }) => ({ name, value: headerToChromium(name, value) })),
      body: new Uint8Array(await response.arrayBuffer()),
    }
  }

  function headerToChromium(name: string, value: string): string {
    switch (name.toLowerCase()) {
      case 'content-security-policy':
      case 'content-security-policy-report-only':
        return schemes.policyToChromium(value)
      case 'location':
      case 'access-control-allow-origin':
        return schemes.toChromium(value)
      default:
        return value
    }
  }

  return { protocol, serve, fetch, handles: (appUrl: string) => handlerOf(appUrl) !== undefined }
}
