/**
 * `npm run feed -- --key FILE [--dir dist] [--staged PERCENT]`: signs the feed beside the packages; to be uploaded as it
 * lies. `npm run feed -- --new-key FILE`: makes a key pair, keeps the private key in FILE and prints the public one,
 * which GODWIT_UPDATE_KEY hands to `npm run package`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { newFeedKey, publicKeyOf, signFeedFolder } from '../packaging/feedSignature.ts'
import { projectDir } from './run.ts'

const usage = 'npm run feed -- --key FILE [--dir FOLDER] [--staged PERCENT]   or   npm run feed -- --new-key FILE'

function main(): number {
  const { values } = parseArgs({
    options: {
      key: { type: 'string' },
      dir: { type: 'string', default: join(projectDir, 'dist') },
      staged: { type: 'string' },
      'new-key': { type: 'string' },
    },
  })
  if (values['new-key'] !== undefined) {
    const { privateKey, publicKey } = newFeedKey()
    // Never over one that is there: what it signed would be worth nothing.
    writeFileSync(values['new-key'], privateKey, { mode: 0o600, flag: 'wx' })
    console.log(`GODWIT_UPDATE_KEY=${publicKey}`)
    return 0
  }
  const percent = values.staged === undefined ? null : Number(values.staged)
  const isShare = percent === null || (Number.isInteger(percent) && percent >= 1 && percent <= 100)
  if (values.key === undefined || !isShare) {
    console.error(usage)
    return 2
  }
  const key = readFileSync(values.key, 'utf8')
  for (const name of signFeedFolder(values.dir, key, percent)) console.log(`signed ${name}`)
  console.log(`by GODWIT_UPDATE_KEY=${publicKeyOf(key)}`)
  return 0
}

process.exitCode = main()
