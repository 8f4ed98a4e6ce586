/**
 * A client in a process of its own, as a test holds it: calls as to any client, and what an operating system can do to
 * a process. What was answered before its end has been answered; whatever was open then is rejected.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import type { ConnectionStatus } from '#common/domain/connection.ts'
import { typedThreadFlags } from '../../../build/scripts/typedThreads.ts'
import type { Call, CommandName, Commands, Said } from './commands.ts'

export interface ClientProcess extends Commands {
  /** Resolves once it runs. */
  readonly pid: Promise<number>
  /** Every state the connection was in, with the time by the machine's wall clock. */
  readonly states: { readonly at: number; readonly status: ConnectionStatus }[]
  /** The signal that ended it, or the exit code. */
  readonly ended: Promise<NodeJS.Signals | number | null>
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT. */
  stop(): Promise<void>
  cont(): Promise<void>
  /** Ends it in whatever way it takes. */
  dispose(): Promise<void>
}

export interface ClientProcessOptions {
  /** A program to run it in, with its arguments, such as a tracer. */
  readonly under?: readonly [program: string, ...args: string[]]
}

const main = new URL('./main.ts', import.meta.url).pathname
export function startProcess({ under }: ClientProcessOptions = {}): ClientProcess {
  const child = launch(under)
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const states: ClientProcess['states'] = []
  const pid = Promise.withResolvers<number>()
  let lastId = 0
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.on('message', (said: Said) => {
    if (said.type === 'state') {
      states.push({ at: said.at, status: said.status })
      return
    }
    if (said.type === 'hello') return pid.resolve(said.pid)
    const open = waiting.get(said.id)
    waiting.delete(said.id)
    if (said.type === 'answer') open?.resolve(said.value)
    else open?.reject(new Error(said.error))
  })
  // Not `exit`: what it said before its end is read first.
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.once('close', (code, signal) => {
      for (const open of waiting.values()) open.reject(new Error(`the client's process is gone ${errors}`))
      waiting.clear()
      pid.reject(new Error(`the client's process never ran ${errors}`))
      resolve(signal ?? code)
    })
  })

  function ask(name: CommandName, args: readonly unknown[]): Promise<unknown> {
    const open = Promise.withResolvers<unknown>()
    const call: Call = { id: ++lastId, name, args }
    waiting.set(call.id, open)
    if (child.connected) child.send(call, () => undefined)
    else open.reject(new Error(`the client's process is gone ${errors}`))
    // Whoever does not wait for the answer is told by `ended`.
    open.promise.catch(() => undefined)
    return open.promise
  }

  const command = <Name extends CommandName>(name: Name): Commands[Name] =>
    ((...args: readonly unknown[]) => ask(name, args)) as Commands[Name]
  pid.promise.catch(() => undefined)
  // The process itself, not what it runs under.
  const signal = async (name: NodeJS.Signals): Promise<void> => void process.kill(await pid.promise, name)
  const kill = async (): Promise<void> => {
    await signal('SIGKILL')
    await ended
  }
  return {
    start: command('start'),
    reaches: command('reaches'),
    state: command('state'),
    opens: command('opens'),
    says: command('says'),
    edits: command('edits'),
    recalls: command('recalls'),
    retries: command('retries'),
    cancels: command('cancels'),
    drafts: command('drafts'),
    marksRead: command('marksRead'),
    reads: command('reads'),
    outboxSize: command('outboxSize'),
    unread: command('unread'),
    settles: command('settles'),
    tryNow: command('tryNow'),
    faults: command('faults'),
    memory: command('memory'),
    close: command('close'),
    pid: pid.promise,
    states,
    ended,
    kill,
    stop: () => signal('SIGSTOP'),
    cont: () => signal('SIGCONT'),
    async dispose() {
      if (child.exitCode === null && child.signalCode === null) await kill()
    },
  }
}

function launch(under: ClientProcessOptions['under']): ChildProcess {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS$|NODE_ENV$)/.test(name)),
  )
  if (under === undefined)
    return fork(main, [], { env, execArgv: typedThreadFlags, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const [program, ...args] = under
  return spawn(program, [...args, process.execPath, ...typedThreadFlags, main], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}
