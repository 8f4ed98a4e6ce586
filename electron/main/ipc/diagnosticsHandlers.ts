/**
 * Handlers of the diagnostics page: the connection doctor, the check of the database, the meter, the report and the log.
 * One examination runs at a time. Must never hand out a token or anybody's words.
 */
import type { WebContents } from 'electron'
import type { Disposable } from '#common/base/disposable.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Push } from '#common/contract/pushes.ts'
import type { Examination } from '#common/domain/doctor.ts'
import type { DatabaseCheck, MeterReading, Versions } from '#common/domain/meter.ts'
import { redactText } from '#electron/adapters/log/redact.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import { type Examining, examine } from '#electron/core/doctor/examine.ts'
import type { OpenWatched } from '#electron/core/doctor/ports.ts'
import { type ReportPart, examinationPart, programPart, reportText } from '#electron/core/doctor/report.ts'
import type { Meter } from '#electron/core/meter.ts'
import type { Clock, Log } from '#electron/core/ports/platform.ts'
import type { Handlers } from './router.ts'

export interface DiagnosticsOptions {
  readonly accounts: Pick<Accounts, 'session' | 'patient' | 'list'>
  readonly openWatched: OpenWatched
  readonly meter: Meter
  readonly clock: Clock
  readonly log: Log
  readonly push: (push: Push) => void
  readonly versions: Versions
  /** Bytes of all processes; null where the system does not say. */
  readonly wholeMemory: () => number | null
  /** Bytes on disk of an account. */
  readonly sizes: (accountId: string) => Promise<Pick<DatabaseCheck, 'databaseBytes' | 'filesBytes'>>
  /** The log with secrets and words taken out. */
  readonly readLog: () => Promise<string>
  readonly saveText: (sender: WebContents, name: string, text: string) => Promise<Result<{ saved: boolean }>>
}

type Names =
  | 'doctor.start'
  | 'doctor.stop'
  | 'doctor.last'
  | 'database.check'
  | 'meter.read'
  | 'diagnostics.versions'
  | 'diagnostics.report'
  | 'diagnostics.saveReport'
  | 'diagnostics.saveLog'

export type DiagnosticsHandlers = Pick<Handlers, Names>

const done: Result<Record<string, never>> = ok({})

export function createDiagnostics(
  options: DiagnosticsOptions,
): Disposable & { readonly handlers: DiagnosticsHandlers } {
  const { accounts, clock, log, meter, push, versions } = options
  let examining: Examining | null = null
  /** By account: what the last examination found, and the last check. */
  const examinations = new Map<string, Examination>()
  const checks = new Map<string, DatabaseCheck>()

  const readMeter = async (accountId: string | null): Promise<MeterReading> => {
    const { calls, p50Ms, p99Ms, framesIn, framesOut } = meter.read()
    const { rss, heapUsed } = process.memoryUsage()
    return {
      at: clock.monotonic(),
      memory: { main: rss, heap: heapUsed, whole: options.wholeMemory() },
      database: { calls, p50Ms, p99Ms },
      framesIn,
      framesOut,
      ...(await countsOf(accountId)),
    }
  }

  const countsOf = async (
    accountId: string | null,
  ): Promise<Pick<MeterReading, 'queued' | 'undecoded' | 'quarantined' | 'holes'>> => {
    const session = accountId === null ? null : accounts.session(accountId)
    if (session === null || !session.ok) return { queued: null, undecoded: null, quarantined: null, holes: null }
    const { queued, undecoded, quarantined, holes } = await session.value.store.counts(false)
    return { queued, undecoded, quarantined, holes }
  }

  const report = async (accountId: string | null): Promise<string> => {
    const parts: ReportPart[] = [programPart(versions, clock.now())]
    if (accountId !== null) {
      parts.push(accountPart(accounts, accountId))
      const examination = examinations.get(accountId)
      if (examination !== undefined) parts.push(examinationPart(examination))
      const check = checks.get(accountId)
      if (check !== undefined) parts.push(['Database check', factsOf(check)])
    }
    const { memory, database, ...counts } = await readMeter(accountId)
    parts.push(['Meter', [...factsOf(memory), ...factsOf(database), ...factsOf(counts)]])
    return redactText(reportText(parts))
  }

  const handlers: DiagnosticsHandlers = {
    'doctor.start': ({ accountId }) => {
      const patient = accounts.patient(accountId)
      if (!patient.ok) return patient
      examining?.stop()
      examining = examine({
        accountId,
        patient: patient.value,
        open: options.openWatched,
        clock,
        onProgress: (examination) => {
          examinations.set(accountId, examination)
          push({ type: 'examination', examination })
          if (examination.state === 'done') log.info('connection examined', outcomeOf(examination))
        },
      })
      return done
    },
    'doctor.stop': () => {
      examining?.stop()
      return done
    },
    'doctor.last': ({ accountId }) => ok({ examination: examinations.get(accountId) ?? null }),
    'database.check': async ({ accountId }) => {
      const session = accounts.session(accountId)
      if (!session.ok) return session
      const began = clock.monotonic()
      const { repaired } = session.value.changed(await session.value.store.verify())
      const { messages, ...counts } = await session.value.store.counts(true)
      const ms = clock.monotonic() - began
      const check = { ...counts, messages: messages ?? 0, repaired, ms, ...(await options.sizes(accountId)) }
      checks.set(accountId, check)
      return ok(check)
    },
    'meter.read': async ({ accountId }) => ok(await readMeter(accountId)),
    'diagnostics.versions': () => ok(versions),
    'diagnostics.report': async ({ accountId }) => ok({ text: await report(accountId) }),
    'diagnostics.saveReport': async ({ accountId }, sender) =>
      options.saveText(sender, named('godwit-report', clock.now()), await report(accountId)),
    'diagnostics.saveLog': async (_, sender) => {
      try {
        const text = `${reportText([programPart(versions, clock.now())])}\n${await options.readLog()}`
        return await options.saveText(sender, named('godwit-log', clock.now()), text)
      } catch (error) {
        log.error('log not read', { error: error instanceof Error ? error.name : typeof error })
        return fail('storage.failed', 'log')
      }
    },
  }
  return { handlers, dispose: () => examining?.stop() }
}

/** The server's address holds no query and no user; nothing else here names anybody. */
function accountPart(accounts: DiagnosticsOptions['accounts'], accountId: string): ReportPart {
  const account = accounts.list().find(({ id }) => id === accountId)
  const session = accounts.session(accountId)
  const status = session.ok ? session.value.connection : null
  const problem = status?.problem ?? null
  return [
    'Account',
    [
      ['Server', account?.url ?? 'unknown'],
      ['Signed in', String(account?.signedIn ?? false)],
      ['Trouble with storage', account?.trouble?.code ?? 'none'],
      ['Connection', status?.state ?? 'stopped'],
      ['Failures in a row', String(status?.failures ?? 0)],
      ['Last problem', problem === null ? 'none' : `${problem.code} ${problem.detail ?? ''}`],
    ],
  ]
}

function factsOf(numbers: Readonly<Record<string, number | null>>): (readonly [string, string])[] {
  return Object.entries(numbers).map(([name, value]) => [name, value === null ? 'not known' : String(value)] as const)
}

function outcomeOf({ steps }: Examination): Readonly<Record<string, unknown>> {
  const failed = steps.find(({ state }) => state === 'failed')
  return { failed: failed?.name ?? null, code: failed?.problem?.code ?? null }
}

/** `name-2026-01-31.txt` */
function named(name: string, at: number): string {
  return `${name}-${new Date(at).toISOString().slice(0, 10)}.txt`
}
