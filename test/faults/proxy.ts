/**
 * A TCP proxy between a client and a server on loopback that does to bytes what networks do: cuts, holds, splits,
 * gathers, delays, trickles. It knows nothing of what the bytes mean.
 *
 * Promises: bytes of one direction stay in their order and none is lost unless their connection is cut; what a black
 * hole held comes out when it heals, as a network that retransmits would bring it.
 */
import { once } from 'node:events'
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'

/** `in`: towards the client; `out`: towards the server. */
export type Direction = 'in' | 'out'
export type Directions = Direction | 'both'

/**
 * Writes one chunk on, in whatever pieces and whenever it likes; the next chunk waits for its end. `arrivedAt` is when
 * the chunk came to the proxy, by `performance.now()`.
 */
export type Shaper = (chunk: Buffer, write: (piece: Buffer) => void, arrivedAt: number) => Promise<void>

export interface FaultProxy {
  readonly port: number
  /** The address with this proxy's port in the place of the server's. */
  through(url: string): string
  /** Open connections. */
  readonly connections: number
  /** When connections were accepted, ms of `performance.now()`. */
  readonly acceptedAt: readonly number[]
  /** Cuts every connection with a reset, on both sides. */
  reset(): void
  /** Ends every connection in good order, on both sides. */
  end(): void
  /** From now on nothing passes, not even an end; present and later connections alike. */
  blackHole(directions: Directions): void
  /** What was held passes, and everything after it; ends too. */
  heal(): void
  /** How bytes pass from now on; null: as they come. */
  shape(directions: Directions, shaper: Shaper | null): void
  /** Later connections lead to another server on loopback. */
  target(port: number): void
  /** Whether anybody listens on the port. Connections that stand are left alone. */
  listen(on: boolean): Promise<void>
  close(): Promise<void>
}

export interface FaultProxyOptions {
  /** The loopback address listened on; 127.0.0.1. */
  readonly host?: string
  /** A free one unless given. */
  readonly port?: number
}

interface Pipe {
  readonly from: Socket
  readonly to: Socket
  readonly direction: Direction
}

/** So many bytes wait in the proxy before the sender is held back. */
const highWaterBytes = 256 * 1024

