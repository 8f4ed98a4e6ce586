/** What a process wrote and made durable, as the operating system saw it: the output of strace, read. */
import { spawnSync } from 'node:child_process'

/** Why it cannot be used here, or null. */
export const missingStrace: string | null =
  spawnSync('strace', ['-f', '-e', 'trace=fdatasync', 'true']).status === 0 ? null : 'no strace that may trace'

/** The words of a command line that has its program traced into `file`. */
export function straceInto(file: string): readonly [string, ...string[]] {
  const calls = 'pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync,ftruncate,unlink'
  return ['strace', '-f', '-y', '-xx', '-s', '20000', '-e', `trace=${calls}`, '-o', file]
}

/** In the order of happening; a write when it began, a sync when it had ended. */
export type TracedCall =
  | { readonly call: 'write'; readonly path: string; readonly bytes: Buffer; readonly offset: number | null }
  | { readonly call: 'sync'; readonly path: string }
  | { readonly call: 'truncate'; readonly path: string; readonly size: number }
  | { readonly call: 'unlink'; readonly path: string }

const line = /^(?<pid>\d+) +(?<rest>.*)$/
const begun = /^(?<name>\w+)\((?:(?<fd>\d+)<(?<path>[^>]*)>)?(?<rest>.*)$/
const resumed = /^<\.\.\. (?<name>\w+) resumed>/
const strings = /"((?:\\x[0-9a-f]{2})*)"/g

export function readTrace(text: string): TracedCall[] {
  const calls: TracedCall[] = []
  /** What a thread is in the middle of. */
  const open = new Map<string, TracedCall>()
  for (const row of text.split('\n')) {
    const { pid = '', rest = '' } = line.exec(row)?.groups ?? {}
    if (resumed.test(rest)) {
      const call = open.get(pid)
      open.delete(pid)
      if (call !== undefined) calls.push(call)
      continue
    }
    const call = readCall(rest)
    if (call === null) continue
    if (call.call !== 'write' && rest.includes('<unfinished ...>')) open.set(pid, call)
    else calls.push(call)
  }
  return calls
}

function readCall(text: string): TracedCall | null {
  const { name, path: hexPath = '', rest = '' } = begun.exec(text)?.groups ?? {}
  const path = unescaped(hexPath).toString()
  switch (name) {
    case 'pwrite64':
      return { call: 'write', path, bytes: stringsIn(rest), offset: Number(/, \d+, (\d+)/.exec(rest)?.[1] ?? 'NaN') }
    case 'write':
    case 'writev':
    case 'sendto':
    case 'sendmsg':
      return { call: 'write', path, bytes: stringsIn(rest), offset: null }
    case 'fsync':
    case 'fdatasync':
      return { call: 'sync', path }
    case 'ftruncate':
      return { call: 'truncate', path, size: Number(/, (\d+)/.exec(rest)?.[1] ?? 'NaN') }
    case 'unlink':
      return { call: 'unlink', path: stringsIn(rest).toString() }
    default:
      return null
  }
}

function stringsIn(text: string): Buffer {
  return Buffer.concat(Array.from(text.matchAll(strings), ([, escaped = '']) => unescaped(escaped)))
}

function unescaped(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex')
}

/** The payloads of the WebSocket frames of a client, one behind the other; empty for anything else. */
export function unmasked(bytes: Buffer): Buffer {
  const payloads: Buffer[] = []
  for (let at = 0; at + 6 <= bytes.length;) {
    const [, second = 0] = bytes.subarray(at)
    if ((second & 0x80) === 0) break
    let length = second & 0x7f
    at += 2
    if (length === 126) {
      length = bytes.readUInt16BE(at)
      at += 2
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at))
      at += 8
    }
    const mask = bytes.subarray(at, at + 4)
    at += 4
    payloads.push(bytes.subarray(at, at + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0)) as Buffer)
    at += length
  }
  return Buffer.concat(payloads)
}
