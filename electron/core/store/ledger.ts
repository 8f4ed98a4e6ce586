/**
 * The notification ledger: what was decided about each occasion, and why.
 *
 * Promises: a decision is there once, however often it is told (a request may be repeated); the ledger is bounded in
 * number and age. Must never hold words of anybody, nor be part of the transaction that brings a message: a ledger that
 * cannot be written costs nobody a message.
 */
import { type Decision, ledgerDays, ledgerSize } from '#common/contract/ledger.ts'
import type { LedgerEntry } from '#common/domain/notification/ledger.ts'
import type { DecisionsRequest } from '../ports/store.ts'
import type { UnitOfWork } from './unit.ts'

const dayMs = 86_400_000

/** The oldest moment that is still told of, by the local clock. */
export const ledgerSince = (now: number): number => now - ledgerDays * dayMs

export function noteDecisions(unit: UnitOfWork, entries: readonly Omit<LedgerEntry, 'id'>[]): void {
  if (entries.length === 0) return
  unit.write('normal', () => {
    let latest = 0
    // More than are kept need not be written.
    for (const entry of entries.slice(-ledgerSize)) {
      unit.rows.ledger.add(entry)
      latest = Math.max(latest, entry.at)
    }
    unit.rows.ledger.trim(ledgerSize, ledgerSince(latest))
  })
}

export function readDecisions(unit: UnitOfWork, request: DecisionsRequest): Decision[] {
  return unit.rows.ledger.list(request).map((entry) => ({ ...entry, ...subjectOf(unit, entry) }))
}

/** Looked up when it is asked for: what was renamed has its new name, and what is gone says so. */
function subjectOf(unit: UnitOfWork, entry: LedgerEntry): Pick<Decision, 'senderId' | 'title' | 'gone'> {
  const message = entry.messageId === null ? undefined : unit.message(entry.messageId)
  const notice = entry.noticeId === null ? undefined : unit.rows.notices.get(entry.noticeId)
  return {
    senderId: message === undefined || message.deleted ? null : message.senderId,
    title: notice?.title ?? null,
    gone: (entry.messageId !== null && message?.deleted !== false) || (entry.noticeId !== null && notice === undefined),
  }
}
