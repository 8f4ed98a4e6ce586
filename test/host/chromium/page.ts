/**
 * One page: a Chromium target with a preload in an isolated world, a wire to it, and its requests intercepted.
 *
 * Owns: the target's session and those of its child frames and workers. Promises: the preload runs in every document
 * of the main frame before the page's own scripts; `listener` hears of things in the order Chromium tells them.
 * Must never: know about Electron's objects, or translate addresses.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, NewTarget } from './browser.ts'
import { type CdpSession, ignoreGone } from './cdp.ts'
import { type Interceptor, intercept } from './interception.ts'
import type { ToPage } from '../inPage/preloadWorld.ts'
import { type PreloadScripts, preloadWorldName } from '../inPage/source.ts'

export interface FrameState {
  id: string
  parentId: string | undefined
  url: string
  origin: string
  name: string
}

/** A document's end of the wire; gone when the document is. */
export interface Document {
  readonly frameId: string
  alive(): boolean
  post(message: ToPage): void
}

export interface OpenedWindow {
  url: string
  frameName: string
  features: string[]
}

export interface PageListener {
  message(document: Document, text: string): void
  loadingStarted(): void
  loadingStopped(): void
  domReady(): void
  loaded(): void
  navigated(frame: FrameState): void
  navigatedWithinDocument(frameId: string, url: string): void
  console(level: string, text: string, source: { url: string; line: number }): void
  /** The frame's own scripts or links want to go there. */
  navigationRequested(frameId: string, url: string): void
  windowOpened(opened: OpenedWindow): void
  crashed(): void
  closed(): void
}

export interface PageOptions {
  browser: Browser
  target: NewTarget
  preload: PreloadScripts | undefined
  interceptor: Interceptor
  listener: PageListener
  locale: string
  colorScheme: 'dark' | 'light'
}

export interface Page {
  readonly targetId: string
  readonly session: CdpSession
  readonly mainFrameId: string
  frames(): FrameState[]
  frame(id: string): FrameState | undefined
  /** The main frame's document, if its preload world is there. */
  document(): Document | undefined
  /** Runs an expression in the page's own world, follows its promise; rejects with what it threw. */
  evaluate(expression: string, userGesture: boolean): Promise<unknown>
  /** Whether the frame's own scripts or links, not the browser, asked for this address. */
  requestedByRenderer(frameId: string, url: string): Promise<boolean>
  setColorScheme(scheme: 'dark' | 'light'): Promise<unknown>
  close(): Promise<void>
}

const binding = '__hostSend'
const announcementGraceMs = 50

