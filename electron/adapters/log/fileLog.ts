/** The log file of the application: rotating, redacted. The only user of electron-log. */
import log from 'electron-log/node'
import type { Log } from '#electron/core/ports/platform.ts'
import { redact } from './redact.ts'

const maxLogBytes = 2 * 1024 * 1024

/**
 * Lines go to `file` (one older file is kept) and, when `echo` is set, to the standard streams. What cannot be written
 * is lost without a word: an error of the log that reached the log would never end.
 */
export function createFileLog({ file, echo }: { file: string; echo: boolean }): Log {
  log.hooks.push((message) => ({ ...message, data: message.data.map((item) => redact(item)) }))
  log.transports.file.resolvePathFn = () => file
  log.transports.file.maxSize = maxLogBytes
  log.transports.file.level = 'info'
  log.transports.console.level = echo ? 'info' : false
  // The library says on the console that the file cannot be written, and the terminal may be gone as well.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, facts?: Readonly<Record<string, unknown>>): void =>
      facts === undefined ? log[level](message) : log[level](message, facts)
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
