/**
 * What is owed to each device, and the writing of it.
 *
 * Every push that may not be missed (messages, edits, recalls, membership) is an entry in its receivers' logs. A device
 * gets the entries it has not had yet once the subscription they go to stands (im2) or it asks for them (xuqm).
 *
 * "Had" means: written to the socket, and the client was heard from afterwards. What was written into a socket that
 * then turned out dead is owed again, so the client sees repetitions, never a silent loss of ours. With
 * `acknowledge: 'written'` a write alone settles it, as on the worst of real servers.
 */
import type { Faults } from './faults.ts'
import type { OutboundBody, Session } from './types.ts'

export type Channel =
  | { readonly kind: 'queue'; readonly name: string }
  | { readonly kind: 'direct' }
  | { readonly kind: 'group'; readonly groupId: string }

export interface Entry {
  readonly channel: Channel
  render(session: Session): OutboundBody
  /** Called once per receiving device, when the entry has been written to it. */
  readonly written?: (session: Session) => void
}

export interface DeliveryLogOptions {
  readonly faults: Faults
  readonly now: () => number
  readonly acknowledge: 'heard' | 'written'
  /** A write stays owed although the client was heard from so long after it: it may have crossed the client's words. */
  readonly heardMarginMs: number
  readonly sessionsOf: (userId: string) => Session[]
  /** The destination an entry goes to in this session, or null while none of its subscriptions fits. */
  readonly route: (session: Session, channel: Channel) => string | null
  /** Whether the user is still entitled to it, at the time of writing. */
  readonly entitled: (userId: string, channel: Channel) => boolean
}

export interface DeliveryLog {
  /** Adds the entry to the users' logs and writes it to whoever of them is there. */
  publish(
    entry: Entry,
    userIds: Iterable<string>,
    options?: { readonly settledFor?: Session; readonly muted?: ReadonlySet<string> },
  ): void
  /** Writes an entry once more to one session, without owing it. */
  repeat(entry: Entry, session: Session): void
  /** Writes what the session's device is owed, oldest first, no faster than the socket takes it. */
  pump(session: Session): void
  ended(session: Session): void
}

const highWaterBytes = 128 * 1024

interface Owed {
  readonly entry: Entry
  readonly ordinal: number
}

interface Device {
  /** Everything below this index of the user's log is settled. */
  settledBelow: number
  readonly settled: Set<number>
  readonly writes: { ordinal: number; at: number }[]
}

export function createDeliveryLog(options: DeliveryLogOptions): DeliveryLog {
  const { faults, now } = options
  const logs = new Map<string, Owed[]>()
  const devices = new Map<string, Device>()
  const pumping = new Map<Session, boolean>()

  const logOf = (userId: string): Owed[] => {
    const known = logs.get(userId)
    if (known !== undefined) return known
    const created: Owed[] = []
    logs.set(userId, created)
    return created
  }

  const deviceOf = (session: Session): Device => {
    const known = devices.get(session.deviceKey)
    if (known !== undefined) return known
    const created: Device = { settledBelow: 0, settled: new Set(), writes: [] }
    devices.set(session.deviceKey, created)
    return created
  }

  const settle = (device: Device, ordinal: number): void => {
    device.settled.add(ordinal)
    while (device.settled.delete(device.settledBelow)) device.settledBelow += 1
  }

  const unsettle = (device: Device, ordinal: number): void => {
    if (ordinal < device.settledBelow) {
      for (let at = ordinal + 1; at < device.settledBelow; at++) device.settled.add(at)
      device.settledBelow = ordinal
    } else {
      device.settled.delete(ordinal)
    }
  }

  const isSettled = (device: Device, ordinal: number): boolean =>
    ordinal < device.settledBelow || device.settled.has(ordinal)

  const write = (session: Session, { entry, ordinal }: Owed): boolean => {
    const destination = options.route(session, entry.channel)
    if (destination === null) return false
    const device = deviceOf(session)
    const first = !isSettled(device, ordinal)
    const fate = faults.push(session.userId, () => session.message(destination, entry.render(session)))
    if (fate === 'dropped') return false
    settle(device, ordinal)
    if (fate === 'lost') return true
    const at = now()
    // Heard from well after these writes: settled for good, and no longer worth remembering.
    const kept = device.writes.findIndex((each) => each.at >= session.heardAt - options.heardMarginMs)
    if (kept !== 0) device.writes.splice(0, kept < 0 ? device.writes.length : kept)
    device.writes.push({ ordinal, at })
    if (first) entry.written?.(session)
    return true
  }

  const run = async (session: Session): Promise<void> => {
    const log = logOf(session.userId)
    const device = deviceOf(session)
    try {
      do {
        pumping.set(session, false)
        for (let ordinal = device.settledBelow; ordinal < log.length; ordinal++) {
          const owed = log[ordinal]
          if (owed === undefined || isSettled(device, ordinal)) continue
          if (!options.entitled(session.userId, owed.entry.channel)) {
            settle(device, ordinal)
            continue
          }
          while (session.isOpen && session.backlogBytes > highWaterBytes) await pause()
          if (!session.isOpen) return
          write(session, owed)
        }
        // A second request while the first ran may concern entries the loop had passed already.
      } while (pumping.get(session) === true)
    } finally {
      // Here and not in a later microtask: a send handled in between would count on a pump that has ended.
      pumping.delete(session)
    }
  }

  return {
    publish(entry, userIds, { settledFor, muted } = {}) {
      for (const userId of new Set(userIds)) {
        const log = logOf(userId)
        const owed: Owed = { entry, ordinal: log.length }
        log.push(owed)
        for (const session of options.sessionsOf(userId)) {
          if (session === settledFor) {
            settle(deviceOf(session), owed.ordinal)
            continue
          }
          // The running pump reaches the end of the log by itself; writing here would overtake what is still owed.
          if (!pumping.has(session) && muted?.has(userId) !== true) write(session, owed)
        }
      }
    },
    repeat(entry, session) {
      const destination = options.route(session, entry.channel)
      if (destination !== null) session.message(destination, entry.render(session))
    },
    pump(session) {
      if (pumping.has(session)) {
        pumping.set(session, true)
        return
      }
      pumping.set(session, false)
      void run(session)
    },
    ended(session) {
      const device = devices.get(session.deviceKey)
      if (device === undefined || options.acknowledge === 'written') return
      for (const { ordinal, at } of device.writes.splice(0)) {
        if (at >= session.heardAt - options.heardMarginMs) unsettle(device, ordinal)
      }
    },
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5))
}
