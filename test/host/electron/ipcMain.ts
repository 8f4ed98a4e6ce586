/** `ipcMain`: handlers and listeners by channel, and Electron's words when there is none. */
import type { IpcMain as ElectronIpcMain } from 'electron'
import { type Emulated, emitterBase } from './strict.ts'

// Loose in its event, as every emulated class is: the app's own code is checked against Electron's types.
type Handler = (event: never, ...args: unknown[]) => unknown

export class IpcMain extends emitterBase('ipcMain') implements Emulated<ElectronIpcMain> {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    if (typeof handler !== 'function')
      throw new TypeError(`Expected handler to be a function, but found type '${typeof handler}'`)
    this.#handlers.set(channel, handler)
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event: never, ...args) => {
      this.removeHandler(channel)
      return handler(event, ...args)
    })
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  /** The handler's answer. Rejects with `No handler registered for 'channel'`. */
  static async dispatch(
    targets: readonly IpcMain[],
    channel: string,
    event: object,
    args: unknown[],
  ): Promise<unknown> {
    const handler = targets.map((target) => target.#handlers.get(channel)).find((found) => found !== undefined)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    return handler(event as never, ...args)
  }
}
