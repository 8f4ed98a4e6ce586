/**
 * `npm run server -- --port N [--dialect im2|xuqm|both] [--seed FILE] [--quiet] [--no-bots]`
 * `        [--managed-config-out FILE --as USER [--account-dialect im2|xuqm]]`
 *
 * The demo server from the command line. Prints its addresses and demo credentials, and on request writes a managed
 * configuration that signs an app in as one of its people. For loopback only; its tokens are worth nothing elsewhere.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { managedConfiguration } from './managedConfig.ts'
import { demoSeed, readSeed } from './seed.ts'
import { createDemoServer } from './server.ts'
import type { DialectName } from './types.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    dialect: { type: 'string', default: 'both' },
    seed: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    'no-bots': { type: 'boolean', default: false },
    'managed-config-out': { type: 'string' },
    as: { type: 'string', default: 'alice' },
    'account-dialect': { type: 'string' },
  },
})

function dialectsOf(name: string): DialectName[] {
  if (name === 'both') return ['im2', 'xuqm']
  if (name === 'im2' || name === 'xuqm') return [name]
  throw new Error(`--dialect is im2, xuqm or both, not "${name}"`)
}

const dialects = dialectsOf(values.dialect)
const seed = values.seed === undefined ? demoSeed : readSeed(values.seed)
const server = await createDemoServer({
  port: Number(values.port),
  dialects,
  seed,
  bots: !values['no-bots'],
  log: (line) => {
    if (!values.quiet) console.error(line)
  },
})

const out = values['managed-config-out']
if (out !== undefined) {
  const accounts = values['account-dialect'] === undefined ? dialects : dialectsOf(values['account-dialect'])
  const configuration = managedConfiguration({ server, seed, userId: values.as, dialects: accounts })
  // The file holds tokens.
  writeFileSync(out, `${JSON.stringify(configuration, null, 2)}\n`, { mode: 0o600 })
}

const people = seed.users.filter((user) => user.bot !== true).slice(0, 4)
console.log(
  JSON.stringify({
    urls: Object.fromEntries(dialects.map((dialect) => [dialect, server.url(dialect)])),
    upload: `${server.origin}/upload`,
    control: `${server.origin}/control/`,
    ...(dialects.includes('xuqm') ? { appKey: server.appKey } : {}),
    tokens: Object.fromEntries(people.map(({ userId }) => [userId, server.issueToken(userId)])),
  }),
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void server.close().then(() => process.exit(0))
  })
}
