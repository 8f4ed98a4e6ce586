/** The connection doctor on real sockets: what it finds, where it stops, and what it must not tell. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, type Socket, connect, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { fail, ok } from '#common/base/result.ts'
import type { Examination } from '#common/domain/doctor.ts'
import { systemClock } from '#electron/adapters/clock/systemClock.ts'
import { watchedTransport } from '#electron/adapters/doctor/watchedTransport.ts'
import { examine } from '#electron/core/doctor/examine.ts'
import type { Patient } from '#electron/core/doctor/ports.ts'
import { examinationPart, reportText } from '#electron/core/doctor/report.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { startSession } from '#test/fakes/liveSession.ts'
import { createDemoServer } from '#test/server/server.ts'
import type { DialectName } from '#test/server/types.ts'
import { RawServer } from '../stomp/rawServer.ts'

const secret = 'the-secret-token'
const cleanup: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo()
})

function patientAt(url: string, further: Partial<Patient> = {}): Patient {
  return {
    link: () => ({
      url: `${url}?token=${secret}`,
      connectHeaders: { Authorization: `Bearer ${secret}` },
      heartbeat: { outgoingMs: 0, incomingMs: 0 },
    }),
    readError: (serverError) => dialects.im2.readError(serverError),
    fixedTransport: 'websocket',
    rememberedWay: () => null,
    echo: () => Promise.resolve(fail('link.offline')),
    ...further,
  }
}

interface Settings {
  readonly pac?: string
  readonly wayWithinMs?: number
  readonly pongWithinMs?: number
  /** Called with every report. */
  readonly seen?: (examination: Examination, stop: () => void) => void
}

/** The last report, when nothing comes any more. */
function examined(patient: Patient, { pac = 'DIRECT', seen, ...times }: Settings = {}): Promise<Examination> {
  return new Promise((resolve) => {
    const examining = examine({
      accountId: 'account-1',
      patient,
      open: watchedTransport({ onFault: () => undefined, resolveProxy: () => Promise.resolve(pac) }),
      clock: systemClock,
      onProgress: (examination) => {
        seen?.(examination, () => examining.stop())
        if (examination.state !== 'running') resolve(examination)
      },
      ...times,
    })
  })
}

