/** Reads the administrator's configuration file. A file that cannot be used is reported and left out, never fatal. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { type ManagedAccount, type ManagedConfig, managedConfigSchema } from '#common/contract/managedConfig.ts'
import type { Log } from '#electron/core/ports/platform.ts'

/** Where administrators lay the file when no switch names another. */
function systemFile(): string {
  if (process.platform === 'win32')
    return join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'Godwit', 'config.json')
  if (process.platform === 'darwin') return '/Library/Application Support/Godwit/config.json'
  return '/etc/godwit/config.json'
}

const nothingManaged: ManagedConfig = { accounts: [], allowWithoutSandbox: false, updates: true }

/** What it says, token files read; nothing where there is no file. `named` is the switch's value. */
export function readManagedConfig(named: string, log: Log): ManagedConfig {
  const file = named === '' ? systemFile() : named
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (named !== '') log.warn('managed configuration not readable', { error: codeOf(error) })
    return nothingManaged
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), managedConfigSchema), text)
  if (!parsed.success) {
    log.warn('managed configuration not understood', { at: v.getDotPath(parsed.issues[0]) })
    return nothingManaged
  }
  const { accounts } = parsed.output
  return { ...parsed.output, accounts: accounts.map((account) => withToken(account, log)) }
}

function withToken(account: ManagedAccount, log: Log): ManagedAccount {
  if (account.token !== undefined || account.tokenFile === undefined) return account
  try {
    return { ...account, token: readFileSync(account.tokenFile, 'utf8').trim() }
  } catch (error) {
    log.warn('token file not readable', { error: codeOf(error) })
    return account
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
