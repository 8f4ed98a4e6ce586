/**
 * Servers that take nobody, for a while: F8, F9 and F26. Each refusal has its own code and its own words, the attempts
 * go on within the back-off's envelope and by nothing else, and when the server is well again all that waited arrives.
 */
import { randomUUID } from 'node:crypto'
import dns from 'node:dns'
import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { WebSocketServer } from 'ws'
import { reconnectBackoff } from '#common/base/backoff.ts'
import type { ErrorCode } from '#common/base/errors.ts'
import type { ConnectionStatus } from '#common/domain/connection.ts'
import { createEndpoint } from '#electron/core/endpoint.ts'
import type { Transport } from '#electron/core/ports/transport.ts'
import { heldWay } from '#electron/core/wayMemory.ts'
import en from '../../renderer/src/i18n/en.json'
import zhCN from '../../renderer/src/i18n/zh-CN.json'
import { fault } from './fault.ts'
import { createFaultProxy } from './proxy.ts'
import { type Rig, type RigClient, type RigClientOptions, rigFault } from './rig.ts'
import { attempts, isOnline, leftOnline, talking, until } from './watch.ts'

/** Reports of "offline" since a moment (`performance.now()`). */
function failures(client: RigClient, since: number): readonly ConnectionStatus[] {
  return client.states.filter(({ at, status }) => at >= since && status.state === 'offline').map(({ status }) => status)
}

/**
 * What each wait until the next try was planned to be, ms of the client's time, with the time it was planned at and the
 * number of the failure. What is shown of one wait may be corrected while it lasts: that is no other wait.
 */
function plannedWaits(client: RigClient): { readonly at: number; readonly waitMs: number; readonly failure: number }[] {
  const waits: { at: number; waitMs: number; failure: number }[] = []
  client.session.onConnection(({ state, nextTryAt, failures: failure }) => {
    if (state !== 'offline' || nextTryAt === null || waits.some((known) => known.failure === failure)) return
    waits.push({ at: client.clock.monotonic(), waitMs: nextTryAt - client.clock.now(), failure })
  })
  return waits
}

interface Drops {
  readonly drops: number
  readonly speed: number
}

/** F8: CONNECTED, and gone, again and again. */
async function dropAfterConnected(rig: Rig, { drops, speed }: Drops): Promise<string> {
  let left = drops
  rig.proxy.shape('in', async (chunk, write) => {
    write(chunk)
    if (left <= 0 || !chunk.includes('CONNECTED\n')) return
    left--
    // Time for the frame to leave, so that the client has it before the cut.
    await new Promise((resolve) => setTimeout(resolve, 3))
    if (rig.random() < 0.5) rig.proxy.reset()
    else rig.proxy.end()
  })
  const alice = await rig.client('alice', { speed, random: { next: rig.random, uuid: randomUUID } })
  const waits = plannedWaits(alice)
  const startedAt = alice.clock.monotonic()
  await alice.says(await alice.opens({ person: 'bob' }), 'waiting for its turn')
  await until(() => left <= 0, 'all drops', 280_000)
  await isOnline(alice)
  expect(alice.states.filter(({ status }) => status.problem?.code.startsWith('session.') === true)).toEqual([])
  // The very first may have ended before anybody looked.
  expect(waits.length).toBeGreaterThanOrEqual(drops - 1)

  const shares = waits.map(({ at, waitMs, failure }) => {
    const n = failure - 1
    const capMs = at - startedAt >= reconnectBackoff.longAfterMs ? 300_000 : 30_000
    const ceilingMs = Math.min(capMs, 500 * 2 ** n)
    expect(waitMs, `wait ${n}`).toBeGreaterThanOrEqual(-speed)
    expect(waitMs, `wait ${n}`).toBeLessThanOrEqual(ceilingMs + 1)
    return waitMs / ceilingMs
  })
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  expect(mean).toBeGreaterThan(0.2)
  expect(mean).toBeLessThan(0.8)
  // None began before its time, but for what a busy machine holds up between the planning and the telling.
  const heldUpMs = 150
  for (const { waitMs, failure } of waits) {
    const ended = alice.states.findIndex(({ status }) => status.state === 'offline' && status.failures === failure)
    const begun = alice.states.slice(ended).find(({ status }) => status.state === 'connecting')
    const waitedMs = ((begun?.at ?? -Infinity) - (alice.states[ended]?.at ?? Infinity)) * speed
    expect(waitedMs, `wait after failure ${failure}`).toBeGreaterThanOrEqual(waitMs - heldUpMs * speed)
  }
  return `waits of ${Math.round(mean * 100)} % of the ceiling on average, ${Math.round(Math.max(...waits.map(({ waitMs }) => waitMs)))} ms at most`
}

