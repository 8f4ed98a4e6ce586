/**
 * Sees to it that there is a RabbitMQ to talk to: on Debian, as root, a missing one is installed by itself, and said
 * so. Anywhere else, or without a network, the tests that need it are skipped and the reason is printed.
 *
 * Must never start the service that comes with the package, nor install anything on another system.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { brokerIsInstalled } from './rabbitmq.ts'

const installWithinMs = 300_000
/** What Debian asks before it starts a service; 101 is "no". */
const policyFile = '/usr/sbin/policy-rc.d'

export default function setup(): void {
  if (brokerIsInstalled()) return
  if (isDebianRoot()) install()
  if (!brokerIsInstalled()) {
    console.error('No RabbitMQ here: the interop tests are skipped (Debian: apt-get install rabbitmq-server).')
  }
}

function isDebianRoot(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

function install(): void {
  console.error('No RabbitMQ found: installing rabbitmq-server with apt-get…')
  const ownPolicy = !existsSync(policyFile)
  if (ownPolicy) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const packages = ['install', '-y', '--no-install-recommends', 'rabbitmq-server']
    // Mostly the lists are there already; fetching them costs more than finding out.
    if (aptGet(packages) !== null && aptGet(['update']) === null) {
      const problem = aptGet(packages)
      if (problem !== null) console.error(`apt-get install failed: ${problem}`)
    }
  } finally {
    if (ownPolicy) rmSync(policyFile, { force: true })
  }
}

/** What went wrong, or null. */
function aptGet(args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync('apt-get', ['-qq', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: installWithinMs,
  })
  if (status === 0) return null
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? ''
}
