/**
 * The wall between the preload's world and the page's, and the only way through it.
 *
 * Injected into both worlds; they share nothing but the DOM, where the detail of a CustomEvent is structured-cloned and
 * dispatch is synchronous. Follows the table of the `contextBridge` page of Electron's documentation: functions are
 * proxied, promises are followed, data is copied and what is exposed is frozen; prototypes do not survive; of an error
 * only the message does. Self-contained: no imports.
 */
export interface Bridge {
  /** `contextBridge.exposeInMainWorld`: only the preload's side calls it. */
  expose(key: string, api: unknown): void
}

export function createBridge(self: 'page' | 'preload', other: 'page' | 'preload', secret: string): Bridge {
  /** A value on its way: data as it is, the rest taken apart. */
  type Packed =
    | { kind: 'data'; value: unknown }
    | { kind: 'function'; id: number }
    | { kind: 'promise'; id: number }
    | { kind: 'array'; items: Packed[] }
    | { kind: 'object'; entries: [string, Packed][] }
  type Message =
    | { kind: 'expose'; key: string; api: Packed }
    | { kind: 'call'; id: number; args: Packed[] }
    | { kind: 'returned'; value: Packed }
    | { kind: 'thrown'; message: string }
    | { kind: 'resolved'; id: number; value: Packed }
    | { kind: 'rejected'; id: number; message: string }
  type Callable = (...args: unknown[]) => unknown
  const depthLimit = 1000
  const functions = new Map<number, Callable>()
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  // Taken now, before the page's own scripts can replace them.
  const { dispatchEvent, addEventListener } = EventTarget.prototype
  const clone = structuredClone
  const Custom = CustomEvent
  let lastId = 0
  let answer: Message | undefined

  function post(message: Message): void {
    dispatchEvent.call(window, new Custom(secret + other, { detail: message }))
  }

  function isPlain(value: unknown): value is Record<string, unknown> {
    return Object.prototype.toString.call(value) === '[object Object]'
  }

  function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error)
  }

  function isCloneable(value: unknown): boolean {
    try {
      clone(value)
      return true
    } catch {
      return false
    }
  }

  function pack(value: unknown, depth = 0): Packed {
    if (depth > depthLimit)
      throw new TypeError(
        `Electron contextBridge recursion depth exceeded.  Nested objects deeper than ${depthLimit} are not supported.`,
      )
    if (typeof value === 'function') {
      functions.set(++lastId, value as Callable)
      return { kind: 'function', id: lastId }
    }
    if (value instanceof Promise) return packPromise(value)
    if (isCloneable(value)) return { kind: 'data', value }
    const items = Array.isArray(value) ? value : isPlain(value) ? Object.values(value) : []
    // Neither data, nor a container whose members can be looked at one by one: a proxy, a DOM object, a WeakMap.
    if (items.every(isCloneable)) throw new Error('An object could not be cloned.')
    if (Array.isArray(value)) return { kind: 'array', items: value.map((item) => pack(item, depth + 1)) }
    const entries = Object.entries(value as object).map(([key, item]): [string, Packed] => [key, pack(item, depth + 1)])
    return { kind: 'object', entries }
  }

  function packPromise(promise: Promise<unknown>): Packed {
    const id = ++lastId
    void promise
      .then((value): Message => ({ kind: 'resolved', id, value: pack(value) }))
      .catch((error: unknown): Message => ({ kind: 'rejected', id, message: messageOf(error) }))
      .then(post)
    return { kind: 'promise', id }
  }

  function unpack(packed: Packed): unknown {
    switch (packed.kind) {
      case 'data':
        return packed.value
      case 'function':
        return (...args: unknown[]) => call(packed.id, args)
      case 'promise':
        return new Promise((resolve, reject) => waiting.set(packed.id, { resolve, reject }))
      case 'array':
        return packed.items.map(unpack)
      case 'object':
        return Object.fromEntries(packed.entries.map(([key, item]) => [key, unpack(item)]))
    }
  }

  function call(id: number, args: unknown[]): unknown {
    post({ kind: 'call', id, args: args.map((arg) => pack(arg)) })
    const got = answer
    if (got?.kind === 'returned') return unpack(got.value)
    throw new Error(got?.kind === 'thrown' ? got.message : 'the other world did not answer')
  }

  function run(id: number, args: Packed[]): Message {
    try {
      const called = functions.get(id)
      if (!called) throw new Error('the exposed function is gone')
      return { kind: 'returned', value: pack(called(...args.map(unpack))) }
    } catch (error) {
      return { kind: 'thrown', message: messageOf(error) }
    }
  }

  function freeze(value: unknown): unknown {
    if (Array.isArray(value)) value.forEach(freeze)
    else if (isPlain(value)) Object.values(value).forEach(freeze)
    return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) ? Object.freeze(value) : value
  }

  function promised(id: number) {
    const promise = waiting.get(id)
    waiting.delete(id)
    return promise
  }

  addEventListener.call(window, secret + self, (event) => {
    const message = (event as CustomEvent<Message>).detail
    switch (message.kind) {
      case 'expose':
        Object.defineProperty(window, message.key, { value: freeze(unpack(message.api)), enumerable: true })
        return
      case 'call':
        return post(run(message.id, message.args))
      case 'returned':
      case 'thrown':
        answer = message
        return
      case 'resolved':
        return promised(message.id)?.resolve(unpack(message.value))
      case 'rejected':
        return promised(message.id)?.reject(new Error(message.message))
    }
  })

  const exposed = new Set<string>()
  return {
    expose(key, api) {
      if (exposed.has(key) || key in window)
        throw new Error('Cannot bind an API on top of an existing property on the window object')
      exposed.add(key)
      post({ kind: 'expose', key, api: pack(api) })
    },
  }
}
