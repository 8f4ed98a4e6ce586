/**
 * What is not emulated is refused by its name: `host: electron.app.dock is not emulated`.
 *
 * Done at the end of the prototype chain, so that real members, private fields and `instanceof` work untouched, and a
 * member nobody wrote is noticed the first time the app, or a library in it, looks at it.
 */
import { EventEmitter } from 'node:events'

/** Keys that the language, or a test runner printing a value, looks up on anything. */
const lookedUpOnAnything = new Set(['then', 'toJSON', 'asymmetricMatch', 'nodeType', 'tagName', 'inspect', '$$typeof'])

function notEmulated(name: string, key: string): Error {
  return new Error(`host: ${name === 'electron' ? name : `electron.${name}`}.${key} is not emulated`)
}

function refusing(name: string, base: object): object {
  return new Proxy(Object.create(base) as object, {
    get(target, key, receiver): unknown {
      if (typeof key === 'symbol' || key in target || lookedUpOnAnything.has(key))
        return Reflect.get(target, key, receiver)
      throw notEmulated(name, key)
    },
  })
}

/** Base class of the emulated emitters: an EventEmitter whose unknown members throw. */
export function emitterBase(name: string): typeof EventEmitter {
  const Emulated = class extends EventEmitter {} as typeof EventEmitter
  Object.setPrototypeOf(Emulated.prototype, refusing(name, EventEmitter.prototype))
  return Emulated
}

/** The same for a plain object of functions. */
export function strictObject<T extends object>(name: string, members: T): T {
  return Object.setPrototypeOf(members, refusing(name, Object.prototype)) as T
}

/** Static members of an emulated class: unknown ones throw, too. */
export function strictClass<T extends object>(name: string, type: T): T {
  return new Proxy(type, {
    get(target, key, receiver): unknown {
      if (typeof key === 'symbol' || key in target || lookedUpOnAnything.has(key))
        return Reflect.get(target, key, receiver)
      throw notEmulated(name, key)
    },
  })
}

/**
 * Compile-time check, for `implements` and `satisfies`: members must be usable where Electron's of the same name are
 * expected, and in an object literal no other names are allowed. `Loose` names members whose types mention further
 * emulated classes, which are never complete.
 */
export type Emulated<Real, Loose extends keyof Real = never> = Partial<
  Omit<Real, keyof EventEmitter | Loose> & Record<Loose, unknown>
>
