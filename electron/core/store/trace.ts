/**
 * The trace of messages written here: what happened to each, in the same transaction as the thing itself, so that it
 * never says what was not. It costs a row per step and nothing for messages of others. Equal writings in a row are one
 * step with a count, and a message keeps a bounded number of steps; a deleted message keeps none.
 */
import { type TraceStep, maxTraceSteps } from '#common/domain/trace.ts'
import type { MessageRow, TraceRow } from './rows.ts'
import type { UnitOfWork } from './unit.ts'

type Facts = Pick<TraceStep, 'step'> & Partial<Omit<TraceStep, 'step' | 'at' | 'times' | 'lastAt'>>

/** Call inside the transaction that does what the step tells of. */
export function noteStep(unit: UnitOfWork, message: MessageRow, facts: Facts): void {
  if (message.deleted) return
  const { trace } = unit.rows
  const known = trace.of(message.id)
  const last = known.at(-1)
  const step: TraceStep = {
    command: 'send',
    serverTime: null,
    number: null,
    cause: null,
    proof: null,
    code: null,
    detail: null,
    ...facts,
    at: unit.at,
    times: 1,
    lastAt: unit.at,
  }
  if (last !== undefined && isSameRetry(last, step)) {
    trace.put(message.id, { ...last, number: step.number, times: last.times + 1, lastAt: step.at })
    return
  }
  if (known.length >= maxTraceSteps) trace.remove(message.id, leastMissed(known))
  trace.put(message.id, { ...step, position: (last?.position ?? 0) + 1 })
}

function isSameRetry(last: TraceRow, next: TraceStep): boolean {
  if (last.step !== 'written' || next.step !== 'written' || next.cause === null) return false
  return last.command === next.command && last.cause === next.cause && last.code === next.code
}

/** The oldest writing but the first; where there is none, the oldest step but the first. */
function leastMissed(known: readonly TraceRow[]): number {
  const later = known.slice(1)
  return (later.find(({ step, cause }) => step === 'written' && cause !== null) ?? later[0])?.position ?? 0
}

/** Oldest first; empty for a message that was not written here, or by a version that kept no trace. */
export function readTrace(unit: UnitOfWork, messageId: number): TraceStep[] {
  return unit.rows.trace.of(messageId).map(({ position: _, ...step }) => step)
}
