import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The database of the only account there is in the folder of a program's data. */
export function messagesFile(dataDir: string): string {
  const accounts = join(dataDir, 'accounts')
  const [account] = readdirSync(accounts)
  if (account === undefined) throw new Error('no account yet')
  return join(accounts, account, 'messages.db')
}
