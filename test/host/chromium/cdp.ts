/**
 * The Chrome DevTools Protocol over the pipe that Chromium opens with `--remote-debugging-pipe`.
 *
 * Owns: framing (JSON messages ended by NUL), matching answers to commands, flat sessions (one per attached target).
 * Promises: commands leave in the order they were given; a pending one is rejected when its session or the pipe goes
 * away, so nobody waits for ever.
 * Must never: know what a command means.
 */
import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
// playwright-core ships the protocol's types, but does not name them among its exports.
import type { Protocol } from '../../../node_modules/playwright-core/types/protocol.d.ts'

export type { Protocol }
type Commands = Protocol.CommandParameters
type Results = Protocol.CommandReturnValues
type Events = Protocol.Events

/** One attached target, or the browser itself. Commands and events carry the types that playwright-core ships. */
export interface CdpSession {
  readonly id: string | undefined
  send<Name extends keyof Commands>(name: Name, params?: Commands[Name]): Promise<Results[Name]>
  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): void
  /** Calls back once, when the target detached or the pipe closed; at once if that has happened already. */
  onClosed(listener: () => void): void
}

/** The pipe and the sessions on it. */
export interface CdpConnection {
  readonly browser: CdpSession
  /** The session with this id, which `Target.attachedToTarget` announced. */
  session(id: string): CdpSession
  dispose(): void
}

interface Message {
  id?: number
  method?: string
  params?: unknown
  sessionId?: string
  result?: unknown
  error?: { message: string }
}

interface Pending {
  method: string
  sessionId: string | undefined
  resolve(result: unknown): void
  reject(error: Error): void
}

/** A command that Chromium refused, or that lost its target. */
export class CdpError extends Error {
  override name = 'CdpError'
}

/** For `.catch`: a command whose target went away, or that it refused while going, has nobody left to tell. */
export function ignoreGone(error: unknown): undefined {
  if (!(error instanceof CdpError)) throw error
  return undefined
}

/** Speaks CDP over the two ends of Chromium's debugging pipe. */
export function createCdpConnection(options: { input: Writable; output: Readable }): CdpConnection {
  const { input, output } = options
  const pending = new Map<number, Pending>()
  const sessions = new Map<string | undefined, { session: CdpSession; emitter: EventEmitter; close(): void }>()
  const chunks: Buffer[] = []
  let lastId = 0
  let closed = false

  function open(id: string | undefined): CdpSession {
    const emitter = new EventEmitter()
    emitter.setMaxListeners(0)
    let ended = closed
    const session: CdpSession = {
      id,
      send: (method, params) =>
        new Promise((resolve, reject) => {
          if (ended || closed) return reject(new CdpError(`${method}: the target is gone`))
          pending.set(++lastId, { method, sessionId: id, resolve: resolve as Pending['resolve'], reject })
          input.write(JSON.stringify({ id: lastId, method, params, sessionId: id }) + '\0')
        }),
      on: (name, listener) => void emitter.on(name, listener),
      onClosed(listener) {
        if (ended) queueMicrotask(listener)
        else emitter.once('session closed', listener)
      },
    }
    const close = (): void => {
      if (ended) return
      ended = true
      sessions.delete(id)
      for (const [key, command] of pending) {
        if (command.sessionId !== id) continue
        pending.delete(key)
        command.reject(new CdpError(`${command.method}: the target is gone`))
      }
      emitter.emit('session closed')
    }
    sessions.set(id, { session, emitter, close })
    return session
  }

  function receive(message: Message): void {
    if (message.id !== undefined) {
      const command = pending.get(message.id)
      pending.delete(message.id)
      if (message.error) command?.reject(new CdpError(`${command.method}: ${message.error.message}`))
      else command?.resolve(message.result)
      return
    }
    if (!message.method) return
    if (message.method === 'Target.attachedToTarget') open((message.params as { sessionId: string }).sessionId)
    sessions.get(message.sessionId)?.emitter.emit(message.method, message.params)
    if (message.method === 'Target.detachedFromTarget') {
      sessions.get((message.params as { sessionId: string }).sessionId)?.close()
    }
  }

  function read(chunk: Buffer): void {
    let from = 0
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      chunks.push(chunk.subarray(from, end))
      from = end + 1
      receive(JSON.parse(Buffer.concat(chunks.splice(0)).toString('utf8')) as Message)
    }
    if (from < chunk.length) chunks.push(chunk.subarray(from))
  }

  function dispose(): void {
    if (closed) return
    closed = true
    output.off('data', read)
    for (const { close } of [...sessions.values()]) close()
    input.destroy()
    output.destroy()
  }

  const browser = open(undefined)
  output.on('data', read)
  output.once('close', dispose)
  output.on('error', dispose)
  input.on('error', dispose)

  return {
    browser,
    session(id) {
      const found = sessions.get(id)
      if (!found) throw new CdpError(`no session ${id}`)
      return found.session
    },
    dispose,
  }
}
