/**
 * The connection doctor: makes one connection as the account makes its own, beside it, and tells step by step how far it
 * came, how long each step took and what stood in the way.
 *
 * Promises: nothing is subscribed or sent on that connection but what a connection itself needs, so no message goes
 * astray; the echo is asked for on the account's own. Every report is whole, and the last one comes exactly once, after
 * which no socket and no timer is left. Must never put a token, an address with a query or a server's words into what it
 * reports.
 */
import { DisposableStack } from '#common/base/disposable.ts'
import type { AppError } from '#common/base/errors.ts'
import {
  type DoctorFinding,
  type DoctorStep,
  type DoctorStepName,
  type Examination,
  type StepState,
  doctorSteps,
} from '#common/domain/doctor.ts'
import { createEndpoint } from '../endpoint.ts'
import type { Clock } from '../ports/platform.ts'
import type { Link, LinkEnd, Way } from '../ports/transport.ts'
import type { LinkWatch, OpenWatched, Patient, SecuredBy } from './ports.ts'

/** For each way that is tried. */
const wayWithinMs = 8_000
/** For the answer to a ping. */
const pongWithinMs = 5_000
/** A certificate that ends so soon needs somebody. */
const soonDays = 14
/** Clocks of well-kept computers differ by less. */
const clockTrustedMs = 60_000
const dayMs = 86_400_000

export interface ExamineOptions {
  readonly accountId: string
  readonly patient: Patient
  readonly open: OpenWatched
  readonly clock: Clock
  /** Each time something is known; the last one is not `running` any more. */
  readonly onProgress: (examination: Examination) => void
  /** How long each way may take to CONNECTED, and the answer to a ping. */
  readonly wayWithinMs?: number
  readonly pongWithinMs?: number
}

export interface Examining {
  /** Ends it where it is; the last report says `stopped`. */
  stop(): void
}

export function examine(options: ExamineOptions): Examining {
  const course = new Course(options)
  course.begin()
  return { stop: () => course.finish('stopped') }
}

class Course {
  readonly #options: ExamineOptions
  readonly #scope = new DisposableStack()
  readonly #startedAt: number
  #state: Examination['state'] = 'running'
  #steps: readonly DoctorStep[]
  #at = 0
  #stepBegan = 0
  #clockOffsetMs: number | null = null
  #link: Link | null = null
  #way: Way | null = null
  #isSecure = false