describe.concurrent('accepted and dropped', () => {
  rigFault('F8', 'right after CONNECTED, 20 times', { dialects: ['xuqm'] }, async (rig, notes) =>
    notes.add(await dropAfterConnected(rig, { drops: 20, speed: 50 })),
  )

  rigFault(
    'F8',
    'right after CONNECTED, 200 times',
    { dialects: ['xuqm'], whole: true, timeoutMs: 300_000 },
    async (rig, notes) => notes.add(await dropAfterConnected(rig, { drops: 200, speed: 50 })),
  )
})

const speed = 10

/** The server answers this way from `begin` until what it answers is called. */
interface Refusal {
  readonly what: string
  readonly code: ErrorCode
  /** Ms the server asked to wait. */
  readonly retryAfterMs?: number
  begin(rig: Rig, client: Swayed): Promise<() => unknown> | (() => unknown)
}

/** A client's transport as in the app, with addresses that can be turned. */
interface Swayed extends RigClientOptions {
  secure: boolean
}

function swayed(host?: string, pace = speed): Swayed {
  const options: Swayed = {
    speed: pace,
    secure: false,
    wrapTransport: (transport: Transport) =>
      createEndpoint({
        memory: heldWay(),
        transport: {
          open: (link, listener) => {
            const url = new URL(link.url)
            if (options.secure) url.protocol = 'wss:'
            url.hostname = host ?? url.hostname
            return transport.open({ ...link, url: url.href }, listener)
          },
        },
      }),
  }
  return options
}

/** Something else than our server answers on the address. */
async function inItsPlace(rig: Rig, answer: RequestListener, upgrade?: WebSocketServer): Promise<() => unknown> {
  const server = createServer(answer)
  if (upgrade !== undefined) {
    server.on('upgrade', (request, socket, head) =>
      upgrade.handleUpgrade(request, socket, head, (webSocket) => void upgrade.emit('connection', webSocket, request)),
    )
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  rig.proxy.target((server.address() as AddressInfo).port)
  return () => {
    rig.proxy.target(rig.server.port)
    server.closeAllConnections()
    server.close()
    for (const socket of upgrade?.clients ?? []) socket.terminate()
  }
}

const notFound: RequestListener = (_, response) => void response.writeHead(404).end()

/** Answers CONNECT with an ERROR frame of these words. */
function erring(words: string): WebSocketServer {
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => 'v12.stomp' })
  server.on('connection', (socket) => {
    socket.on('message', () => {
      socket.send(`ERROR\nmessage:${words}\n\n\0`)
      socket.close(1002)
    })
  })
  return server
}

