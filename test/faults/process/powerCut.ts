/**
 * A disk that loses its power: files built from the writes a process made, where a page that was not made durable before
 * the end is on the disk or not, as it happens.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { TracedCall } from './strace.ts'

type Change = Extract<TracedCall, { call: 'write' | 'truncate' }>

/** What the system writes back as one. */
const pageBytes = 4096

/** The files whose path begins with `prefix`, as the disk has them after these calls, written into `dir`. */
export function afterPowerCut(
  calls: readonly TracedCall[],
  prefix: string,
  dir: string,
  survives: () => boolean,
): void {
  const durable = new Map<string, Buffer>()
  const cached = new Map<string, Buffer>()
  for (const call of calls) {
    if (!call.path.startsWith(prefix)) continue
    const now = cached.get(call.path) ?? Buffer.alloc(0)
    if (call.call === 'sync') durable.set(call.path, now)
    else if (call.call === 'unlink') {
      durable.delete(call.path)
      cached.delete(call.path)
    } else cached.set(call.path, changed(now, call))
  }
  mkdirSync(dir, { recursive: true })
  for (const [path, now] of cached) writeFileSync(join(dir, basename(path)), left(durable.get(path), now, survives))
}

/** Each page as it was last made durable, or as it was meant to be. */
function left(durable: Buffer = Buffer.alloc(0), cached: Buffer, survives: () => boolean): Buffer {
  let file = durable
  for (let at = 0; at < cached.length; at += pageBytes) {
    const page = cached.subarray(at, at + pageBytes)
    if (page.equals(durable.subarray(at, at + pageBytes)) || !survives()) continue
    file = changed(file, { call: 'write', path: '', bytes: page, offset: at })
  }
  return file
}

function changed(before: Buffer, change: Change): Buffer {
  if (change.call === 'truncate') {
    const cut = Buffer.alloc(change.size)
    before.copy(cut)
    return cut
  }
  const at = change.offset ?? before.length
  const after = Buffer.alloc(Math.max(before.length, at + change.bytes.length))
  before.copy(after)
  change.bytes.copy(after, at)
  return after
}
