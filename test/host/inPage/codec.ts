/**
 * Structured clone as text: what Electron's IPC can carry, and nothing else, between two JavaScript worlds.
 *
 * Runs on both sides (Node, and injected into the page), so the function is self-contained: no imports, no globals but
 * the language's own. Keeps cycles and shared references; refuses what structured clone refuses, with Electron's text.
 */
export interface Codec {
  /** Text for a value. Throws `An object could not be cloned.` */
  encode(value: unknown): string
  decode(text: string): unknown
}

export function createCodec(): Codec {
  type Tagged = { $: string; v?: unknown; n?: string; c?: unknown; s?: string }
  const typedArrays = new Map<string, new (buffer: ArrayBuffer) => ArrayBufferView>(
    [
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
      DataView,
    ].map((type) => [type.name, type]),
  )
  const errors = new Map<string, ErrorConstructor>(
    [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [type.name, type]),
  )
  const chunk = 0x8000

  function refuse(): never {
    throw new Error('An object could not be cloned.')
  }

  function toBase64(bytes: Uint8Array): string {
    let binary = ''
    for (let at = 0; at < bytes.length; at += chunk) {
      binary += String.fromCharCode(...bytes.subarray(at, at + chunk))
    }
    return btoa(binary)
  }

  function fromBase64(text: string): ArrayBuffer {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
    return bytes.buffer
  }

  function isNativeClass(value: object): boolean {
    const constructor: unknown = (Object.getPrototypeOf(value) as { constructor?: unknown } | null)?.constructor
    return (
      typeof constructor === 'function' && /\[native code\]\s*\}$/.test(Function.prototype.toString.call(constructor))
    )
  }

  function encodeValue(value: unknown, seen: Map<object, number>): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: 'number', v: numberText(value) }
      case 'undefined':
        return { $: 'undefined' }
      case 'bigint':
        return { $: 'bigint', v: String(value) }
      case 'object':
        return value === null ? null : encodeObject(value, seen)
      default:
        return refuse()
    }
  }

  function numberText(value: number): string {
    return Object.is(value, -0) ? '-0' : String(value)
  }

  function encodeObject(value: object, seen: Map<object, number>): unknown {
    const known = seen.get(value)
    if (known !== undefined) return { $: 'ref', v: known }
    seen.set(value, seen.size)
    const inner = (item: unknown): unknown => encodeValue(item, seen)

    if (Array.isArray(value)) {
      const items: unknown[] = []
      for (let at = 0; at < value.length; at++) items.push(at in value ? inner(value[at]) : { $: 'hole' })
      return { $: 'array', v: items }
    }
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      const name = value instanceof Uint8Array ? 'Uint8Array' : value.constructor.name
      return { $: 'view', n: name, v: toBase64(bytes) }
    }
    const tag = Object.prototype.toString.call(value).slice(8, -1)
    switch (tag) {
      case 'Date':
        return { $: 'date', v: numberText((value as Date).getTime()) }
      case 'RegExp':
        return { $: 'regexp', v: (value as RegExp).source, n: (value as RegExp).flags }
      case 'Map':
        return { $: 'map', v: [...(value as Map<unknown, unknown>)].map(([key, item]) => [inner(key), inner(item)]) }
      case 'Set':
        return { $: 'set', v: [...(value as Set<unknown>)].map(inner) }
      case 'ArrayBuffer':
        return { $: 'buffer', v: toBase64(new Uint8Array(value as ArrayBuffer)) }
      case 'Error': {
        const error = value as Error
        const cause = 'cause' in error ? { c: inner(error.cause) } : {}
        return { $: 'error', n: String(error.name), v: String(error.message), s: String(error.stack), ...cause }
      }
      case 'Boolean':
      case 'Number':
      case 'String':
      case 'BigInt':
        return { $: 'boxed', v: inner(value.valueOf()) }
    }
    if (tag !== 'Object' && isNativeClass(value)) refuse()
    return { $: 'object', v: Object.entries(value).map(([key, item]) => [key, inner(item)]) }
  }

  function decodeValue(value: unknown, seen: object[]): unknown {
    if (value === null || typeof value !== 'object') return value
    const tagged = value as Tagged
    const remember = <T extends object>(made: T): T => {
      seen.push(made)
      return made
    }
    const inner = (item: unknown): unknown => decodeValue(item, seen)
    switch (tagged.$) {
      case 'undefined':
        return undefined
      case 'number':
        return Number(tagged.v)
      case 'bigint':
        return BigInt(tagged.v as string)
      case 'ref':
        return seen[tagged.v as number]
      case 'date':
        return remember(new Date(Number(tagged.v)))
      case 'regexp':
        return remember(new RegExp(tagged.v as string, tagged.n))
      case 'buffer':
        return remember(fromBase64(tagged.v as string))
      case 'view': {
        const type = typedArrays.get(tagged.n ?? '')
        return type ? remember(new type(fromBase64(tagged.v as string))) : refuse()
      }
      case 'boxed':
        // Its place in the list of references is taken before the primitive inside, which takes none.
        return remember(Object(inner(tagged.v)) as object)
      case 'error': {
        const error = remember(new (errors.get(tagged.n ?? '') ?? Error)(tagged.v as string))
        const stack = { value: tagged.s, configurable: true, writable: true }
        Object.defineProperty(error, 'stack', stack)
        if ('c' in tagged) Object.defineProperty(error, 'cause', { ...stack, value: inner(tagged.c) })
        return error
      }
      case 'map': {
        const map = remember(new Map<unknown, unknown>())
        for (const [key, item] of tagged.v as [unknown, unknown][]) map.set(inner(key), inner(item))
        return map
      }
      case 'set': {
        const set = remember(new Set<unknown>())
        for (const item of tagged.v as unknown[]) set.add(inner(item))
        return set
      }
      case 'array': {
        const source = tagged.v as unknown[]
        const array = remember(new Array<unknown>(source.length))
        source.forEach((item, at) => {
          if ((item as Tagged | null)?.$ !== 'hole') array[at] = inner(item)
        })
        return array
      }
      default: {
        const object = remember({})
        for (const [key, item] of tagged.v as [string, unknown][]) {
          // Defined, not assigned: a key named __proto__ is data here.
          Object.defineProperty(object, key, {
            value: inner(item),
            enumerable: true,
            configurable: true,
            writable: true,
          })
        }
        return object
      }
    }
  }

  return {
    encode: (value) => JSON.stringify(encodeValue(value, new Map())),
    decode: (text) => decodeValue(JSON.parse(text), []),
  }
}
