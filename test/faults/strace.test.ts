/**
 * F16: before a message is on the wire, and before its writer is told that it is accepted, it is on the disk: proved by
 * what the operating system was asked for. A killed process proves nothing here, since a killed process loses nothing.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import type { DialectName } from '#test/server/types.ts'
import { wholeRun } from './fault.ts'
import { rigProcess } from './process/inRig.ts'
import { afterPowerCut } from './process/powerCut.ts'
import { type TracedCall, missingStrace, readTrace, straceInto, unmasked } from './process/strace.ts'
import { rigFault } from './rig.ts'

const count = wholeRun ? 12 : 6

describe('a message that is sent', () => {
  const dialects: readonly DialectName[] = wholeRun ? ['im2', 'xuqm'] : ['im2']
  const options = { missing: missingStrace, timeoutMs: 120_000, dialects }
  rigFault('F16', 'fsync between the commit and the wire; power cut at every answer', options, async (rig, notes) => {
    const traceFile = join(rig.dir, 'trace')
    mkdirSync(join(rig.dir, 'device-alice'), { recursive: true })
    const { process, databaseFile, start } = rigProcess(rig, 'alice', { under: straceInto(traceFile) })
    await start()
    await process.reaches('online')
    const chats = [await process.opens({ person: 'bob' }), await process.opens({ group: 'g-release' })]
    const texts = Array.from({ length: count }, (_, n) => `message ${n} of ${count}, on the disk first`)
    for (const [n, text] of texts.entries()) {
      await process.says(chats[n % 2] ?? '', text)
      rig.server.control.message({ dialect: rig.dialect, from: 'bob', to: 'alice', text: `an answer to ${n}` })
    }
    await process.settles()
    await process.kill()
    const calls = readTrace(readFileSync(traceFile, 'utf8'))

    const wires = calls.map(sent)
    for (const text of texts) {
      const wire = wires.findIndex((bytes) => bytes?.includes(text) === true)
      const committed = calls.findIndex((call) => isWrite(call, `${databaseFile}-wal`) && call.bytes.includes(text))
      expect(committed, `${text}: never in the log`).toBeGreaterThanOrEqual(0)
      expect(wire, `${text}: never on the wire`).toBeGreaterThan(committed)
      // The last page of the transaction counts, not the first.
      const between = calls.slice(committed, wire)
      const synced = between.findIndex((call) => call.call === 'sync' && call.path === `${databaseFile}-wal`)
      expect(synced, `${text}: on the wire before it was on the disk`).toBeGreaterThan(0)
    }
    const syncs = calls.filter((call) => call.call === 'sync' && call.path === `${databaseFile}-wal`).length
    notes.add(`${syncs} syncs of the log for ${count} messages (${rig.dialect})`)

    const answers = calls.flatMap((call, index) => (isAnswer(call) ? [index] : []))
    let lost = 0
    for (const [n, at] of answers.entries()) {
      for (const [how, survives] of [
        ['none', () => false],
        ['some', () => rig.random() < 0.5],
      ] as const) {
        const dir = join(rig.dir, `cut-${n}-${how}`)
        afterPowerCut(calls.slice(0, at), databaseFile, dir, survives)
        lost += missingOf(texts.slice(0, saidBefore(calls, at, texts)), join(dir, 'messages.db'))
      }
    }
    expect(lost).toBe(0)
    notes.add(`0 lost in ${2 * answers.length} power cuts (${rig.dialect})`)

    const again = await rig.client('alice')
    await again.reaches('online')
  })
})

function isWrite(call: TracedCall, path: string): call is Extract<TracedCall, { call: 'write' }> {
  return call.call === 'write' && call.path === path
}

/** What the call puts on the wire, frames of a client being masked; null for all other calls. */
function sent(call: TracedCall): Buffer | null {
  return call.call === 'write' && /^(socket|TCP)/.test(call.path) ? unmasked(call.bytes) : null
}

/** The client tells the one who wrote. */
function isAnswer(call: TracedCall): boolean {
  return call.call === 'write' && call.bytes.includes('"type":"answer"')
}

/** How many of the texts were accepted: the answers are given in their order, after those to four other calls. */
function saidBefore(calls: readonly TracedCall[], at: number, texts: readonly string[]): number {
  const given = calls.slice(0, at + 1).filter(isAnswer).length
  return Math.min(Math.max(0, given - 4), texts.length)
}

/** How many of the accepted messages the database does not have. */
function missingOf(texts: readonly string[], file: string): number {
  const opened = openAccountStore({ file, selfId: 'alice' })
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`)
  const store = opened.value
  try {
    const rows = store.snapshot().conversations.flatMap(({ id }) => {
      const page = store.page(id, { at: 'newest' }, 200)
      return page.ok ? page.value.messages : []
    })
    const queued = store.outboxHeads([], 100).length
    const there = new Set(rows.map(({ content }) => ('text' in content ? content.text : '')))
    const unsent = rows.filter(({ state }) => state === 'sending').length
    if (unsent > 0 && queued === 0) return texts.length
    return texts.filter((text) => !there.has(text)).length
  } finally {
    store.close()
  }
}
