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
  type Message =
    | { kind: 'expose'; key: string; api: unknown }
    | { kind: 'call'; id: number; args: unknown[] }
    | { kind: 'answer'; ok: boolean; value: unknown }
    | { kind: 'settle'; id: number; ok: boolean; value: unknown }
  type Callable = (...args: unknown[]) => unknown
  const mark = `\u0001${secret}`
  const depthLimit = 1000
  const functions = new Map<number, Callable>()
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  // Taken now, before the page's own scripts can replace them.
  const { dispatchEvent, addEventListener } = EventTarget.prototype
  const clone = structuredClone
  const Custom = CustomEvent
  let lastId = 0
  let answer: { ok: boolean; value: unknown } = { ok: false, value: '' }

  function post(message: Message): void {
    dispatchEvent.call(window, new Custom(secret + other, { detail: message }))
  }

  function isPlain(value: unknown): value is Record<string, unknown> {
    return Object.prototype.toString.call(value) === '[object Object]'
  }

  function isThenable(value: unknown): value is Promise<unknown> {
    return value instanceof Promise
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

  /** What crosses: data as it is, functions and promises as marked references. */
  function pack(value: unknown, depth = 0): unknown {
    if (depth > depthLimit) {
      throw new TypeError(
        `Electron contextBridge recursion depth exceeded.  Nested objects deeper than ${depthLimit} are not supported.`,
      )
    }
    if (typeof value === 'function') {
      functions.set(++lastId, value as Callable)
      return { [mark]: 'function', id: lastId }
    }
    if (typeof value === 'symbol') throw new Error('An object could not be cloned.')
    if (value === null || typeof value !== 'object') return value
    if (isThenable(value)) return packPromise(value)
    if (isCloneable(value)) return value
    const items = Array.isArray(value) ? value : isPlain(value) ? Object.values(value) : []
    // Neither data, nor a container whose members can be looked at one by one: a proxy, a DOM object, a WeakMap.
    if (items.every(isCloneable)) throw new Error('An object could not be cloned.')
    if (Array.isArray(value)) return value.map((item) => pack(item, depth + 1))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item, depth + 1)]))
  }

  function packPromise(promise: Promise<unknown>): unknown {
    const id = ++lastId
    promise.then(
      (value) => post(settled(id, () => pack(value))),
      (error: unknown) => post({ kind: 'settle', id, ok: false, value: messageOf(error) }),
    )
    return { [mark]: 'promise', id }
  }

  function settled(id: number, value: () => unknown): Message {
    try {
      return { kind: 'settle', id, ok: true, value: value() }
    } catch (error) {
      return { kind: 'settle', id, ok: false, value: messageOf(error) }
    }
  }

  function unpack(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(unpack)
    if (!isPlain(value)) return value
    const id = value['id'] as number
    if (value[mark] === 'function') return (...args: unknown[]) => call(id, args)
    if (value[mark] === 'promise') return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]))
  }

  function call(id: number, args: unknown[]): unknown {
    post({ kind: 'call', id, args: args.map((arg) => pack(arg)) })
    const { ok, value } = answer
    if (!ok) throw new Error(String(value))
    return unpack(value)
  }

  function run(id: number, args: unknown[]): Message {
    try {
      const called = functions.get(id)
      if (!called) throw new Error('the exposed function is gone')
      return { kind: 'answer', ok: true, value: pack(called(...args.map(unpack))) }
    } catch (error) {
      return { kind: 'answer', ok: false, value: messageOf(error) }
    }
  }

  function freeze(value: unknown): unknown {
    if (Array.isArray(value)) value.forEach(freeze)
    else if (isPlain(value)) Object.values(value).forEach(freeze)
    return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) ? Object.freeze(value) : value
  }

  function settle({ id, ok, value }: { id: number; ok: boolean; value: unknown }): void {
    const promise = waiting.get(id)
    waiting.delete(id)
    if (ok) promise?.resolve(unpack(value))
    else promise?.reject(new Error(String(value)))
  }

  addEventListener.call(window, secret + self, (event) => {
    const message = (event as CustomEvent<Message>).detail
    switch (message.kind) {
      case 'expose':
        Object.defineProperty(window, message.key, { value: freeze(unpack(message.api)), enumerable: true })
        return
      case 'call':
        return post(run(message.id, message.args))
      case 'answer':
        answer = message
        return
      case 'settle':
        return settle(message)
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
