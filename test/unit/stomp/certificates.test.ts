/** Certificates that are wrong in every way people meet, made by openssl at the beginning. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, type Socket, connect as connectTo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { type ErrorCode, appError } from '#common/base/errors.ts'
import { trustSystemAuthorities } from '#electron/adapters/stomp/systemTrust.ts'
import { createEndpoint } from '#electron/core/endpoint.ts'
import type { Way } from '#electron/core/ports/transport.ts'
import { heldWay } from '#electron/core/wayMemory.ts'
import { Recorder, type RecorderOptions } from './rawServer.ts'

const program = 'openssl'

const missing = (() => {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' })
    return null
  } catch {
    return `no ${program} here`
  }
})()

type Kind = 'good' | 'expired' | 'notYet' | 'otherHost' | 'selfSigned' | 'unknownIssuer'

let dir: string
const trustedBefore = getCACertificates('default')
const cleanup: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo()
})

function openssl(...args: string[]): void {
  execFileSync(program, args, { cwd: dir, stdio: 'pipe' })
}

function makeAuthority(name: string): void {
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`) // prettier-ignore
}

function makeCertificate(kind: Kind, issuer: string, host: string, from: string, to: string): void {
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${host}`, '-keyout', `${kind}.key`, '-out', `${kind}.csr`) // prettier-ignore
  writeFileSync(join(dir, 'names'), `subjectAltName=DNS:${host}\n`)
  writeFileSync(join(dir, 'index.txt'), '')
  writeFileSync(join(dir, 'index.txt.attr'), 'unique_subject = no\n')
  openssl('ca', '-batch', '-notext', '-config', 'ca.conf', '-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`, '-extfile', 'names', '-startdate', from, '-enddate', to, '-in', `${kind}.csr`, '-out', `${kind}.pem`) // prettier-ignore
}

/** A WebSocket server with that certificate; what it had to do with is in `requests`. */
async function serve(kind: Kind): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = []
  const server = createServer(
    { key: readFileSync(join(dir, `${kind}.key`)), cert: readFileSync(join(dir, `${kind}.pem`)) },
    (request, response) => {
      requests.push(request.url ?? '')
      response.writeHead(404).end()
    },
  )
  const sockets = new Set<Socket>()
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v12.stomp' })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  server.on('tlsClientError', () => undefined)
  server.on('upgrade', (request, socket, head) => {
    requests.push(request.url ?? '')
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', () => webSocket.send('CONNECTED\nversion:1.2\n\n\0'))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `wss://localhost:${(server.address() as AddressInfo).port}/ws?token=secret`, requests }
}

function open(url: string, way: Way, further: RecorderOptions = {}): Recorder {
  const recorder = new Recorder({ url, way }, undefined, further)
  cleanup.push(() => recorder.link.drop(appError('link.closed')))
  return recorder
}

describe.skipIf(missing !== null)(`a server’s certificate${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-certificates-'))
    writeFileSync(
      join(dir, 'ca.conf'),
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n',
    )
    makeAuthority('trusted')
    makeAuthority('unknown')
    makeCertificate('good', 'trusted', 'localhost', '20200101000000Z', '20991231000000Z')
    makeCertificate('expired', 'trusted', 'localhost', '20200101000000Z', '20200201000000Z')
    makeCertificate('notYet', 'trusted', 'localhost', '20980101000000Z', '20991231000000Z')
    makeCertificate('otherHost', 'trusted', 'chat.example.org', '20200101000000Z', '20991231000000Z')
    makeCertificate('unknownIssuer', 'unknown', 'localhost', '20200101000000Z', '20991231000000Z')
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'selfSigned.key', '-out', 'selfSigned.pem') // prettier-ignore
    setDefaultCACertificates([...trustedBefore, readFileSync(join(dir, 'trusted.pem'), 'utf8')])
  })

  afterAll(() => {
    setDefaultCACertificates(trustedBefore)
    rmSync(dir, { recursive: true, force: true })
  })

  it('of a trusted issuer, for the address, in its time, is taken', async () => {
    const { url } = await serve('good')
    const recorder = open(url, 'webSocket')
    await recorder.connected()
    expect(recorder.end).toBeNull()
  })

  it.each<[Kind, ErrorCode, string]>([
    ['expired', 'link.tlsExpired', 'CERT_HAS_EXPIRED'],
    ['notYet', 'link.tlsExpired', 'CERT_NOT_YET_VALID'],
    ['otherHost', 'link.tlsHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['selfSigned', 'link.tlsUntrusted', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['unknownIssuer', 'link.tlsUntrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('that is %s is %s on every way, and the server learns nothing', async (kind, code, detail) => {
    const { url, requests } = await serve(kind)
    for (const way of ['webSocket', 'webSocketPath', 'sockJsWebSocket', 'sockJsPolling'] as const) {
      const end = await open(url, way).ended()
      expect(end.problem).toEqual(appError(code, detail))
      expect(end.notOffered).toBeUndefined()
    }
    expect(requests).toEqual([])
  })

  it('that is wrong ends the search for a way at once', async () => {
    const { url, requests } = await serve('selfSigned')
    const memory = heldWay()
    memory.remember('sockJsPolling')
    const through: RecorderOptions['through'] = (transport) => createEndpoint({ transport, memory })
    expect((await open(url, 'webSocket', { through }).ended()).problem.code).toBe('link.tlsUntrusted')
    expect(memory.way).toBe('sockJsPolling')
    expect(requests).toEqual([])
  })

  it('of an issuer that only the system trusts is taken: its store is read before the first encrypted link', async () => {
    const { url } = await serve('unknownIssuer')
    const unknown = readFileSync(join(dir, 'unknown.pem'), 'utf8')
    const before = getCACertificates('default')
    cleanup.push(() => setDefaultCACertificates(before))
    const recorder = open(url, 'webSocket', {
      trustSystem: () => {
        trustSystemAuthorities()
        setDefaultCACertificates([...getCACertificates('default'), unknown])
      },
    })
    await recorder.connected()
    expect(recorder.end).toBeNull()
    const now = new Set(getCACertificates('default'))
    expect([...before, ...getCACertificates('system')].every((certificate) => now.has(certificate))).toBe(true)
  })

  it('is still looked at where the system’s store cannot be read', async () => {
    const { url } = await serve('good')
    const failure = new Error('no store')
    const recorder = open(url, 'webSocket', {
      trustSystem: () => {
        throw failure
      },
    })
    await recorder.connected()
    expect(recorder.end).toBeNull()
    expect(recorder.faults).toEqual([{ fault: 'systemTrustUnknown', error: failure }])
  })

  it.each<[Kind, ErrorCode | null]>([
    ['good', null],
    ['otherHost', 'link.tlsHost'],
    ['expired', 'link.tlsExpired'],
  ])('is looked at behind a proxy as well: %s', async (kind, code) => {
    const { url } = await serve(kind)
    const proxy = createHttpServer()
    proxy.on('connect', (request, socket: Socket) => {
      const onward = connectTo(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      for (const end of [socket, onward]) end.on('error', () => undefined)
      cleanup.push(() => socket.destroy())
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    cleanup.push(() => void proxy.close())
    const { port } = proxy.address() as AddressInfo
    const recorder = open(url, 'webSocket', { resolveProxy: () => Promise.resolve(`PROXY 127.0.0.1:${port}`) })
    await recorder.connected()
    expect(recorder.end?.problem.code ?? null).toBe(code)
  })
})