const refusals: readonly Refusal[] = [
  {
    what: 'errors of the server, 5xx',
    code: 'link.httpServerError',
    begin: (rig) => {
      const status = [500, 502, 503, 504][Math.floor(rig.random() * 4)] ?? 500
      rig.server.control.refuse({ status })
      return () => rig.server.control.refuse({ status: 0 })
    },
  },
  {
    what: '429 with Retry-After',
    code: 'link.httpTooMany',
    retryAfterMs: 12_000,
    begin: (rig) => {
      rig.server.control.refuse({ status: 429, retryAfterSeconds: 12 })
      return () => rig.server.control.refuse({ status: 0 })
    },
  },
  {
    what: 'TLS that fails',
    code: 'link.tls',
    begin: (_, client) => {
      client.secure = true
      return () => (client.secure = false)
    },
  },
  {
    what: 'the page of a hotel network',
    code: 'link.httpUnexpected',
    begin: (rig) =>
      inItsPlace(rig, (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome! Room number?</html>')
      }),
  },
  {
    what: 'a redirect to such a page',
    code: 'link.httpUnexpected',
    begin: (rig) =>
      inItsPlace(rig, (_, response) => {
        response.writeHead(302, { location: 'http://portal.invalid/', 'content-type': 'text/html' }).end()
      }),
  },
  {
    what: 'an ERROR frame in place of CONNECTED',
    code: 'link.serverError',
    begin: (rig) => inItsPlace(rig, notFound, erring('Something is wrong here')),
  },
  {
    what: 'an ERROR frame that says good-bye',
    code: 'link.closed',
    begin: (rig) => inItsPlace(rig, notFound, erring('Broker not available.')),
  },
  {
    what: 'another sub-protocol',
    code: 'link.protocol',
    begin: (rig) => inItsPlace(rig, notFound, new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' })),
  },
]

describe.concurrent('refusals', () => {
  for (const { what, code, retryAfterMs = 0, begin } of refusals) {
    rigFault('F9', what, { dialects: ['xuqm'] }, async (rig) => {
      const options = swayed()
      const { alice, says, answers } = await talking(rig, options)
      const waits = plannedWaits(alice)
      await says('before')
      const from = performance.now()
      const end = await begin(rig, options)
      rig.proxy.reset()
      const refused = (): ReadonlySet<number> =>
        new Set(failures(alice, from).filter(({ problem }) => problem?.code === code).map((status) => status.failures)) // prettier-ignore
      const wanted = retryAfterMs > 0 ? 2 : 4
      await until(() => refused().size >= 1, 'the refusal is told')
      await says('meanwhile there')
      await answers('meanwhile back')
      // Neither a network that comes nor a wake-up is a reason to ask sooner than the server wants.
      if (retryAfterMs > 0) alice.session.renew()
      await until(() => refused().size >= wanted, 'the attempts go on')
      // The reset itself, and nothing else beside the refusal.
      expect(failures(alice, from).filter(({ problem }) => problem?.code !== code).length).toBeLessThanOrEqual(1)
      if (retryAfterMs > 0) {
        const attemptsAt = alice.states.filter(({ at, status }) => at >= from && status.state === 'connecting')
        const [first, second] = attemptsAt.map(({ at }) => at)
        expect(((second ?? 0) - (first ?? 0)) * speed).toBeGreaterThanOrEqual(retryAfterMs)
        expect(waits.filter(({ waitMs }) => waitMs >= retryAfterMs - 1_000).length).toBeGreaterThanOrEqual(2)
      }
      await end()
      await isOnline(alice)
      await says('after')
    })
  }

  rigFault('F9', 'an ERROR frame on a link that stood', { dialects: ['xuqm'] }, async (rig) => {
    const { alice, says } = await talking(rig, swayed())
    await says('before')
    const from = performance.now()
    rig.server.control.frame({ userId: 'alice', command: 'ERROR', headers: [['message', 'Out of order']] })
    await until(() => failures(alice, from).length > 0, 'the end is told')
    expect(failures(alice, from)[0]?.problem?.code).toBe('link.serverError')
    await says('meanwhile')
    await isOnline(alice)
  })

  fault('F9', 'each refusal has words of its own', { runs: 1 }, async () => {
    const codes = [...new Set(refusals.map(({ code }) => code))]
    expect(codes.length).toBe(7)
    for (const locale of [en, zhCN]) {
      const texts: Readonly<Record<string, string>> = locale.errors.link
      const told = codes.map((code) => texts[code.replace('link.', '')])
      expect(told.every((text) => typeof text === 'string' && text !== '')).toBe(true)
      expect(new Set(told).size).toBe(codes.length)
    }
    await Promise.resolve()
  })
})

/** What names mean in these tests: an address, or the system's word for having found none. */
const names = new Map<string, { readonly address: string } | { readonly failure: string }>()

describe.concurrent('a server that is elsewhere', () => {
  const real = dns.lookup as LookupFunction
  // Not as a mock: those are undone before each test.
  beforeAll(() => {
    const lookup: LookupFunction = (hostname, options, callback) => {
      const known = names.get(hostname)
      if (known === undefined) return real(hostname, options, callback)
      setImmediate(() => {
        if ('failure' in known) callback(Object.assign(new Error(known.failure), { code: known.failure }), '')
        else if (options.all === true) callback(null, [{ address: known.address, family: 4 }])
        else callback(null, known.address, 4)
      })
    }
    Object.assign(dns, { lookup })
  })
  afterAll(() => void Object.assign(dns, { lookup: real }))

  rigFault('F26', 'its name is not found for a while', {}, async (rig) => {
    const name = `lost-${rig.dialect}-${rig.seed}.localhost`
    names.set(name, { address: '127.0.0.1' })
    const { alice, says, answers } = await talking(rig, swayed(name))
    await says('before')
    const from = performance.now()
    names.set(name, { failure: rig.random() < 0.5 ? 'ENOTFOUND' : 'EAI_AGAIN' })
    rig.proxy.reset()
    const lost = (): number => failures(alice, from).filter(({ problem }) => problem?.code === 'link.notFound').length
    await until(() => lost() >= 3, 'the name is looked up again and again')
    await says('meanwhile there')
    await answers('meanwhile back')
    names.set(name, { address: '127.0.0.1' })
    await isOnline(alice)
  })

  // The second address of the loopback network has to be there by itself.
  const oneAddress = process.platform === 'darwin' ? 'this system answers to 127.0.0.1 only' : null

  for (const { what, told } of [
    { what: 'nobody tells', told: false },
    { what: 'the system tells that the network is another one', told: true },
  ]) {
    rigFault('F26', `its name means another address, ${what}`, { missing: oneAddress }, async (rig, notes) => {
      const name = `moved-${told}-${rig.dialect}-${rig.seed}.localhost`
      names.set(name, { address: '127.0.0.1' })
      // In real time where the system tells: nothing else makes the client look after its link within ten seconds.
      const { alice, says, answers } = await talking(rig, swayed(name, told ? 1 : speed))
      await says('before')
      const elsewhere = await createFaultProxy(rig.server.port, { host: '127.0.0.2', port: rig.proxy.port })
      try {
        const from = performance.now()
        names.set(name, { address: '127.0.0.2' })
        if (told) {
          // The old way leads nowhere, and nothing says so but the list of the machine's own addresses.
          rig.proxy.blackHole('both')
          alice.session.networkChanged(new Set(['10.1.2.3']))
        } else {
          await rig.proxy.listen(false)
          rig.proxy.reset()
        }
        await until(() => leftOnline(alice, from) !== null, 'the old link is left', 5_000)
        await says('meanwhile there')
        await answers('meanwhile back')
        await isOnline(alice)
        notes.add(`back after ${Math.round(performance.now() - from)} ms`)
        expect(elsewhere.connections).toBe(1)
        if (told) expect(attempts(alice)).toBe(2)
        await until(() => rig.server.messages(rig.dialect).length >= 3, 'what waited is sent')
        await rig.proxy.listen(true)
        rig.proxy.heal()
        names.set(name, { address: '127.0.0.1' })
      } finally {
        await elsewhere.close()
      }
      await isOnline(alice)
    })
  }
})
