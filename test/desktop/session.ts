/**
 * A Linux desktop for tests: a display, a session bus, a real notification daemon, and dbus-monitor as the witness of
 * what went over the bus. Nothing of the machine's own session is touched.
 *
 * Promises that everything it starts ends with it. Must never start a daemon by itself: a test says which and when.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'

function found(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

/** Why the tests cannot run here, or null. */
export function missingPrograms(programs: readonly string[]): string | null {
  if (process.platform !== 'linux') return 'not a Linux'
  const missing = programs.filter((program) => !found(program))
  return missing.length === 0 ? null : `no ${missing.join(', ')}`
}

export const desktopPrograms = ['dbus-run-session', 'dbus-monitor', 'Xvfb', 'dunst', 'dunstctl', 'xdotool'] as const

/** In the title of a suite, so that what is left out is seen. */
export function skippedTitle(missing: string | null): string {
  return missing === null ? '' : ` (skipped: ${missing})`
}

export interface Daemon {
  readonly name: string
  /** The program; absolute where Debian keeps it out of the path. */
  readonly program: string
}

export const daemons: readonly Daemon[] = [
  { name: 'dunst', program: 'dunst' },
  { name: 'notification-daemon', program: '/usr/lib/notification-daemon/notification-daemon' },
  { name: 'xfce4-notifyd', program: '/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd' },
]

export function isThere({ program }: Daemon): boolean {
  return program.startsWith('/') ? existsSync(program) : found(program)
}

/** One message on the bus, as dbus-monitor prints it. */
export interface Witnessed {
  readonly kind: 'method call' | 'method return' | 'signal' | 'error'
  readonly member: string
  readonly text: string
  readonly sender: string
  /** By which an answer names its call. */
  readonly serial: string
  /** Its strings, in order. */
  readonly strings: readonly string[]
}

export interface DesktopSession {
  readonly address: string
  readonly env: Readonly<Record<string, string>>
  /** Where the daemon's choice of an action is read from: the text of a line of its menu. */
  choose(action: string): void
  startDaemon(daemon?: Daemon): Promise<ChildProcess>
  /** SIGTERM, and gone from the bus. */
  stopDaemon(): Promise<void>
  run(program: string, ...args: string[]): string
  /** All there was since the last `forget`, oldest first. */
  witnessed(member?: string): readonly Witnessed[]
  /** The number the daemon gave to what a `Notify` asked for; null: no answer yet. */
  numberOf(call: Witnessed | undefined): number | null
  forget(): void
  /** What dbus-monitor wrote since the start, for evidence. */
  transcript(): string
  stop(): Promise<void>
}

export interface DesktopSessionOptions {
  /** The name is owned by dunst as soon as somebody calls it. */
  readonly activatable?: true
}

export async function startDesktopSession(options: DesktopSessionOptions = {}): Promise<DesktopSession> {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-desktop-'))
  const children: ChildProcess[] = []
  const stop = async (): Promise<void> => {
    for (const child of children.reverse()) await ended(child)
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    return await startIn(dir, children, stop, options)
  } catch (error) {
    await stop()
    throw error
  }
}

