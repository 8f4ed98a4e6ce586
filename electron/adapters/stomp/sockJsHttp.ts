/**
 * A SockJS session over plain HTTP: what the server says comes as the lines of one long answer (streaming) or of one
 * answer after another (polling); what we say goes out in POSTs, one after the other, so that order is kept.
 *
 * Promises: no line of more than 4 MiB is gathered; an answer that is cut off ends the session, because what was in it
 * is lost.
 */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import { type AppError, appError } from '#common/base/errors.ts'
import type { LinkEnd } from '#electron/core/ports/transport.ts'
import type { SockJsAddresses } from './address.ts'
import { type Cookies, exchange } from './exchange.ts'
import { maxFrameBytes } from './frameReader.ts'
import {
  isHandshakeNotOffered,
  isStatusNotOffered,
  problemOfClose,
  problemOfError,
  problemOfStatus,
  retryAfterMs,
} from './problems.ts'
import type { SockJsCarrier, SockJsCarrierHandlers } from './sockJsCarrier.ts'

/** Of one POST; more waits for the next. */
const maxPostMessages = 16
const LF = 0x0a

export interface SockJsHttpOptions {
  readonly addresses: SockJsAddresses
  readonly transport: 'streaming' | 'polling'
  readonly agent: Agent
  readonly cookies: Cookies
  readonly handlers: SockJsCarrierHandlers
  readonly now: () => number
}

export function openSockJsHttp(options: SockJsHttpOptions): SockJsCarrier {
  const carrier = new HttpCarrier(options)
  carrier.receive()
  return carrier
}

class HttpCarrier implements SockJsCarrier {
  readonly #options: SockJsHttpOptions
  readonly #text = new TextDecoder('utf-8', { fatal: true })
  readonly #queue: string[] = []
  #receiving: ClientRequest | null = null
  #answer: IncomingMessage | null = null
  #posting: ClientRequest | null = null
  /** A whole frame has come: this way works. */
  #works = false
  #reached = false
  #paused = false
  #closing = false
  #ended = false

  constructor(options: SockJsHttpOptions) {
    this.#options = options
  }

  get silenceMeans(): 'way' | null {
    return this.#reached ? 'way' : null
  }

  /** One exchange after the other, on sockets that come and go. */
  readonly localAddress = null

  receive(): void {
    const { addresses, transport } = this.#options
    this.#receiving = this.#exchange({
      url: addresses.session(transport === 'streaming' ? 'xhr_streaming' : 'xhr'),
      onAnswer: (answer) => this.#read(answer),
    })
  }

  write(text: string): void {
    this.#queue.push(text)
    this.#post()
  }

  /** An empty list says nothing to the session, and its answer that the session is there. */
  ping(): void {
    if (this.#posting === null) this.#send([])
  }

  pause(): void {
    this.#paused = true
    this.#answer?.pause()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#answer !== null) this.#answer.resume()
    else if (!this.#ended && this.#receiving === null) this.receive()
  }

  /** What is queued goes out first. */
  close(): void {
    this.#closing = true
    if (this.#posting === null) this.#fail(problemOfClose(1000))
  }

  destroy(): void {
    this.#ended = true
    this.#receiving?.destroy()
    this.#posting?.destroy()
  }

  #read(answer: IncomingMessage): void {
    this.#answer = answer
    let line: Buffer[] = []
    let size = 0
    let lines = 0
    answer.on('data', (chunk: Buffer) => {
      for (let start = 0; start < chunk.length && !this.#ended;) {
        const end = chunk.indexOf(LF, start)
        const part = chunk.subarray(start, end < 0 ? chunk.length : end)
        line.push(part)
        size += part.length
        if (size > maxFrameBytes) return this.#fail(appError('link.tooBig', 'SockJS frame'))
        if (end < 0) return
        this.#line(Buffer.concat(line))
        line = []
        size = 0
        lines++
        start = end + 1
      }
    })
    answer.on('end', () => {
      if (this.#ended) return
      this.#answer = null
      this.#receiving = null
      // Without this a server that has nothing to say would be asked as fast as it can answer.
      if (lines === 0) this.#fail(appError('link.protocol', 'empty SockJS answer'))
      else if (!this.#paused) this.receive()
    })
    if (this.#paused) answer.pause()
  }

  #line(bytes: Buffer): void {
    let text: string
    try {
      text = this.#text.decode(bytes)
    } catch {
      this.#fail(appError('link.protocol', 'SockJS text'))
      return
    }
    if (!text.startsWith('h')) this.#works = true
    this.#options.handlers.onFrame(text)
  }

  #post(): void {
    if (this.#posting === null && this.#queue.length > 0) this.#send(this.#queue.splice(0, maxPostMessages))
  }

  #send(messages: readonly string[]): void {
    const askedAt = performance.now()
    this.#posting = this.#exchange({
      url: this.#options.addresses.session('xhr_send'),
      body: JSON.stringify(messages),
      onAnswer: (answer) => {
        answer.resume()
        answer.on('end', () => {
          if (this.#ended) return
          this.#posting = null
          this.#options.handlers.onAlive()
          this.#options.handlers.onPong(performance.now() - askedAt)
          this.#post()
          if (this.#closing && this.#posting === null) this.#fail(problemOfClose(1000))
        })
      },
    })
  }

  #exchange(wanted: { url: string; body?: string; onAnswer: (answer: IncomingMessage) => void }): ClientRequest {
    const { agent, cookies, now } = this.#options
    return exchange({
      ...wanted,
      body: wanted.body ?? '',
      method: 'POST',
      agent,
      cookies,
      onReached: () => (this.#reached = true),
      onError: (error) => {
        const problem = problemOfError(error)
        this.#fail(problem, this.#reached && isHandshakeNotOffered(problem))
      },
      onResponse: (answer) => {
        const status = answer.statusCode ?? 0
        if (status === 200 || status === 204) {
          wanted.onAnswer(answer)
          return
        }
        answer.resume()
        const problem =
          status === 404 && this.#works
            ? appError('link.closed', 'SockJS session gone')
            : problemOfStatus(status, answer.headers['content-type'])
        this.#fail(problem, isStatusNotOffered(status), retryAfterMs(answer.headers, now()))
      },
    })
  }

  #fail(problem: AppError, isNotOffered = false, waitMs: LinkEnd['retryAfterMs'] = null): void {
    if (this.#ended) return
    this.destroy()
    const notOffered = isNotOffered && !this.#works ? { notOffered: 'way' as const } : {}
    this.#options.handlers.onEnd({ problem, serverError: null, retryAfterMs: waitMs, ...notOffered })
  }
}