  constructor(options: ExamineOptions) {
    this.#options = options
    this.#startedAt = options.clock.now()
    this.#steps = doctorSteps.map((name) => ({
      name,
      state: 'waiting',
      ms: null,
      finding: null,
      data: {},
      problem: null,
    }))
  }

  begin(): void {
    const { patient, open } = this.#options
    const target = patient.link()
    this.#isSecure = /^wss:/i.test(target.url)
    this.#start()
    const endpoint = createEndpoint({
      transport: open(this.#watch()),
      ...(patient.fixedTransport !== undefined && { fixed: patient.fixedTransport }),
      memory: { recall: () => patient.rememberedWay(), remember: (way) => (this.#way = way) },
    })
    this.#link = endpoint.open(
      { ...target, connectTimeoutMs: this.#options.wayWithinMs ?? wayWithinMs },
      {
        onOpen: () => this.#during('upgrade', () => this.#pass('webSocketOpen')),
        onConnected: ({ heartbeat }) =>
          this.#during('stomp', () => {
            this.#pass('taken')
            this.#listen(heartbeat.incomingMs)
          }),
        onFrame: () => undefined,
        onReceipt: () => undefined,
        onAlive: () => undefined,
        onPong: (roundTripMs) =>
          this.#during('heartbeat', () => {
            this.#pass('pongCame', { ms: Math.round(roundTripMs ?? 0) })
            this.#askForEcho()
          }),
        onEnd: (end) => this.#ended(end),
      },
    )
  }

  finish(state: 'done' | 'stopped'): void {
    if (this.#state !== 'running') return
    this.#state = state
    const link = this.#link
    this.#link = null
    link?.close()
    this.#scope.dispose()
    // What was under way, or never came to be, has found nothing.
    this.#steps = this.#steps.map((step) => (step.state === 'running' ? { ...step, state: 'waiting' } : step))
    this.#tell()
  }

  #watch(): LinkWatch {
    return {
      onName: ({ host, address }) => this.#during('dns', () => this.#pass('nameFound', { host, address })),
      onNumber: () => this.#during('dns', () => this.#end('skipped', 'nameNotNeeded')),
      onConnected: ({ address, proxy }) =>
        this.#during('tcp', () => {
          this.#pass('connected', { address })
          if (proxy === null) this.#end('skipped', 'proxyNone')
          else this.#steps = this.#steps.map((step) => (step.name === 'proxy' ? { ...step, data: { proxy } } : step))
          if (proxy === null && !this.#isSecure) this.#end('skipped', 'tlsNone')
        }),
      onTunnel: () =>
        this.#during('proxy', () => {
          this.#pass('proxyPassed', this.#current()?.data)
          if (!this.#isSecure) this.#end('skipped', 'tlsNone')
        }),
      onSecured: (tls) => this.#during('tls', () => this.#secured(tls)),
    }
  }

  #secured({ protocol, issuer, validUntil }: SecuredBy): void {
    const days = Number.isNaN(validUntil) ? null : Math.floor((validUntil - this.#options.clock.now()) / dayMs)
    const data = { protocol, issuer, ...(days !== null && { days }) }
    if (days === null) this.#pass('certificateUndated', data)
    else if (days < soonDays) this.#end('warned', 'certificateEnding', data)
    else this.#pass('certificateGood', data)
  }

  /** The connection stands: does the other side still answer? */
  #listen(incomingMs: number): void {
    const { clock, pongWithinMs: withinMs = pongWithinMs } = this.#options
    if (this.#way !== null && this.#way !== 'webSocket') this.#nameWay(this.#way)
    this.#link?.ping()
    this.#scope.add(
      clock.after(withinMs, () =>
        this.#during('heartbeat', () => {
          // Over plain HTTP nothing can be pinged: that the server answered at all is what there is.
          if (isOverHttp(this.#way)) {
            this.#end('skipped', 'beatCame', { seconds: incomingMs / 1_000 })
            this.#askForEcho()
          } else {
            this.#end('failed', 'noPong', { seconds: withinMs / 1_000 }, { code: 'link.silent', detail: 'no pong' })
            this.finish('done')
          }
        }),
      ),
    )
  }

  #nameWay(way: Way): void {
    this.#steps = this.#steps.map((step): DoctorStep => {
      if (step.name !== 'upgrade') return step
      return isOverHttp(way)
        ? { ...step, state: 'warned', finding: 'overHttp' }
        : { ...step, finding: way === 'webSocketPath' ? 'webSocketOpen' : 'sockJsOpen' }
    })
  }

  #askForEcho(): void {
    const link = this.#link
    this.#link = null
    link?.close()
    void this.#options.patient.echo().then((answer) => {
      this.#during('echo', () => {
        if (answer.ok) {
          const { roundTripMs, clockOffsetMs } = answer.value
          this.#clockOffsetMs = clockOffsetMs
          const data = { ms: Math.round(roundTripMs) }
          if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > clockTrustedMs) {
            this.#end('warned', 'clockOff', { ...data, offsetMs: Math.round(clockOffsetMs) })
          } else this.#pass('echoCame', data)
        } else if (answer.error.code === 'message.notSupported') this.#end('skipped', 'echoNotOffered')
        else if (answer.error.code === 'link.silent') this.#end('failed', null, {}, problemOf(answer.error))
        else this.#end('skipped', 'notOnline')
        this.finish('done')
      })
    })
  }

  #ended({ problem, serverError }: LinkEnd): void {
    // Our own good-bye.
    if (this.#link === null || this.#state !== 'running') return
    const meant = serverError === null ? problem : this.#options.patient.readError(serverError)
    const status = Number(meant.data?.['status'] ?? problem.data?.['status'] ?? 0)
    const finding = isPortal(meant, status) ? 'portal' : null
    this.#end('failed', finding, status > 0 ? { status } : {}, problemOf(meant))
    this.finish('done')
  }

  /** Only while that step is under way: what comes late, or twice, is not heard. */
  #during(name: DoctorStepName, run: () => void): void {
    if (this.#state === 'running' && this.#current()?.name === name) run()
  }

  #current(): DoctorStep | undefined {
    return this.#steps[this.#at]
  }

  #start(): void {
    this.#stepBegan = this.#options.clock.monotonic()
    this.#replace({ state: 'running' })
    this.#tell()
  }

  #pass(finding: DoctorFinding, data: DoctorStep['data'] = {}): void {
    this.#end('passed', finding, data)
  }

  #end(
    state: StepState,
    finding: DoctorFinding | null,
    data: DoctorStep['data'] = {},
    problem: DoctorStep['problem'] = null,
  ): void {
    const ms = state === 'skipped' ? null : this.#options.clock.monotonic() - this.#stepBegan
    this.#replace({ state, ms, finding, data, problem })
    this.#at++
    if (state !== 'failed' && this.#at < this.#steps.length) this.#start()
    else this.#tell()
  }

  #replace(change: Partial<DoctorStep>): void {
    this.#steps = this.#steps.map((step, index) => (index === this.#at ? { ...step, ...change } : step))
  }

  #tell(): void {
    const { accountId, onProgress } = this.#options
    onProgress({
      accountId,
      startedAt: this.#startedAt,
      state: this.#state,
      steps: [...this.#steps],
      clockOffsetMs: this.#clockOffsetMs,
    })
  }
}

function isOverHttp(way: Way | null): boolean {
  return way === 'sockJsStreaming' || way === 'sockJsPolling'
}

/** A page, or the way to one, where an upgrade was asked for: networks that want a sign-in answer so. */
function isPortal({ code, detail = '' }: AppError, status: number): boolean {
  if (code !== 'link.httpUnexpected') return false
  return detail.includes('with a page') || (status >= 300 && status < 400) || status === 511
}

function problemOf({ code, detail }: AppError): DoctorStep['problem'] {
  return { code, detail: detail ?? null }
}