async function startIn(
  dir: string,
  children: ChildProcess[],
  stop: () => Promise<void>,
  options: DesktopSessionOptions,
): Promise<DesktopSession> {
  const start = (program: string, args: string[], env: NodeJS.ProcessEnv, ...pipes: 'pipe'[]): ChildProcess => {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe', ...pipes] })
    children.push(child)
    // Without a reader a full pipe would stop it.
    child.stderr?.resume()
    return child
  }

  const display = start(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1000x700x24', '-nolisten', 'tcp'],
    process.env,
    'pipe',
  )
  const base: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: dir,
    XDG_RUNTIME_DIR: dir,
    LANG: 'C.UTF-8',
    DISPLAY: `:${(await line(display.stdio[3])).trim()}`,
  }
  const chosen = join(dir, 'chosen')
  const dunstrc = writeDunst(dir, chosen)
  const bus = start(
    'dbus-run-session',
    [
      '--config-file',
      writeBus(dir, dunstrc, options.activatable === true),
      '--',
      'sh',
      '-c',
      'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat',
    ],
    base,
  )
  const address = (await line(bus.stdout)).trim()
  const env: Record<string, string> = { DBUS_SESSION_BUS_ADDRESS: address }
  for (const [key, value] of Object.entries(base)) if (value !== undefined) env[key] = value

  const monitor = start('dbus-monitor', ['--address', address, ...rules], env)
  let written = ''
  let forgotten = 0
  monitor.stdout?.setEncoding('utf8').on('data', (text: string) => (written += text))
  const run = (program: string, ...args: string[]): string => {
    const done = spawnSync(program, args, { env, encoding: 'utf8', timeout: 20_000 })
    if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr}`)
    return done.stdout
  }
  const owns = (): boolean => run(...busCall('NameHasOwner', 'string:org.freedesktop.Notifications')).includes('true')
  await until(() => written.includes('NameAcquired'), 'dbus-monitor watches')

  let daemon: ChildProcess | null = null
  return {
    address,
    env,
    choose: (action) => writeFileSync(chosen, action),
    async startDaemon(which = daemons[0]) {
      if (which === undefined) throw new Error('no daemon')
      const started = start(which.program, which.name === 'dunst' ? ['-conf', dunstrc] : [], env)
      started.stdout?.resume()
      daemon = started
      await until(owns, `${which.name} is on the bus`)
      return started
    },
    async stopDaemon() {
      if (daemon === null) return
      await ended(daemon)
      daemon = null
      await until(() => !owns(), 'the daemon is gone')
    },
    run,
    witnessed: (member) =>
      parse(written.slice(forgotten)).filter((message) => member === undefined || message.member === member),
    numberOf: (call) => {
      if (call === undefined) return null
      const answer = parse(written).find(
        ({ kind, text }) =>
          kind === 'method return' &&
          text.includes(`-> destination=${call.sender} `) &&
          text.includes(`reply_serial=${call.serial}\n`),
      )
      const number = /uint32 (\d+)/.exec(answer?.text ?? '')?.[1]
      return number === undefined ? null : Number(number)
    },
    forget: () => void (forgotten = written.length),
    transcript: () => written,
    stop,
  }
}

function until(is: () => boolean, what: string): Promise<void> {
  const check = (): void => {
    if (!is()) throw new Error(`not yet: ${what}`)
  }
  return vi.waitFor(check, { timeout: 20_000, interval: 50 })
}

const rules = ["interface='org.freedesktop.Notifications'", "member='NameOwnerChanged'", "type='method_return'"]

function busCall(member: string, ...args: string[]): [string, ...string[]] {
  const to = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus']
  return ['dbus-send', ...to, `org.freedesktop.DBus.${member}`, ...args]
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  // A bus whose runner is killed stays behind; one whose program ends does not.
  if (child.spawnfile === 'dbus-run-session') child.stdin?.end()
  else child.kill('SIGTERM')
  await exit
}

async function line(stream: unknown): Promise<string> {
  let text = ''
  if (stream === null || typeof stream !== 'object' || !(Symbol.asyncIterator in stream)) throw new Error('no pipe')
  const chunks: AsyncIterable<unknown> = stream as AsyncIterable<unknown>
  for await (const chunk of chunks) {
    text += String(chunk)
    if (text.includes('\n')) return text
  }
  throw new Error(`ended: ${text}`)
}

/** A bus that starts nothing by itself, but dunst where that is asked for. */
function writeBus(dir: string, dunstrc: string, activatable: boolean): string {
  const services = join(dir, 'services')
  mkdirSync(services)
  if (activatable)
    writeFileSync(
      join(services, 'notifications.service'),
      `[D-BUS Service]\nName=org.freedesktop.Notifications\nExec=/usr/bin/dunst -conf ${dunstrc}\n`,
    )
  const file = join(dir, 'bus.conf')
  writeFileSync(
    file,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=${dir}</listen>
  <servicedir>${services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  )
  return file
}

/** A click does the action; the right button opens the menu of actions, in which a script chooses for the user. */
function writeDunst(dir: string, chosen: string): string {
  const menu = join(dir, 'menu.sh')
  writeFileSync(menu, `#!/bin/sh\ngrep -F "$(cat ${chosen})" | head -n 1\n`, { mode: 0o755 })
  const file = join(dir, 'dunstrc')
  writeFileSync(
    file,
    `[global]
    width = 400
    height = 300
    offset = 10x10
    origin = top-right
    markup = full
    format = "<b>%s</b>\\n%b"
    show_age_threshold = -1
    font = Sans 11
    dmenu = ${menu}
    mouse_left_click = do_action
    mouse_middle_click = close_current
    mouse_right_click = context
[urgency_low]
    timeout = 60
[urgency_normal]
    timeout = 60
[urgency_critical]
    timeout = 60
`,
  )
  return file
}

/** dbus-monitor's text: a head at the start of a line, what it carries indented below. */
function parse(text: string): Witnessed[] {
  const heads = [...text.matchAll(/^(method call|method return|signal|error) time=.*$/gm)]
  return heads.map((head, index) => {
    const block = text.slice(head.index, heads[index + 1]?.index)
    return {
      kind: head[1] as Witnessed['kind'],
      member: / member=(\w+)/.exec(head[0])?.[1] ?? '',
      text: block,
      sender: / sender=(\S+)/.exec(head[0])?.[1] ?? '',
      serial: / serial=(\d+)/.exec(head[0])?.[1] ?? '',
      strings: [...block.matchAll(/string "([^]*?)"\n(?=\s|$|[a-z])/g)].map((match) => match[1] ?? ''),
    }
  })
}

/** For those who look: everything the bus carried, where a folder is named for it. */
export function keepEvidence(name: string, session: DesktopSession): void {
  const dir = process.env['GODWIT_DESKTOP_EVIDENCE']
  if (dir === undefined) return
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, `${name}.txt`), session.transcript())
}
