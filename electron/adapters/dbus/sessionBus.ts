/**
 * The session bus of a Linux desktop: calls, signals, and who owns a name.
 *
 * Owns the one connection. Promises that every call settles, also when the bus goes, and that nothing a listener throws
 * reaches the other side: the library would answer it with our stack. Must never log what is carried.
 */
import { EventEmitter } from 'node:events'
import { DBusError, Message, MessageFlag, MessageType, type MessageBus, sessionBus } from '@jellybrick/dbus-next'
import type { Disposable } from '#common/base/disposable.ts'
import type { Log } from '#electron/core/ports/platform.ts'

export interface BusCall {
  readonly destination: string
  readonly path: string
  readonly interface: string
  readonly member: string
  /** D-Bus signature of the body. */
  readonly signature?: string
  readonly body?: readonly unknown[]
  /** True: a service that could be started by the call is not. */
  readonly noAutoStart?: boolean
}

export interface BusSignal {
  /** The unique name it came from. */
  readonly sender: string
  readonly member: string
  readonly body: readonly unknown[]
}

/** A call that failed; its name is one of D-Bus's (`org.freedesktop.DBus.Error.…`) and safe to log. */
export class BusError extends Error {
  override readonly name: string

  constructor(name: string) {
    super(name)
    this.name = name
  }
}

export interface SessionBus extends Disposable {
  /** The body of the answer. Fails with {@link BusError}. Waits as long as the called one lives. */
  call(call: BusCall): Promise<readonly unknown[]>
  /** Signals of that interface and path from whomever; the listener judges the sender. */
  onSignal(from: { path: string; interface: string }, listener: (signal: BusSignal) => void): Disposable
  /** The unique name of who owns it, now and after each change; null: nobody. In the order it happened. */
  watchOwner(name: string, listener: (owner: string | null) => void): Disposable
  /** Whether a call would start who owns it. */
  isActivatable(name: string): Promise<boolean>
  /** Once, when the connection is gone; never after `dispose`. */
  onEnd(listener: () => void): Disposable
}

const daemon = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const

export interface SessionBusOptions {
  readonly log: Log
  /** Else as the environment says. */
  readonly address?: string
}

/** Null where this session has none. */
export function openSessionBus({ log, address }: SessionBusOptions): Promise<SessionBus | null> {
  return new Promise((resolve) => {
    const bus = sessionBus(address === undefined ? {} : { busAddress: address })
    const opened = new OpenBus(bus, log)
    bus.once('connect', () => resolve(opened))
    // The library fires it, though its types do not know.
    const errors: EventEmitter = Object(bus)
    errors.on('error', (error: unknown) => {
      // The reason names at most a socket's path.
      log.info('the session bus is not there', { error: error instanceof Error ? error.message : 'unknown' })
      opened.end()
      resolve(null)
    })
  })
}

class OpenBus implements SessionBus {
  readonly #bus: MessageBus
  readonly #log: Log
  readonly #listeners = new Set<{ path: string; interface: string; run: (signal: BusSignal) => void }>()
  readonly #waiting = new Set<(error: BusError) => void>()
  readonly #onEnd = new Set<() => void>()
  #ended = false

  constructor(bus: MessageBus, log: Log) {
    this.#bus = bus
    this.#log = log
    bus.on('message', (message) => this.#take(message))
    // The library keeps what is sent after the end, and tells of the end inside only.
    const connection: unknown = Reflect.get(bus, '_connection')
    if (connection instanceof EventEmitter) connection.once('end', () => this.end())
  }

  async call(call: BusCall): Promise<readonly unknown[]> {
    const { noAutoStart = false, body = [], ...rest } = call
    if (this.#ended) throw new BusError('org.freedesktop.DBus.Error.Disconnected')
    const flags = noAutoStart ? MessageFlag.NO_AUTO_START : 0
    let drop: ((error: BusError) => void) | undefined
    const gone = new Promise<never>((_resolve, reject) => {
      drop = reject
      this.#waiting.add(reject)
    })
    try {
      const answer = await Promise.race([this.#bus.call(new Message({ ...rest, body: [...body], flags })), gone])
      return answer?.body ?? []
    } catch (error) {
      if (error instanceof BusError) throw error
      throw new BusError(error instanceof DBusError ? error.type : 'org.freedesktop.DBus.Error.Failed')
    } finally {
      if (drop !== undefined) this.#waiting.delete(drop)
    }
  }

  onSignal(from: { path: string; interface: string }, run: (signal: BusSignal) => void): Disposable {
    const listener = { ...from, run }
    this.#listeners.add(listener)
    const rule = `type='signal',path='${from.path}',interface='${from.interface}'`
    this.#match('AddMatch', rule)
    return {
      dispose: () => {
        if (this.#listeners.delete(listener)) this.#match('RemoveMatch', rule)
      },
    }
  }

  watchOwner(name: string, listener: (owner: string | null) => void): Disposable {
    let told = false
    let stopped = false
    const tell = (owner: unknown): void => {
      if (stopped) return
      told = true
      listener(typeof owner === 'string' && owner !== '' ? owner : null)
    }
    const signals = this.onSignal({ path: daemon.path, interface: daemon.interface }, ({ sender, member, body }) => {
      if (sender === daemon.destination && member === 'NameOwnerChanged' && body[0] === name) tell(body[2])
    })
    this.call({ ...daemon, member: 'GetNameOwner', signature: 's', body: [name] })
      .then(
        ([owner]) => owner,
        () => null,
      )
      .then((owner) => {
        // A change that came first is younger than this answer.
        if (!told) tell(owner)
      })
      .catch((error: unknown) => this.#fault(error))
    return {
      dispose: () => {
        stopped = true
        signals.dispose()
      },
    }
  }

  async isActivatable(name: string): Promise<boolean> {
    try {
      const [names] = await this.call({ ...daemon, member: 'ListActivatableNames' })
      return Array.isArray(names) && names.includes(name)
    } catch (error) {
      this.#log.warn('activatable names not read', { error: error instanceof Error ? error.name : 'unknown' })
      return false
    }
  }

  onEnd(listener: () => void): Disposable {
    const own = (): void => listener()
    this.#onEnd.add(own)
    return { dispose: () => void this.#onEnd.delete(own) }
  }

  dispose(): void {
    this.#onEnd.clear()
    if (!this.#ended) this.#bus.disconnect()
    this.end()
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#listeners.clear()
    for (const drop of [...this.#waiting]) drop(new BusError('org.freedesktop.DBus.Error.Disconnected'))
    for (const tell of [...this.#onEnd]) tell()
    this.#onEnd.clear()
  }

  #match(member: 'AddMatch' | 'RemoveMatch', rule: string): void {
    if (this.#ended) return
    this.call({ ...daemon, member, signature: 's', body: [rule] }).catch((error: unknown) => {
      if (!this.#ended)
        this.#log.warn('signals not asked for', { error: error instanceof Error ? error.name : 'unknown' })
    })
  }

  #take(message: Message): void {
    if (message.type !== MessageType.SIGNAL) return
    const { sender, member, body, path } = message
    for (const listener of [...this.#listeners]) {
      if (listener.path !== path || listener.interface !== message.interface) continue
      try {
        listener.run({ sender, member, body })
      } catch (error) {
        this.#fault(error)
      }
    }
  }

  #fault(error: unknown): void {
    this.#log.error('fault in a listener of the session bus', {
      error: error instanceof Error ? error.name : 'unknown',
    })
  }
}
