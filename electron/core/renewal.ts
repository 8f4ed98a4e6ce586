/**
 * A new token for the connection that is up: asked once at a time, answered by the server's next word on authentication,
 * by silence, or by the end of the link. It must never keep a token.
 */
import type { Disposable } from '#common/base/disposable.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Clock } from './ports/platform.ts'

export const renewalTimeoutMs = 10_000

export class Renewal {
  readonly #clock: Clock
  #settle: ((result: Result<null>) => void) | null = null
  #timer: Disposable | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `session.unauthorized` when the server refused it, `link.timedOut` and `link.closed` when it never said. */
  ask(send: () => boolean): Promise<Result<null>> {
    if (this.#settle !== null) return Promise.resolve(fail('link.timedOut', 'another renewal is under way'))
    return new Promise((resolve) => {
      this.#settle = resolve
      this.#timer = this.#clock.after(renewalTimeoutMs, () => this.#end(fail('link.timedOut', 'no answer to /auth')))
      if (!send()) this.#end(fail('link.closed'))
    })
  }

  /** False when nobody had asked: then the server speaks of the token in use. */
  answered(accepted: boolean, reason: string | null): boolean {
    if (this.#settle === null) return false
    this.#end(accepted ? ok(null) : fail('session.unauthorized', reason ?? undefined))
    return true
  }

  linkLost(): void {
    this.#end(fail('link.closed'))
  }

  #end(result: Result<null>): void {
    const settle = this.#settle
    this.#settle = null
    this.#timer?.dispose()
    this.#timer = null
    settle?.(result)
  }
}
