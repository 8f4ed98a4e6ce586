/**
 * From `ready` to `quit`, in the order of the `app` page of Electron's documentation.
 *
 * Quit: `before-quit` → every window is asked to close → `will-quit` → `quit` → the process ends. Anyone who prevents
 * stops it. Exit: windows are destroyed unasked, only `quit` is heard. The last window gone: `window-all-closed`, or
 * quit when nobody listens.
 * Must never: end the process before the current turn of the app's code is over; Electron does not either.
 */
import type { EventEmitter } from 'node:events'
import { createEvent } from './event.ts'

/** What quitting needs of a window. */
export interface ClosableWindow {
  isDestroyed(): boolean
  /** Asks; false if the app prevented it. */
  requestClose(): boolean
  destroy(): void
}

export interface Lifecycle {
  isReady(): boolean
  isQuitting(): boolean
  whenReady(): Promise<void>
  becomeReady(): void
  quit(): void
  exit(code: number): void
  windowClosed(): void
}

export function createLifecycle(options: {
  app: () => EventEmitter
  windows: () => readonly ClosableWindow[]
  /** Ends Chromium and the process. */
  shutDown(exitCode: number): void
}): Lifecycle {
  const { promise: ready, resolve: resolveReady } = Promise.withResolvers<void>()
  let isReady = false
  let quitting = false
  let over = false
  let exitCode = 0

  const open = (): ClosableWindow[] => options.windows().filter((window) => !window.isDestroyed())

  function emitPreventable(name: string): boolean {
    const event = createEvent({})
    options.app().emit(name, event)
    return !event.defaultPrevented
  }

  function end(): void {
    over = true
    options.app().emit('quit', createEvent({}), exitCode)
    options.shutDown(exitCode)
  }

  function willQuit(): void {
    if (over) return
    if (emitPreventable('will-quit')) end()
    else quitting = false
  }

  function quit(): void {
    if (quitting || over) return
    quitting = true
    if (!emitPreventable('before-quit')) {
      quitting = false
      return
    }
    if (open().length === 0) return willQuit()
    for (const window of open()) {
      if (window.requestClose()) continue
      quitting = false
      return
    }
  }

  function exit(code: number): void {
    if (over) return
    exitCode = code
    quitting = true
    over = true
    for (const window of open()) window.destroy()
    end()
  }

  function windowClosed(): void {
    if (over || open().length > 0) return
    if (quitting) willQuit()
    else if (options.app().listenerCount('window-all-closed') === 0) quit()
    else options.app().emit('window-all-closed')
  }

  return {
    isReady: () => isReady,
    isQuitting: () => quitting || over,
    whenReady: () => ready,
    becomeReady() {
      isReady = true
      options.app().emit('will-finish-launching')
      options.app().emit('ready', createEvent({}), {})
      resolveReady()
    },
    quit,
    exit,
    windowClosed,
  }
}