/** `name state finding-or-code` of each step that was come to. */
function told({ steps }: Examination): string[] {
  return steps
    .filter(({ state }) => state !== 'waiting')
    .map(({ name, state, finding, problem }) => [name, state, finding, problem?.code].filter(Boolean).join(' '))
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function closedPort(): Promise<number> {
  const server = createTcpServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Everything that asks for an upgrade gets this instead. */
async function answering(head: string, body = ''): Promise<string> {
  const raw = await RawServer.start({
    onUpgrade: (_request, socket) => {
      socket.end(`HTTP/1.1 ${head}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`)
      return true
    },
  })
  cleanup.push(() => raw.stop())
  return raw.url
}

const reached = ['dns skipped nameNotNeeded', 'tcp passed connected', 'proxy skipped proxyNone', 'tls skipped tlsNone']

describe('the connection doctor', () => {
  it.each<[DialectName, string]>([
    ['im2', 'echo passed echoCame'],
    ['xuqm', 'echo skipped echoNotOffered'],
  ])('finds nothing wrong with a good %s server, and takes no message from the account', async (dialect, echo) => {
    const server = await createDemoServer({ dialects: [dialect] })
    cleanup.push(() => server.close())
    const alice = await startSession({ server, dialect, userId: 'alice' })
    cleanup.push(() => alice.close())
    await alice.reaches('online')
    const profile = { dialect, url: server.url(dialect), userId: 'alice', appKey: server.appKey, deviceId: 'doctor' }
    const token = server.issueToken('alice')
    const found = await examined(
      patientAt('', {
        link: () => dialects[dialect].link(profile, token),
        echo: () => alice.session.echo(),
      }),
    )
    expect(told(found)).toEqual([
      ...reached,
      'upgrade passed webSocketOpen',
      'stomp passed taken',
      'heartbeat passed pongCame',
      echo,
    ])
    expect(found.state).toBe('done')
    for (const step of found.steps) if (step.state === 'passed') expect(step.ms).toBeGreaterThanOrEqual(0)
    if (dialect === 'im2') expect(Math.abs(found.clockOffsetMs ?? Infinity)).toBeLessThan(5_000)
    expect(alice.session.connection.state).toBe('online')
    expect(reportText([examinationPart(found)])).not.toContain(token)
  })

  it('has no echo to measure where the account itself is not connected', async () => {
    const server = await createDemoServer({ dialects: ['im2'] })
    const alice = await startSession({ server, dialect: 'im2', userId: 'alice' })
    cleanup.push(() => alice.close())
    await alice.reaches('online')
    await server.close()
    await alice.reaches('offline')
    expect(await alice.session.echo()).toEqual(fail('link.offline'))
  })

  it('follows a name to its address', async () => {
    const server = await createDemoServer({ dialects: ['im2'] })
    cleanup.push(() => server.close())
    const url = server.url('im2').replace('127.0.0.1', 'localhost')
    const [dns] = (await examined(patientAt(url))).steps
    expect(dns).toMatchObject({ state: 'passed', finding: 'nameFound', data: { host: 'localhost' } })
  })

  it('says that a name is unknown', async () => {
    expect(told(await examined(patientAt('wss://godwit.invalid/ws')))).toEqual(['dns failed link.notFound'])
  })

  it('says that nobody listens', async () => {
    const found = await examined(patientAt(`ws://127.0.0.1:${await closedPort()}/ws`))
    expect(told(found)).toEqual(['dns skipped nameNotNeeded', 'tcp failed link.refused'])
  })

  it.each([
    ['403 Forbidden', '', 'upgrade failed link.httpForbidden', 403],
    ['401 Unauthorized', '', 'upgrade failed session.unauthorized', 401],
    ['503 Service Unavailable', '', 'upgrade failed link.httpServerError', 503],
    [
      '200 OK\r\ncontent-type: text/html',
      '<html>Welcome to the hotel',
      'upgrade failed portal link.httpUnexpected',
      200,
    ],
    ['302 Found\r\nlocation: http://portal/', '', 'upgrade failed portal link.httpUnexpected', 302],
    ['511 Network Authentication Required', '', 'upgrade failed portal link.httpUnexpected', 511],
  ])('names what answered the upgrade: %s', async (head, body, told7, status) => {
    const found = await examined(patientAt(await answering(head, body)))
    expect(told(found)).toEqual([...reached, told7])
    expect(found.steps.find(({ name }) => name === 'upgrade')?.data).toEqual({ status })
  })

  it('says that a server takes the connection and stays silent', async () => {
    const port = await listening(createTcpServer())
    const found = await examined(patientAt(`ws://127.0.0.1:${port}/ws`), { wayWithinMs: 800 })
    expect(told(found)).toEqual([...reached, 'upgrade failed link.timedOut'])
  })

  it('says that nothing answers CONNECT, and that nothing answers a ping', async () => {
    const http = createServer()
    const port = await listening(http)
    const webSockets = new WebSocketServer({ server: http, autoPong: false, handleProtocols: () => 'v12.stomp' })
    let answers = false
    webSockets.on('connection', (socket) => {
      socket.on('message', () => answers && socket.send('CONNECTED\nversion:1.2\n\n\0'))
    })
    const patient = patientAt(`ws://127.0.0.1:${port}/ws`)
    expect(told(await examined(patient, { wayWithinMs: 1_200 })).slice(4)).toEqual([
      'upgrade passed webSocketOpen',
      'stomp failed link.noAnswer',
    ])
    answers = true
    expect(told(await examined(patient, { pongWithinMs: 200 })).slice(5)).toEqual([
      'stomp passed taken',
      'heartbeat failed noPong link.silent',
    ])
  })

  it('says that the server refuses the token, without repeating it', async () => {
    const server = await createDemoServer({ dialects: ['im2'] })
    cleanup.push(() => server.close())
    const profile = { dialect: 'im2' as const, url: server.url('im2'), userId: 'alice', deviceId: 'doctor' }
    const found = await examined(patientAt('', { link: () => dialects.im2.link(profile, `${secret}.b.c`) }))
    expect(told(found).at(-1)).toBe('stomp failed session.unauthorized')
    expect(JSON.stringify(found)).not.toContain(secret)
  })

  it('tells of a clock that is wrong', async () => {
    const server = await createDemoServer({ dialects: ['im2'] })
    cleanup.push(() => server.close())
    const profile = { dialect: 'im2' as const, url: server.url('im2'), userId: 'alice', deviceId: 'doctor' }
    const token = server.issueToken('alice')
    const found = await examined(
      patientAt('', {
        link: () => dialects.im2.link(profile, token),
        echo: () => Promise.resolve(ok({ roundTripMs: 3, clockOffsetMs: -3_600_000 })),
      }),
    )
    expect(found.clockOffsetMs).toBe(-3_600_000)
    expect(told(found).at(-1)).toBe('echo warned clockOff')
  })

  it('goes through the proxy of the system, and names one that refuses or is not there', async () => {
    const server = await createDemoServer({ dialects: ['im2'] })
    cleanup.push(() => server.close())
    const http = createServer()
    let refuses = false
    http.on('connect', (request, socket: Socket) => {
      socket.on('error', () => undefined)
      if (refuses) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      const onward = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      onward.on('error', () => undefined)
    })
    const pac = `PROXY 127.0.0.1:${await listening(http)}`
    const patient = patientAt(server.url('im2'))
    const through = await examined(patient, { pac })
    expect(told(through).slice(0, 5)).toEqual([
      'dns skipped nameNotNeeded',
      'tcp passed connected',
      'proxy passed proxyPassed',
      'tls skipped tlsNone',
      'upgrade passed webSocketOpen',
    ])
    expect(through.steps[2]?.data).toEqual({ proxy: pac.slice('PROXY '.length) })
    refuses = true
    expect(told(await examined(patient, { pac })).slice(1)).toEqual(['tcp passed connected', 'proxy failed link.proxy'])
    const nobody = await examined(patient, { pac: `PROXY 127.0.0.1:${await closedPort()}` })
    expect(told(nobody)).toEqual(['dns skipped nameNotNeeded', 'tcp failed link.proxy'])
  })

  it('can be stopped, and leaves nothing behind', async () => {
    const tcp = createTcpServer((socket) => socket.resume())
    const port = await listening(tcp)
    const closed = once(tcp, 'connection').then(([socket]) => once(socket as Socket, 'close'))
    const reports: Examination['state'][] = []
    const found = await examined(patientAt(`ws://127.0.0.1:${port}/ws`), {
      seen: ({ state, steps }, stop) => {
        reports.push(state)
        if (steps.some(({ name, state: at }) => name === 'upgrade' && at === 'running')) setTimeout(stop)
      },
    })
    expect(found.state).toBe('stopped')
    expect(told(found)).toEqual(reached)
    await closed
    expect(reports.filter((state) => state !== 'running')).toEqual(['stopped'])
  })

  it('never tells a token or a query', async () => {
    const found = await examined(patientAt(await answering('403 Forbidden')))
    expect(JSON.stringify(found) + reportText([examinationPart(found)])).not.toMatch(/secret|token|\?/)
  })
})

const program = 'openssl'
const missing = (() => {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' })
    return null
  } catch {
    return ` (skipped: no ${program} here)`
  }
})()

describe.skipIf(missing !== null)(`the doctor and certificates${missing ?? ''}`, () => {
  /** A server whose certificate is its own issuer, good for so many days. */
  async function secureServer(days: number): Promise<{ url: string; certificate: string }> {
    const dir = mkdtempSync(join(tmpdir(), 'godwit-doctor-'))
    cleanup.push(() => rmSync(dir, { recursive: true, force: true }))
    execFileSync(program, ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', String(days), '-subj', '/O=Own Issuer/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'key', '-out', 'cert'], { cwd: dir, stdio: 'pipe' }) // prettier-ignore
    const certificate = readFileSync(join(dir, 'cert'), 'utf8')
    const https = createSecureServer({ key: readFileSync(join(dir, 'key')), cert: certificate })
    https.on('tlsClientError', () => undefined)
    const webSockets = new WebSocketServer({ server: https, handleProtocols: () => 'v12.stomp' })
    webSockets.on('connection', (socket) => socket.on('message', () => socket.send('CONNECTED\nversion:1.2\n\n\0')))
    return { url: `wss://localhost:${await listening(https)}/ws`, certificate }
  }
  function trusting(certificate: string): void {
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, certificate])
    cleanup.push(() => setDefaultCACertificates(before))
  }

  it('names one that nobody vouches for, and goes no further', async () => {
    const { url } = await secureServer(90)
    expect(told(await examined(patientAt(url))).slice(1)).toEqual([
      'tcp passed connected',
      'proxy skipped proxyNone',
      'tls failed link.tlsUntrusted',
    ])
  })

  it.each([
    [90, 'tls passed certificateGood', 89],
    [5, 'tls warned certificateEnding', 4],
  ])('counts the days that are left: %i', async (days, told7, left) => {
    const { url, certificate } = await secureServer(days)
    trusting(certificate)
    const found = await examined(patientAt(url))
    expect(told(found)).toContain(told7)
    const tls = found.steps.find(({ name }) => name === 'tls')
    expect(tls?.data).toMatchObject({ issuer: 'Own Issuer', protocol: 'TLSv1.3' })
    expect([left, left + 1]).toContain(tls?.data['days'])
    expect(told(found)).toContain('heartbeat passed pongCame')
  })
})
