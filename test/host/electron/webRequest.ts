/** `session.webRequest`: the listeners that may cancel, redirect or rewrite a request on its way. */
import type { WebRequest as ElectronWebRequest } from 'electron'
import type { HeaderEntry, InterceptedRequest } from '../chromium/interception.ts'
import type { SchemeMap } from './schemeMap.ts'
import { type Emulated, strictObject } from './strict.ts'

interface Filter {
  urls: string[]
  excludeUrls?: string[]
  types?: string[]
}
type Headers = Record<string, string | string[]>
interface Verdict {
  cancel?: boolean
  redirectURL?: string
  requestHeaders?: Headers
  responseHeaders?: Headers
  statusLine?: string
}
// Checked against Electron's types where the app calls it; the details made below carry the common fields.
type Listener = (details: never, callback: (verdict: Verdict) => void) => void
interface Registered {
  filter: Filter | undefined
  listener: Listener
}

export interface WebRequestStage {
  /** Frames of the request, as its details name them. */
  webContentsId: number | undefined
}

export type WebRequest = ReturnType<typeof createWebRequest>

const resourceTypes: Record<string, string> = {
  Document: 'mainFrame',
  Stylesheet: 'stylesheet',
  Image: 'image',
  Media: 'media',
  Font: 'font',
  Script: 'script',
  XHR: 'xhr',
  Fetch: 'xhr',
  WebSocket: 'webSocket',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
}

export function createWebRequest(options: { schemes: SchemeMap }) {
  const stages = { onBeforeRequest: slot(), onBeforeSendHeaders: slot(), onHeadersReceived: slot() }
  let lastId = 0

  function slot() {
    let registered: Registered | undefined
    return {
      set(...args: [Filter, Listener | null] | [Listener | null]): void {
        const [filter, listener] = args.length === 2 ? args : [undefined, args[0]]
        registered = listener ? { filter, listener } : undefined
      },
      matching: (url: string, type: string) =>
        registered && matches(registered.filter, url, type) ? registered.listener : undefined,
    }
  }

  async function ask(
    name: keyof typeof stages,
    request: InterceptedRequest,
    stage: WebRequestStage,
    more: object,
  ): Promise<Verdict> {
    const url = options.schemes.toApp(request.url)
    const resourceType = resourceTypes[request.resourceType] ?? 'other'
    const listener = stages[name].matching(url, resourceType)
    if (!listener) return {}
    const details = {
      id: ++lastId,
      url,
      method: request.method,
      resourceType,
      timestamp: Date.now(),
      ...stage,
      ...more,
    }
    return new Promise((resolve) => listener(details as never, resolve))
  }

  const webRequest = strictObject('session.webRequest', {
    onBeforeRequest: stages.onBeforeRequest.set,
    onBeforeSendHeaders: stages.onBeforeSendHeaders.set,
    onHeadersReceived: stages.onHeadersReceived.set,
  } satisfies Emulated<ElectronWebRequest>)

  return {
    webRequest,
    listensToHeaders: (request: InterceptedRequest): boolean =>
      stages.onHeadersReceived.matching(
        options.schemes.toApp(request.url),
        resourceTypes[request.resourceType] ?? 'other',
      ) !== undefined,
    beforeRequest: (request: InterceptedRequest, stage: WebRequestStage) => ask('onBeforeRequest', request, stage, {}),
    async beforeSendHeaders(request: InterceptedRequest, stage: WebRequestStage) {
      const { cancel, requestHeaders } = await ask('onBeforeSendHeaders', request, stage, {
        requestHeaders: { ...request.headers },
      })
      return { cancel, headers: requestHeaders && toEntries(requestHeaders) }
    },
    async headersReceived(request: InterceptedRequest, stage: WebRequestStage, status: number, headers: HeaderEntry[]) {
      const details = { statusCode: status, statusLine: `HTTP/1.1 ${status}`, responseHeaders: toRecord(headers) }
      const { cancel, responseHeaders } = await ask('onHeadersReceived', request, stage, details)
      return { cancel, headers: responseHeaders ? toEntries(responseHeaders) : headers }
    },
  }
}

function toRecord(headers: HeaderEntry[]): Record<string, string[]> {
  const record: Record<string, string[]> = {}
  for (const { name, value } of headers) (record[name] ??= []).push(value)
  return record
}

function toEntries(headers: Headers): HeaderEntry[] {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => ({ name, value })))
}

function matches(filter: Filter | undefined, url: string, type: string): boolean {
  if (!filter) return true
  if (filter.types && !filter.types.includes(type)) return false
  if (filter.excludeUrls?.some((pattern) => matchesPattern(pattern, url))) return false
  return filter.urls.length === 0 || filter.urls.some((pattern) => matchesPattern(pattern, url))
}

/** A match pattern: `<all_urls>`, or an address with `*` for any text. */
function matchesPattern(pattern: string, url: string): boolean {
  if (pattern === '<all_urls>') return true
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${expression}$`, 'i').test(url)
}
