/**
 * A session bus of a test's own, with a tray that can be taken away and given back: what a desktop's shell does when it
 * is restarted, or when the screen is locked. The bus is the system's own dbus-daemon.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Message, Variant, sessionBus } from '@jellybrick/dbus-next'

const watcherName = 'org.kde.StatusNotifierWatcher'

/** Null: it is there. Else why not, for a title. */
export const busMissing =
  process.platform !== 'linux'
    ? 'only Linux has a session bus'
    : spawnSync('dbus-daemon', ['--version']).status === 0
      ? null
      : 'no dbus-daemon installed'

export interface DesktopBus {
  readonly address: string
  /** The desktop shows tray icons. */
  giveTray(): Promise<void>
  takeTray(): Promise<void>
  close(): void
}

export async function startDesktopBus(): Promise<DesktopBus> {
  const folder = mkdtempSync(join(tmpdir(), 'godwit-bus-'))
  const config = join(folder, 'bus.conf')
  writeFileSync(config, busConfig(folder))
  const daemon = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const address = await firstLine(daemon)
  const bus = sessionBus({ busAddress: address })
  bus.addMethodHandler((message) => {
    const asksForHost =
      message.path === '/StatusNotifierWatcher' &&
      message.member === 'Get' &&
      message.body[1] === 'IsStatusNotifierHostRegistered'
    if (asksForHost) bus.send(Message.newMethodReturn(message, 'v', [new Variant('b', true)]))
    return asksForHost
  })
  return {
    address,
    async giveTray() {
      await bus.requestName(watcherName, 0)
    },
    async takeTray() {
      await bus.releaseName(watcherName)
    },
    close() {
      bus.disconnect()
      daemon.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Open to all who know the address, and without services that it could start: what this machine has is nobody's part. */
function busConfig(folder: string): string {
  return `<busconfig>
    <type>session</type>
    <listen>unix:dir=${folder}</listen>
    <policy context="default">
      <allow send_destination="*" />
      <allow receive_sender="*" />
      <allow own="*" />
    </policy>
  </busconfig>`
}

function firstLine(daemon: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    daemon.once('error', reject)
    daemon.once('exit', () => reject(new Error('dbus-daemon ended')))
    daemon.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
  })
}
