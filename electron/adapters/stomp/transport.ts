/** The transport port over STOMP 1.2 on plain WebSockets. Each `open` makes a link that is used once. */
import { systemClock } from '#electron/adapters/clock/systemClock.ts'
import type { Clock } from '#electron/core/ports/platform.ts'
import type { Transport } from '#electron/core/ports/transport.ts'
import { type StompFault, StompLink } from './link.ts'

export interface StompTransportOptions {
  /** Faults that end nothing: a listener that threw, bytes that are no frame. Never given contents or addresses. */
  readonly onFault: (fault: StompFault) => void
  readonly clock?: Pick<Clock, 'now' | 'after'>
}

export function createStompTransport({ onFault, clock = systemClock }: StompTransportOptions): Transport {
  return { open: (options, listener) => new StompLink({ ...options, onFault, clock }, listener) }
}