/** Takes over a paused target, prepares it and lets it run. */
export async function createPage(options: PageOptions): Promise<Page> {
  const { browser, target, listener, interceptor } = options
  const { session, targetId } = target
  // A page target carries the id of its main frame.
  const mainFrameId = targetId
  const frames = new Map<string, FrameState>()
  const documents = new Map<number, Document>()
  const requested = new Map<string, string[]>()
  let closing = false

  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = context.auxData as { frameId: string }
    if (context.name !== preloadWorldName || frameId !== mainFrameId) return
    documents.set(context.id, createDocument(context.id, frameId))
  })
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => void documents.delete(executionContextId))
  session.on('Runtime.executionContextsCleared', () => documents.clear())
  session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    const document = documents.get(executionContextId)
    if (name === binding && document) listener.message(document, payload)
  })
  session.on('Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
    const text = args.map((arg) => String(arg.value ?? arg.unserializableValue ?? arg.description ?? '')).join(' ')
    const frame = stackTrace?.callFrames[0]
    listener.console(type, text, { url: frame?.url ?? '', line: frame?.lineNumber ?? 0 })
  })
  session.on('Runtime.exceptionThrown', ({ exceptionDetails: { exception, text, url, lineNumber } }) => {
    listener.console('error', `Uncaught ${exception?.description ?? text}`, { url: url ?? '', line: lineNumber })
  })
  session.on('Log.entryAdded', ({ entry }) => {
    listener.console(entry.level, entry.text, { url: entry.url ?? '', line: entry.lineNumber ?? 0 })
  })
  session.on('Page.frameAttached', ({ frameId, parentFrameId }) => {
    frames.set(frameId, { id: frameId, parentId: parentFrameId, url: '', origin: 'null', name: '' })
  })
  session.on('Page.frameDetached', ({ frameId, reason }) => {
    if (reason === 'remove') frames.delete(frameId)
  })
  session.on('Page.frameNavigated', ({ frame }) => {
    const { id, parentId, name = '', urlFragment = '' } = frame
    const state = { id, parentId, name, url: frame.url + urlFragment, origin: frame.securityOrigin }
    frames.set(id, state)
    listener.navigated(state)
  })
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    const state = frames.get(frameId)
    if (state) frames.set(frameId, { ...state, url })
    listener.navigatedWithinDocument(frameId, url)
  })
  session.on('Page.frameRequestedNavigation', ({ frameId, url }) => {
    requested.set(frameId, [...(requested.get(frameId) ?? []), withoutHash(url)])
    listener.navigationRequested(frameId, url)
  })
  session.on('Page.frameStartedLoading', ({ frameId }) => frameId === mainFrameId && listener.loadingStarted())
  session.on('Page.frameStoppedLoading', ({ frameId }) => frameId === mainFrameId && listener.loadingStopped())
  session.on('Page.domContentEventFired', () => listener.domReady())
  session.on('Page.loadEventFired', () => listener.loaded())
  session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
    listener.windowOpened({ url, frameName: windowName, features: windowFeatures })
  })
  session.on('Inspector.targetCrashed', () => {
    documents.clear()
    listener.crashed()
  })
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    const child = browser.session(sessionId)
    const prepared = ['iframe', 'worker', 'shared_worker'].includes(targetInfo.type)
      ? intercept(child, interceptor)
      : Promise.resolve()
    void Promise.all([prepared, child.send('Runtime.runIfWaitingForDebugger')]).catch(ignoreGone)
  })
  session.onClosed(() => {
    documents.clear()
    listener.closed()
  })

  function createDocument(contextId: number, frameId: string): Document {
    return {
      frameId,
      alive: () => documents.has(contextId),
      post(message) {
        const expression = `__hostReceive(${JSON.stringify(message)})`
        void session.send('Runtime.evaluate', { contextId, expression, silent: true }).catch(ignoreGone)
      },
    }
  }

  const { preload } = options
  const prepared = Promise.all([
    session.send('Page.enable'),
    session.send('Runtime.enable'),
    session.send('Log.enable'),
    ...(preload
      ? [
          session.send('Runtime.addBinding', { name: binding, executionContextName: preloadWorldName }),
          session.send('Page.addScriptToEvaluateOnNewDocument', { source: preload.page }),
          session.send('Page.addScriptToEvaluateOnNewDocument', {
            source: preload.preload,
            worldName: preloadWorldName,
          }),
        ]
      : []),
    intercept(session, interceptor),
    session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
    session.send('Emulation.setLocaleOverride', { locale: options.locale }),
    setColorScheme(options.colorScheme),
  ])
  await Promise.all([prepared, target.resume()])
  const { frameTree } = await session.send('Page.getFrameTree')
  if (!frames.has(mainFrameId)) {
    const { url, securityOrigin: origin } = frameTree.frame
    frames.set(mainFrameId, { id: mainFrameId, parentId: undefined, url, origin, name: '' })
  }

  function setColorScheme(scheme: 'dark' | 'light'): Promise<unknown> {
    return session.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] })
  }

  async function evaluate(expression: string, userGesture: boolean): Promise<unknown> {
    const options = { expression, userGesture, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', options)
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value as unknown
  }

  async function requestedByRenderer(frameId: string, url: string): Promise<boolean> {
    // The announcement comes from the renderer, the request from the browser: usually, not always, in this order.
    for (const deadline = Date.now() + announcementGraceMs; Date.now() < deadline; await delay(5)) {
      const urls = requested.get(frameId) ?? []
      const at = urls.indexOf(withoutHash(url))
      if (at < 0) continue
      urls.splice(0, at + 1)
      return true
    }
    return false
  }

  return {
    targetId,
    session,
    mainFrameId,
    frames: () => [...frames.values()],
    frame: (id) => frames.get(id),
    document: () => [...documents.values()].at(-1),
    evaluate,
    requestedByRenderer,
    setColorScheme,
    async close() {
      if (closing) return
      closing = true
      await browser.cdp.send('Target.closeTarget', { targetId }).catch(ignoreGone)
    },
  }
}

function withoutHash(url: string): string {
  return url.replace(/#.*$/, '')
}
