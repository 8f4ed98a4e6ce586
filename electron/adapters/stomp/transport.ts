/**
 * The transport port over STOMP 1.2, on WebSockets or SockJS, straight or through the system's proxy. Each `open` makes
 * a link that is used once.
 */
import { systemClock } from '#electron/adapters/clock/systemClock.ts'
import type { Clock } from '#electron/core/ports/platform.ts'
import type { Transport } from '#electron/core/ports/transport.ts'
import { type StompFault, StompLink } from './link.ts'
import type { ResolveProxy, RouteWatch } from './proxy.ts'

export interface StompTransportOptions {
  /** Faults that end nothing: a listener that threw, bytes that are no frame. Never given contents or addresses. */
  readonly onFault: (fault: StompFault) => void
  readonly clock?: Pick<Clock, 'now' | 'after'>
  /** The system's proxy settings; without it every connection is straight. */
  readonly resolveProxy?: ResolveProxy
  /** Called once, before the first encrypted link. */
  readonly trustSystem?: () => void
  /** Sees every connection of every link being made. */
  readonly watch?: RouteWatch
}

export function createStompTransport(options: StompTransportOptions): Transport {
  const { onFault, clock = systemClock, resolveProxy = () => Promise.resolve('DIRECT'), trustSystem, watch } = options
  let trusted = trustSystem === undefined
  const beforeTls = (): void => {
    if (trusted) return
    trusted = true
    try {
      trustSystem?.()
    } catch (error) {
      onFault({ fault: 'systemTrustUnknown', error })
    }
  }
  return {
    open: (linkOptions, listener) =>
      new StompLink({ ...linkOptions, onFault, clock, resolveProxy, beforeTls, ...(watch && { watch }) }, listener),
  }
}
