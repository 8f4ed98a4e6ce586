/** The control over a socket: one JSON message a line, `{ id, name, args }` answered by `{ id, value | error }`. */
import { type Server, type Socket, connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { Control } from './control.ts'

interface Call {
  id: number
  name: string
  args: unknown[]
}
interface Answer {
  id: number
  value?: unknown
  error?: string
}

/** A socket's path, or a port on loopback. */
function addressOf(address: string): { path: string } | { host: string; port: number } {
  return /^\d+$/.test(address) ? { host: '127.0.0.1', port: Number(address) } : { path: address }
}

/** Serves until closed. Does not keep the process alive. */
export function serveControl(control: Control, address: string): Promise<Server> {
  const methods = new Map<string, Method>(Object.entries(control))
  const server = createServer((socket) => {
    socket.unref()
    socket.on('error', () => socket.destroy())
    createInterface(socket).on('line', (line) => {
      void answer(methods, JSON.parse(line) as Call).then((result) => socket.write(JSON.stringify(result) + '\n'))
    })
  })
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(addressOf(address), () => resolve(server))
  })
}

type Method = (...args: unknown[]) => Promise<unknown>

async function answer(methods: ReadonlyMap<string, Method>, call: Call): Promise<Answer> {
  try {
    const method = methods.get(call.name)
    if (!method) throw new Error(`no such control: ${call.name}`)
    return { id: call.id, value: await method(...call.args) }
  } catch (error) {
    return { id: call.id, error: error instanceof Error ? error.message : String(error) }
  }
}

export interface ControlClient extends Control {
  dispose(): void
}

/** Connects to a served control. Calls still open when the host goes away are rejected. */
export async function connectControl(address: string): Promise<ControlClient> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened = connect(addressOf(address), () => resolve(opened)).once('error', reject)
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  createInterface(socket).on('line', (line) => {
    const { id, value, error } = JSON.parse(line) as Answer
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(value)
    else call?.reject(new Error(error))
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    for (const call of waiting.values()) call.reject(new Error('the host is gone'))
    waiting.clear()
  })

  function call(name: string, args: unknown[]): Promise<unknown> {
    if (socket.destroyed) return Promise.reject(new Error('the host is gone'))
    const pending = Promise.withResolvers<unknown>()
    waiting.set(++lastId, pending)
    socket.write(JSON.stringify({ id: lastId, name, args }) + '\n')
    return pending.promise
  }

  return new Proxy({} as ControlClient, {
    get(_target, name) {
      // A client is awaited like any value; it is not a promise itself.
      if (typeof name === 'symbol' || name === 'then') return undefined
      if (name === 'dispose') return () => socket.destroy()
      return (...args: unknown[]) => call(name, args)
    },
  })
}
