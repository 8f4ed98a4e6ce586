/** The ports of a client with everything that passes told to the arm first: where a named point can be. */
import { type AccountStoreOptions, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { storeMethods } from '#electron/adapters/sqlite/protocol.ts'
import type { Store } from '#electron/core/ports/store.ts'
import type { Link, Transport } from '#electron/core/ports/transport.ts'
import { type Result, ok } from '#common/base/result.ts'
import type { Arm, Doing, OnLink } from './killPoints.ts'

export interface ArmedStoreOptions extends Pick<AccountStoreOptions, 'file' | 'selfId'> {
  readonly arm: Arm
}

/** The real store on this thread, with the promises of the thread boundary. */
export function openArmedStore({ file, selfId, arm }: ArmedStoreOptions): Result<Store> {
  let doing: Doing | null = 'opening'
  const opened = openAccountStore({ file, selfId, trace: (sql) => doing !== null && arm.statement(doing, sql.trim()) })
  if (!opened.ok) return opened
  arm.call('opening', 'after')
  doing = null
  const inside = opened.value
  const asked = (method: Exclude<Doing, 'opening'>) => {
    const run = inside[method] as (...args: readonly unknown[]) => unknown
    return async (...args: readonly unknown[]): Promise<unknown> => {
      await Promise.resolve()
      arm.call(method, 'before')
      doing = method
      try {
        const value = run(...args)
        arm.call(method, 'after')
        return value
      } finally {
        doing = null
      }
    }
  }
  const methods = [...storeMethods, 'close'] as const
  return ok(Object.fromEntries(methods.map((method) => [method, asked(method)])) as Store)
}

export function armedTransport(transport: Transport, arm: Arm): Transport {
  const around = <T>(what: OnLink, run: () => T): T => {
    arm.link(what, 'before')
    const value = run()
    arm.link(what, 'after')
    return value
  }
  return {
    open(options, listener) {
      const link = around('open', () =>
        transport.open(options, {
          onOpen: () => around('onOpen', () => listener.onOpen()),
          onConnected: (info) => around('onConnected', () => listener.onConnected(info)),
          onFrame: (frame) => around('onFrame', () => listener.onFrame(frame)),
          onReceipt: (id) => around('onReceipt', () => listener.onReceipt(id)),
          onAlive: (bytes) => listener.onAlive(bytes),
          onPong: () => listener.onPong?.(),
          onEnd: (end) => around('onEnd', () => listener.onEnd(end)),
        }),
      )
      const told: Partial<Link> = {
        subscribe: (id, destination) => around('subscribe', () => link.subscribe(id, destination)),
        send: (frame, receiptId) => around(receiptId === null ? 'tell' : 'write', () => link.send(frame, receiptId)),
        ping: () => around('ping', () => link.ping()),
      }
      return new Proxy(link, {
        get(target, name) {
          const own: unknown = Reflect.get(told, name)
          if (own !== undefined) return own
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        },
      })
    },
  }
}
