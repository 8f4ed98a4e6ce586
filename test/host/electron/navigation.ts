/**
 * Who may go where: turns Chromium's paused requests into `will-navigate`, `will-frame-navigate` and `will-redirect`,
 * and lets the app stop them.
 *
 * As in Electron only what the page itself asks for is announced; what the app (`loadURL`, `reload`) or an outside
 * driver asks for is not.
 */
import type { EventEmitter } from 'node:events'
import type { InterceptedRequest } from '../chromium/interception.ts'
import type { Page } from '../chromium/page.ts'
import { createEvent } from './event.ts'
import type { SchemeMap } from './schemeMap.ts'
import type { WebFrameMain } from './webFrameMain.ts'

export interface NavigationOptions {
  contents: EventEmitter
  schemes: SchemeMap
  page(): Page | undefined
  frame(id: string): WebFrameMain
  /** Goes to an address of the app's own schemes, which Chromium cannot by itself. */
  load(appUrl: string): void
}

export interface Navigation {
  /** The app itself goes there: the next request for a document of the main frame is its own. */
  expect(): void
  settled(): void
  /** False if the app refuses it. */
  allows(request: InterceptedRequest): Promise<boolean>
  /** The page wants to go to an address; those that Chromium never asks the network for are decided here. */
  requested(frameId: string, url: string): void
}

export function createNavigation(options: NavigationOptions): Navigation {
  const { contents, schemes } = options
  let expected = false

  function emit(name: string, url: string, frameId: string, isMainFrame: boolean): boolean {
    const frame = options.frame(frameId)
    const event = createEvent({ url, isMainFrame, isSameDocument: false, frame, initiator: frame })
    contents.emit(name, event, url, false, isMainFrame, frame.processId, frame.routingId)
    return !event.defaultPrevented
  }

  function announce(url: string, frameId: string, isMainFrame: boolean): boolean {
    if (!emit('will-frame-navigate', url, frameId, isMainFrame)) return false
    return !isMainFrame || emit('will-navigate', url, frameId, isMainFrame)
  }

  async function allows(request: InterceptedRequest): Promise<boolean> {
    const page = options.page()
    if (request.resourceType !== 'Document') return true
    const isMainFrame = page === undefined || request.frameId === page.mainFrameId
    const url = schemes.toApp(request.url)
    if (request.redirected) return emit('will-redirect', url, request.frameId, isMainFrame)
    if (!page || (isMainFrame && expected)) return true
    if (isMainFrame && !(await page.requestedByRenderer(request.frameId, request.url))) return true
    return announce(url, request.frameId, isMainFrame)
  }

  function requested(frameId: string, url: string): void {
    if (/^https?:/.test(url)) return
    const isMainFrame = frameId === options.page()?.mainFrameId
    if (announce(url, frameId, isMainFrame) && isMainFrame && schemes.toChromium(url) !== url) options.load(url)
  }

  return { expect: () => void (expected = true), settled: () => void (expected = false), allows, requested }
}
