/**
 * `--doctor`, `--doctor=json`: examines every account without a window, prints the report and ends. Exit code 0 when all
 * is well, 1 when something is not or there is no account, 2 when the program runs already and has the accounts open.
 */
import type { App } from 'electron'
import { writeSync } from 'node:fs'
import { redactText } from '#electron/adapters/log/redact.ts'
import { type ExaminedAccount, examinedText, isHealthy } from '#electron/core/doctor/examineAll.ts'
import type { Versions } from '#common/domain/meter.ts'

export interface DoctorFindings {
  readonly versions: Versions
  readonly examined: readonly ExaminedAccount[]
  /** Local clock, ms. */
  readonly at: number
}

/** How the report is wanted; null when the doctor was not asked for. */
export function doctorAsked({ commandLine }: Pick<App, 'commandLine'>): 'text' | 'json' | null {
  if (!commandLine.hasSwitch('doctor')) return null
  return commandLine.getSwitchValue('doctor') === 'json' ? 'json' : 'text'
}

/** Answers the exit code, once everything is written. */
export async function tellDoctor(as: 'text' | 'json', { versions, examined, at }: DoctorFindings): Promise<number> {
  const healthy = isHealthy(examined)
  const text =
    as === 'text'
      ? redactText(examinedText(versions, examined, at))
      : `${JSON.stringify({ ...versions, written: new Date(at).toISOString(), healthy, accounts: examined }, redacted, 2)}\n`
  await new Promise<void>((resolve) => void process.stdout.write(text, () => resolve()))
  return healthy ? 0 : 1
}

/** Says that the program runs already, at once and before anything begins; answers the exit code. */
export function refuseDoctor(): number {
  writeSync(2, 'Godwit is running. Its Diagnostics page examines the connection; or quit it first.\n')
  return 2
}

function redacted(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? redactText(value) : value
}
