/**
 * A SockJS server over plain HTTP that says what a test tells it, line by line, and writes down every request. It knows
 * no STOMP.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { RawServer } from './rawServer.ts'

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly cookie: string | undefined
  readonly body: string
}

export interface HandMadeOptions {
  readonly info?: (response: ServerResponse) => void
  /** Answers a POST to `xhr_send` in place of 204. */
  readonly onSend?: (response: ServerResponse, body: string) => void
  /** Answers the request that receives, in place of saying `o`. */
  readonly onReceive?: (response: ServerResponse, count: number) => void
}

export class HandMadeSockJs {
  readonly requests: SeenRequest[] = []
  readonly #options: HandMadeOptions
  #server: RawServer | null = null
  #waiting: { response: ServerResponse; streaming: boolean } | null = null
  #lines: string[] = ['o']
  #receives = 0
  #waiters: (() => void)[] = []

  private constructor(options: HandMadeOptions) {
    this.#options = options
  }

  static async start(options: HandMadeOptions = {}): Promise<HandMadeSockJs> {
    const made = new HandMadeSockJs(options)
    made.#server = await RawServer.start({ onRequest: (request, response) => void made.#answer(request, response) })
    return made
  }

  get url(): string {
    return this.#server?.url ?? ''
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
  }

  /** All that was posted, in order. */
  get posted(): string {
    return this.requests
      .filter(({ path }) => path.endsWith('/xhr_send'))
      .flatMap(({ body }) => JSON.parse(body) as string[])
      .join('')
  }

  get receives(): number {
    return this.#receives
  }

  /** One line, as it is. */
  say(line: string): void {
    this.#lines.push(line)
    this.#flush()
  }

  /** STOMP in a SockJS frame. */
  tell(...messages: string[]): void {
    this.say(`a${JSON.stringify(messages)}`)
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.push(resolve))
  }

  async accept(): Promise<void> {
    await this.until(() => this.posted.includes('CONNECT\n'))
    this.tell('CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const [path = '', query = ''] = (request.url ?? '').split('?')
    this.requests.push({ method: request.method ?? '', path, query, cookie: request.headers.cookie, body })
    if (path.endsWith('/info')) this.#info(response)
    else if (path.endsWith('/xhr_send')) {
      if (this.#options.onSend === undefined) response.writeHead(204).end()
      else this.#options.onSend(response, body)
    } else this.#receive(response, path.endsWith('/xhr_streaming'))
    for (const resolve of this.#waiters.splice(0)) resolve()
  }

  #info(response: ServerResponse): void {
    if (this.#options.info !== undefined) this.#options.info(response)
    else response.end(JSON.stringify({ websocket: true, origins: ['*:*'], cookie_needed: false, entropy: 1 }))
  }

  #receive(response: ServerResponse, streaming: boolean): void {
    this.#receives++
    if (this.#options.onReceive !== undefined) {
      this.#options.onReceive(response, this.#receives)
      return
    }
    if (streaming) response.write(`${'h'.repeat(2048)}\n`)
    this.#waiting = { response, streaming }
    this.#flush()
  }

  #flush(): void {
    const waiting = this.#waiting
    if (waiting === null || this.#lines.length === 0) return
    for (const line of this.#lines.splice(0, waiting.streaming ? this.#lines.length : 1))
      waiting.response.write(`${line}\n`)
    if (waiting.streaming) return
    this.#waiting = null
    waiting.response.end()
  }
}
