/** `net.request`: Node's own request, with Electron's way of telling and following redirects. */
import type { ClientRequest as ElectronClientRequest, ClientRequestConstructorOptions } from 'electron'
import { type ClientRequest as NodeRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type Emulated, emitterBase } from './strict.ts'

type Options = Omit<ClientRequestConstructorOptions, 'session'> & { session?: object; agent?: unknown }

export class ClientRequest extends emitterBase('net.ClientRequest') implements Emulated<ElectronClientRequest> {
  readonly #options: Options
  readonly #headers: Record<string, string>
  #url: URL
  #sent: NodeRequest | null = null
  #following = false
  #aborted = false
  #body: Uint8Array[] = []

  constructor(options: Options | string) {
    super()
    this.#options = typeof options === 'string' ? { url: options } : options
    const { url, protocol = 'http:', hostname, host, port, path = '/' } = this.#options
    this.#url = new URL(url ?? `${protocol}//${hostname ?? host}${port === undefined ? '' : `:${port}`}${path}`)
    this.#headers = { ...(this.#options.headers as Record<string, string> | undefined) }
  }

  get chunkedEncoding(): boolean {
    return false
  }
  setHeader(name: string, value: string): void {
    this.#headers[name] = value
  }
  getHeader(name: string): string {
    return this.#headers[name] ?? ''
  }
  removeHeader(name: string): void {
    delete this.#headers[name]
  }
  write(chunk: Buffer | string): void {
    this.#body.push(Buffer.from(chunk))
  }
  end(chunk?: Buffer | string): this {
    if (chunk !== undefined && chunk !== null) this.write(chunk)
    this.#send(this.#options.method ?? 'GET')
    return this
  }
  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#sent?.destroy()
    this.emit('abort')
    this.emit('close')
  }
  followRedirect(): void {
    this.#following = true
  }
  getUploadProgress(): { active: boolean; started: boolean; current: number; total: number } {
    return { active: false, started: false, current: 0, total: 0 }
  }

  #send(method: string): void {
    const request = this.#url.protocol === 'https:' ? httpsRequest : httpRequest
    this.#sent = request(this.#url, { method, headers: this.#headers }, (response) => this.#answered(response, method))
    this.#sent.on('error', (error) => {
      if (!this.#aborted) this.emit('error', error)
    })
    this.#sent.end(Buffer.concat(this.#body))
  }

  #answered(response: IncomingMessage, method: string): void {
    const { statusCode = 0, headers } = response
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) {
      this.emit('response', response)
      return
    }
    response.resume()
    const target = new URL(headers.location, this.#url)
    const mode = this.#options.redirect ?? 'follow'
    if (mode === 'error') {
      this.emit('error', new Error("Attempted to redirect, but redirect policy was 'error'"))
      return
    }
    this.#following = mode === 'follow'
    // With `manual` it goes on only when the listener says so before it returns.
    this.emit('redirect', statusCode, method, target.href, headers)
    if (this.#aborted) return
    if (!this.#following) {
      this.emit('error', new Error('Redirect was cancelled'))
      return
    }
    this.#url = target
    this.#send(statusCode === 303 ? 'GET' : method)
  }
}
