/**
 * The world of a sandboxed preload: `require('electron')` with `ipcRenderer` and `contextBridge`, the small `process`,
 * and the other end of the IPC wire. Injected into the isolated world of the main frame. Self-contained: no imports.
 */
import type { Codec } from './codec.ts'
import type { Bridge } from './contextBridge.ts'

/** From the page to the host. Arguments and results are codec text. */
export type ToHost =
  | { kind: 'invoke'; id: number; channel: string; args: string }
  | { kind: 'send'; channel: string; args: string }
  | { kind: 'title'; title: string }
  | { kind: 'context-menu'; place: MenuPlace }
  | { kind: 'preload-error'; message: string; stack: string }

/** Where a menu was asked for, as far as a page can tell. */
export interface MenuPlace {
  x: number
  y: number
  linkURL: string
  linkText: string
  selectionText: string
  isEditable: boolean
  isPassword: boolean
  /** In a field: what stands between blanks around the caret. */
  word: string
}

/** From the host to the page. */
export type ToPage =
  | { kind: 'event'; channel: string; args: string }
  | { kind: 'result'; id: number; value: string }
  | { kind: 'failure'; id: number; message: string }

declare global {
  /** Chromium's binding to the host, in the preload's world only. */
  var __hostSend: (text: string) => void
}

export interface PreloadWorld {
  codec: Codec
  bridge: Bridge
  /** The preload script, wrapped the way Electron wraps it. */
  preload(require: (name: string) => unknown, module: { exports: object }, exports: object, process: object): void
  /** What `process` tells a sandboxed preload. */
  process: object
  preloadPath: string
}

export function startPreloadWorld({ codec, bridge, preload, process, preloadPath }: PreloadWorld): void {
  type Listener = (event: object, ...args: unknown[]) => void
  const hostSend = globalThis.__hostSend
  const send = (message: ToHost): void => hostSend(JSON.stringify(message))
  const pending = new Map<number, { channel: string; resolve(value: unknown): void; reject(error: Error): void }>()
  const listeners = new Map<string, { listener: Listener; original: Listener }[]>()
  let lastId = 0

  /** Whatever the host does not know is refused by its name. */
  function strict<T extends object>(name: string, known: T): T {
    return new Proxy(known, {
      get(target, key, receiver) {
        if (typeof key === 'symbol' || key in target || key === 'then' || key === 'toJSON')
          return Reflect.get(target, key, receiver) as unknown
        throw new Error(`host: ${name}.${key} is not emulated`)
      },
    })
  }

  function channelOf(channel: unknown): string {
    if (typeof channel !== 'string') throw new TypeError('Missing required channel argument')
    return channel
  }

  function listen(channel: string, original: Listener, listener: Listener = original): typeof ipcRenderer {
    const list = listeners.get(channelOf(channel)) ?? []
    listeners.set(channel, [...list, { listener, original }])
    return ipcRenderer
  }

  function unlisten(channel: string, original: Listener): typeof ipcRenderer {
    const list = [...(listeners.get(channel) ?? [])]
    const at = list.findLastIndex((entry) => entry.original === original)
    if (at >= 0) list.splice(at, 1)
    listeners.set(channel, list)
    return ipcRenderer
  }

  const ipcRenderer = strict('ipcRenderer', {
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const encoded = codec.encode(args)
      return new Promise((resolve, reject) => {
        pending.set(++lastId, { channel: channelOf(channel), resolve, reject })
        send({ kind: 'invoke', id: lastId, channel, args: encoded })
      })
    },
    send(channel: string, ...args: unknown[]): void {
      send({ kind: 'send', channel: channelOf(channel), args: codec.encode(args) })
    },
    on: (channel: string, listener: Listener) => listen(channel, listener),
    addListener: (channel: string, listener: Listener) => listen(channel, listener),
    once: (channel: string, listener: Listener) =>
      listen(channel, listener, (event, ...args) => {
        unlisten(channel, listener)
        listener(event, ...args)
      }),
    off: unlisten,
    removeListener: unlisten,
    removeAllListeners(channel?: string): typeof ipcRenderer {
      if (channel === undefined) listeners.clear()
      else listeners.delete(channel)
      return ipcRenderer
    },
    listenerCount: (channel: string) => listeners.get(channel)?.length ?? 0,
  })

  const electron = strict('electron', {
    ipcRenderer,
    contextBridge: strict('contextBridge', {
      exposeInMainWorld: (key: string, api: unknown) => bridge.expose(key, api),
    }),
    webFrame: strict('webFrame', {}),
    webUtils: strict('webUtils', {}),
  })

  function requireInSandbox(name: string): unknown {
    if (name === 'electron' || name === 'electron/renderer' || name === 'electron/common') return electron
    if (/^(node:)?(events|timers|url)$/.test(name)) throw new Error(`host: require('${name}') is not emulated`)
    throw new Error(`module not found: ${name}`)
  }

  function receive(message: ToPage): void {
    if (message.kind === 'event') {
      const args = codec.decode(message.args) as unknown[]
      const event = { sender: ipcRenderer, ports: [], senderId: 0 }
      for (const { listener } of listeners.get(message.channel) ?? []) listener(event, ...args)
      return
    }
    const call = pending.get(message.id)
    if (!call) return
    pending.delete(message.id)
    if (message.kind === 'result') call.resolve(codec.decode(message.value))
    else call.reject(new Error(`Error invoking remote method '${call.channel}': ${message.message}`))
  }

  /** Chromium tells of a page's first title only. */
  function followTitle(): void {
    const tell = (): void => send({ kind: 'title', title: document.title })
    const observer = new MutationObserver(() => {
      follow()
      tell()
    })
    const follow = (): void => {
      observer.disconnect()
      observer.observe(document.head, { childList: true })
      const title = document.head.querySelector('title')
      if (title) observer.observe(title, { childList: true, characterData: true, subtree: true })
    }
    follow()
    if (document.title !== '') tell()
  }

  /** Electron asks for a menu where the page did not prevent it; Chromium's own is never shown. */
  function followContextMenu(event: MouseEvent): void {
    if (event.defaultPrevented) return
    event.preventDefault()
    const target = event.target instanceof Element ? event.target : null
    const link = target?.closest<HTMLAnchorElement>('a[href]') ?? null
    const field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null
    const caret = field?.selectionEnd ?? 0
    const before = field?.value.slice(0, caret).match(/\S*$/)?.[0] ?? ''
    const after = field?.value.slice(caret).match(/^\S*/)?.[0] ?? ''
    const place: MenuPlace = {
      x: event.clientX,
      y: event.clientY,
      linkURL: link?.href ?? '',
      linkText: link?.textContent ?? '',
      selectionText:
        field === null
          ? (document.getSelection()?.toString() ?? '')
          : field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0),
      isEditable: field !== null || (target instanceof HTMLElement && target.isContentEditable),
      isPassword: field?.type === 'password',
      word: before + after,
    }
    send({ kind: 'context-menu', place })
  }

  globalThis.addEventListener('contextmenu', followContextMenu)
  document.addEventListener('DOMContentLoaded', followTitle)
  Object.defineProperty(globalThis, '__hostReceive', { value: receive })
  const module = { exports: {} }
  try {
    preload(requireInSandbox, module, module.exports, strict('process', process))
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
    console.error(`Unable to load preload script: ${preloadPath}`)
    console.error(stack ?? message)
    send({ kind: 'preload-error', message, stack: stack ?? message })
  }
}
