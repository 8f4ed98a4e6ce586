/**
 * The doctor as a command: every account is examined, one after the other, and what was found is told as text for people
 * or as JSON for programs. Must never open an account's messages, or hold a token or anybody's words.
 */
import type { Account } from '#common/domain/account.ts'
import type { Examination } from '#common/domain/doctor.ts'
import type { Versions } from '#common/domain/meter.ts'
import type { Result } from '#common/base/result.ts'
import type { Clock } from '../ports/platform.ts'
import { examine } from './examine.ts'
import type { OpenWatched, Patient } from './ports.ts'
import { type ReportPart, examinationPart, programPart, reportText } from './report.ts'

export interface ExamineAllOptions {
  readonly accounts: readonly Pick<Account, 'id' | 'url' | 'signedIn'>[]
  readonly patient: (accountId: string) => Result<Patient>
  readonly open: OpenWatched
  readonly clock: Clock
}

export interface ExaminedAccount {
  /** Holds no query and no user. */
  readonly server: string
  readonly signedIn: boolean
  readonly examination: Omit<Examination, 'accountId'>
}

export async function examineAll({ accounts, patient, open, clock }: ExamineAllOptions): Promise<ExaminedAccount[]> {
  const examined: ExaminedAccount[] = []
  for (const { id, url, signedIn } of accounts) {
    const found = patient(id)
    if (!found.ok) continue
    const { accountId: _, ...examination } = await new Promise<Examination>((resolve) => {
      examine({
        accountId: id,
        patient: found.value,
        open,
        clock,
        onProgress: (progress) => {
          if (progress.state !== 'running') resolve(progress)
        },
      })
    })
    examined.push({ server: url, signedIn, examination })
  }
  return examined
}

/** Whether there is anything to be well, and all of it is. */
export function isHealthy(examined: readonly ExaminedAccount[]): boolean {
  return (
    examined.length > 0 &&
    examined.every(({ examination }) => examination.steps.every(({ state }) => state !== 'failed'))
  )
}

export function examinedText(versions: Versions, examined: readonly ExaminedAccount[], at: number): string {
  const parts: ReportPart[] = [programPart(versions, at)]
  if (examined.length === 0) parts.push(['Accounts', [['Signed in here', 'none']]])
  for (const { server, signedIn, examination } of examined) {
    parts.push([
      'Account',
      [
        ['Server', server],
        ['Signed in', String(signedIn)],
      ],
    ])
    parts.push(examinationPart({ accountId: '', ...examination }))
  }
  return reportText(parts)
}
