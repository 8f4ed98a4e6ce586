/**
 * Makes pages for WebContents: a Chromium window, with every request put before the app's rules in Electron's order
 * (navigation, `onBeforeRequest`, the scheme's handler, `onHeadersReceived`).
 */
import type { Browser, NewTarget } from '../chromium/browser.ts'
import type { HeaderEntry, InterceptedRequest, Interceptor, RequestDecision } from '../chromium/interception.ts'
import { type Page, type PageListener, createPage } from '../chromium/page.ts'
import type { PreloadScripts } from '../inPage/source.ts'
import type { Recorder } from '../recorder.ts'
import type { IpcMain } from './ipcMain.ts'
import type { Protocol } from './protocol.ts'
import type { SchemeMap } from './schemeMap.ts'
import type { WebRequest } from './webRequest.ts'

/** Of Chromium's window, until the app's window sets its own. */
const initialSize = { width: 800, height: 600 }

export interface PageRequest {
  preload: PreloadScripts | undefined
  listener: PageListener
  webContentsId: number
  allows(request: InterceptedRequest): Promise<boolean>
}

export interface PageFactory {
  readonly schemes: SchemeMap
  readonly session: unknown
  readonly ipcMain: IpcMain
  readonly recorder: Recorder
  /** Words of which the dictionary knows better, and what it suggests. */
  readonly misspellings: ReadonlyMap<string, string[]>
  /** `process` of a sandboxed preload. */
  preloadProcess(): object
  open(request: PageRequest): Promise<Page>
  /** The app is about to load an address: what a page there may do is settled now. */
  beforeLoad(contents: object, url: string): Promise<void>
  isFocused(contents: object): boolean
  onRenderProcessGone(contents: object, details: object): void
}

export interface PageFactoryOptions extends Omit<PageFactory, 'preloadProcess' | 'open'> {
  browser(): Browser
  protocol: Protocol
  webRequest: WebRequest
  locale: string
  colorScheme(): 'dark' | 'light'
  /** The paused target to take, or undefined to open a window. */
  target(): NewTarget | undefined
}

export function createPageFactory(options: PageFactoryOptions): PageFactory {
  const { schemes, protocol, webRequest } = options

  function createInterceptor({ webContentsId, allows }: PageRequest): Interceptor {
    const stage = { webContentsId }

    async function finish(
      request: InterceptedRequest,
      status: number,
      headers: HeaderEntry[],
    ): Promise<HeaderEntry[] | 'cancelled'> {
      const verdict = await webRequest.headersReceived(request, stage, status, headers)
      return verdict.cancel ? 'cancelled' : verdict.headers
    }

    async function request(request: InterceptedRequest): Promise<RequestDecision> {
      // Chromium's own wish, which Electron does not have.
      if (request.resourceType === 'Other' && request.url.endsWith('/favicon.ico'))
        return { kind: 'fail', reason: 'Aborted' }
      if (!(await allows(request))) return { kind: 'fail', reason: 'Aborted' }
      const before = await webRequest.beforeRequest(request, stage)
      if (before.cancel) return { kind: 'fail', reason: 'BlockedByClient' }
      if (before.redirectURL) return redirect(schemes.toChromium(before.redirectURL))
      if (protocol.handles(schemes.toApp(request.url))) {
        return protocol.serve(request, (status, headers) => finish(request, status, headers))
      }
      const sent = await webRequest.beforeSendHeaders(request, stage)
      if (sent.cancel) return { kind: 'fail', reason: 'BlockedByClient' }
      const inspectResponse = webRequest.listensToHeaders(request)
      return { kind: 'continue', inspectResponse, ...(sent.headers && { headers: sent.headers }) }
    }

    return {
      request,
      async response(request, status, headers) {
        const finished = await finish(request, status, headers)
        return finished === 'cancelled'
          ? { kind: 'fail', reason: 'BlockedByClient' }
          : { kind: 'continue', headers: finished }
      },
      onError: (error) => console.error('host: a request failed in the app:', error),
    }
  }

  return {
    ...options,
    preloadProcess: () => ({
      type: 'renderer',
      platform: process.platform,
      arch: process.arch,
      pid: process.pid,
      version: process.version,
      versions: { ...process.versions },
      argv: [],
      execPath: process.execPath,
      env: { ...process.env },
      sandboxed: true,
      contextIsolated: true,
      windowsStore: false,
      mas: false,
    }),
    async open(request) {
      const browser = options.browser()
      const target = options.target() ?? (await browser.openWindow(initialSize))
      return createPage({
        browser,
        target,
        preload: request.preload,
        interceptor: createInterceptor(request),
        listener: request.listener,
        locale: options.locale,
        colorScheme: options.colorScheme(),
      })
    },
  }
}

function redirect(url: string): RequestDecision {
  return { kind: 'fulfil', status: 307, headers: [{ name: 'location', value: url }], body: new Uint8Array() }
}
