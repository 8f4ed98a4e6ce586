/**
 * A RabbitMQ of our own with its web STOMP plugin: loopback only, free ports, its own data folder, node name, cookie
 * and port mapper.
 *
 * Promises: the machine's own RabbitMQ, if one runs, is not touched; `dispose` ends every process started here, by its
 * own id, and removes the folder.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The package's own script: the one in PATH changes to the service's user. */
const serverScript = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const portMapper = '/usr/bin/epmd'

const startWithinMs = 120_000
const stopWithinMs = 30_000

export function brokerIsInstalled(): boolean {
  return process.platform === 'linux' && existsSync(serverScript) && existsSync(portMapper)
}

export interface Broker {
  readonly port: number
  readonly url: string
  /** Starts it, or starts it again, with what it had stored. Settled when it takes connections. */
  start(): Promise<void>
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>
  dispose(): Promise<void>
}

export async function createBroker(): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'godwit-broker-'))
  const [port, mapperPort, nodePort] = await Promise.all([freePort(), freePort(), freePort()])
  const env = environment({ folder, mapperPort, nodePort })
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_stomp,rabbitmq_web_stomp].\n')
  writeFileSync(
    join(folder, 'rabbitmq.conf'),
    [
      'listeners.tcp = none',
      'stomp.listeners.tcp = none',
      'web_stomp.tcp.ip = 127.0.0.1',
      `web_stomp.tcp.port = ${port}`,
      // Bodies come back byte for byte; as text, bytes that are none would break the WebSocket.
      'web_stomp.ws_frame = binary',
      'log.console = true',
      'log.file = false',
      '',
    ].join('\n'),
  )
  const mapper = run(portMapper, ['-port', String(mapperPort), '-address', '127.0.0.1'], env)
  let server: ChildProcess | null = null
  let words = ''

  const stop = async (): Promise<void> => {
    const running = server
    server = null
    if (running !== null) await end(running)
  }
  return {
    port,
    url: `ws://127.0.0.1:${port}/ws`,
    async start() {
      const started = run(serverScript, [], env)
      server = started
      words = ''
      const listen = (text: Buffer): void => {
        words = (words + text.toString()).slice(-4000)
      }
      started.stdout?.on('data', listen)
      started.stderr?.on('data', listen)
      const deadline = performance.now() + startWithinMs
      while (!(await answers(port))) {
        if (started.exitCode !== null || performance.now() > deadline) {
          await stop()
          throw new Error(`the broker did not start: ${words}`)
        }
        await sleep(100)
      }
    },
    stop,
    async dispose() {
      await stop()
      await end(mapper)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function environment(own: { folder: string; mapperPort: number; nodePort: number }): NodeJS.ProcessEnv {
  const at = (name: string): string => join(own.folder, name)
  mkdirSync(at('log'))
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    // The cookie is written here.
    HOME: own.folder,
    ERL_EPMD_PORT: String(own.mapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'godwit-interop@localhost',
    RABBITMQ_DIST_PORT: String(own.nodePort),
    RABBITMQ_MNESIA_BASE: at('data'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_PID_FILE: at('broker.pid'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: at('no-such-file'),
    RABBITMQ_ADVANCED_CONFIG_FILE: at('no-such-file.config'),
    RABBITMQ_GENERATED_CONFIG_DIR: at('generated'),
    RABBITMQ_SCHEMA_DIR: at('schema'),
    RABBITMQ_FEATURE_FLAGS_FILE: at('feature_flags'),
    RABBITMQ_PLUGINS_EXPAND_DIR: at('plugins'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    // One scheduler that does not spin while it waits: the machine is shared with the other tests.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}',
  }
}

/** In a process group of its own, because the script leaves its children behind. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.resume()
  child.stderr.resume()
  // A run that ends early leaves nothing behind either.
  const last = (): void => {
    if (child.pid !== undefined) signal(child.pid, 'SIGKILL')
  }
  process.once('exit', last)
  child.once('close', () => process.off('exit', last))
  return child
}

async function end(child: ChildProcess): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  if (child.exitCode === null && child.signalCode === null) {
    signal(pid, 'SIGTERM')
    await Promise.race([closed, sleep(stopWithinMs, undefined, { ref: false })])
  }
  signal(pid, 'SIGKILL')
}

/** To the whole group; that it has ended already is what was wanted. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const say = (answer: boolean) => (): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', say(true))
    socket.once('error', say(false))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
