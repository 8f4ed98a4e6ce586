/** The part of sockjs 0.3.24 the demo server uses; the package has no types of its own. */
declare module 'sockjs' {
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage, ServerResponse } from 'node:http'
  import type { Duplex } from 'node:stream'

  export interface Connection extends EventEmitter {
    readonly id: string
    readonly url: string
    readonly protocol: string
    /** 0 connecting, 1 open, 2 closing, 3 closed */
    readonly readyState: number
    write(text: string): boolean
    close(code?: number, reason?: string): boolean
    on(event: 'data', listener: (text: string) => void): this
    on(event: 'close', listener: () => void): this
  }

  export interface Handler {
    (request: IncomingMessage, response: ServerResponse): boolean
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  }

  export interface Server extends EventEmitter {
    on(event: 'connection', listener: (connection: Connection) => void): this
    middleware(options?: { readonly prefix?: string }): Handler
  }

  export interface ServerOptions {
    readonly prefix?: string
    readonly websocket?: boolean
    readonly heartbeat_delay?: number
    readonly disconnect_delay?: number
    readonly log?: (severity: string, line: string) => void
  }

  const sockjs: { createServer(options?: ServerOptions): Server }
  export default sockjs
}