export async function createFaultProxy(
  firstTarget: number,
  { host = '127.0.0.1', port: wantedPort = 0 }: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const pairs = new Set<{ readonly client: Socket; readonly server: Socket }>()
  const acceptedAt: number[] = []
  const shapers: Record<Direction, Shaper | null> = { in: null, out: null }
  const holes = new Set<Direction>()
  let healed: (() => void)[] = []
  let listener: Server | null = null
  let port = wantedPort
  let targetPort = firstTarget

  const passable = async (direction: Direction): Promise<void> => {
    while (holes.has(direction)) await new Promise<void>((resolve) => healed.push(resolve))
  }

  function run({ from, to, direction }: Pipe): void {
    const waiting: { readonly chunk: Buffer; readonly arrivedAt: number }[] = []
    let bytes = 0
    let ended = false
    let working = false
    const write = (piece: Buffer): void => void (to.writable && to.write(piece))
    const work = async (): Promise<void> => {
      if (working) return
      working = true
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { chunk, arrivedAt } = next
        await passable(direction)
        const shaper = shapers[direction]
        if (shaper === null) write(chunk)
        else await shaper(chunk, write, arrivedAt)
        bytes -= chunk.length
        if (bytes < highWaterBytes) from.resume()
        if (to.writableNeedDrain && !to.destroyed) await drainedOrClosed(to)
      }
      working = false
      if (!ended) return
      await passable(direction)
      to.end()
    }
    from.on('data', (chunk) => {
      waiting.push({ chunk, arrivedAt: performance.now() })
      bytes += chunk.length
      if (bytes >= highWaterBytes) from.pause()
      void work()
    })
    from.on('end', () => {
      ended = true
      void work()
    })
  }

  function accept(client: Socket): void {
    acceptedAt.push(performance.now())
    const server = connect(targetPort, '127.0.0.1')
    const pair = { client, server }
    pairs.add(pair)
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
    }
    // A black hole hides the death of the other side as well.
    const follow = (direction: Direction, dead: Socket, other: Socket): void =>
      void dead.on('close', () => {
        pairs.delete(pair)
        void passable(direction).then(() => void (dead.readableEnded ? other.end() : other.resetAndDestroy()))
      })
    follow('out', client, server)
    follow('in', server, client)
    run({ from: client, to: server, direction: 'out' })
    run({ from: server, to: client, direction: 'in' })
  }

  async function listen(on: boolean): Promise<void> {
    if (on === (listener !== null)) return
    if (listener !== null) {
      const closing = listener
      listener = null
      // Resolves only once the last connection has gone; the port is free at once.
      closing.close()
      return
    }
    listener = createServer({ allowHalfOpen: true }, accept)
    listener.listen(port, host)
    await once(listener, 'listening')
    port = (listener.address() as AddressInfo).port
  }

  const both = (directions: Directions): readonly Direction[] => (directions === 'both' ? ['in', 'out'] : [directions])
  const cut = (act: (socket: Socket) => void): void => {
    for (const { client, server } of pairs) {
      act(client)
      act(server)
    }
  }
  const heal = (): void => {
    holes.clear()
    for (const resolve of healed.splice(0)) resolve()
  }

  await listen(true)
  return {
    get port() {
      return port
    },
    through: (url) => {
      const address = new URL(url)
      address.port = String(port)
      return address.href
    },
    get connections() {
      return pairs.size
    },
    acceptedAt,
    reset: () => cut((socket) => socket.resetAndDestroy()),
    end: () => cut((socket) => socket.end()),
    blackHole: (directions) => {
      for (const direction of both(directions)) holes.add(direction)
    },
    heal,
    shape: (directions, shaper) => {
      for (const direction of both(directions)) shapers[direction] = shaper
    },
    target: (next) => {
      targetPort = next
    },
    listen,
    async close() {
      heal()
      healed = []
      const closing = listener
      listener = null
      closing?.close()
      cut((socket) => socket.destroy())
      await nextTurn()
    },
  }
}

/** `events.once` would reject where the socket fails meanwhile: its end is all that matters here. */
function drainedOrClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}

/** Every byte is a chunk of its own. */
export const bytewise: Shaper = async (chunk, write) => {
  for (let at = 0; at < chunk.length; at++) {
    write(chunk.subarray(at, at + 1))
    await nextTurn()
  }
}

/** What comes within `ms` goes on as one chunk. */
export function gathered(ms: number): Shaper {
  let held: Buffer[] = []
  let due: Promise<void> | null = null
  return async (chunk, write) => {
    held.push(chunk)
    due ??= wait(ms).then(() => {
      due = null
      const all = Buffer.concat(held)
      held = []
      write(all)
    })
    await Promise.resolve()
  }
}

/** Each chunk is late by up to `maxMs`, or by as much as the one before it. */
export function jittered(maxMs: number, random: () => number): Shaper {
  return async (chunk, write, arrivedAt) => {
    await wait(Math.max(0, arrivedAt + random() * maxMs - performance.now()))
    write(chunk)
  }
}

/** No faster than so many bytes a second. */
export function trickled(bytesPerSecond: number): Shaper {
  const piece = Math.max(1, Math.round(bytesPerSecond / 20))
  return async (chunk, write) => {
    for (let at = 0; at < chunk.length; at += piece) {
      write(chunk.subarray(at, at + piece))
      await wait(50)
    }
  }
}

/** Stops for `ms` within each chunk, at the places `find` names; they are cut off where they lie outside. */
export function pausedAt(find: (chunk: Buffer) => readonly number[], ms: number): Shaper {
  return async (chunk, write) => {
    let from = 0
    for (const at of [...find(chunk)].sort((a, b) => a - b)) {
      if (at <= from || at >= chunk.length) continue
      write(chunk.subarray(from, at))
      from = at
      await wait(ms)
    }
    write(chunk.subarray(from))
  }
}
