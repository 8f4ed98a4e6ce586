/** The messenger's own transport, telling the doctor what happens beneath its links. */
import { type Socket, isIP } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { LinkWatch, OpenWatched } from '#electron/core/doctor/ports.ts'
import type { Hop, RouteWatch } from '../stomp/proxy.ts'
import { type StompTransportOptions, createStompTransport } from '../stomp/transport.ts'

/** With the options of the transport that the accounts use. */
export function watchedTransport(options: Omit<StompTransportOptions, 'watch'>): OpenWatched {
  return (watch) => createStompTransport({ ...options, watch: routeWatch(watch) })
}

function routeWatch(watch: LinkWatch): RouteWatch {
  return {
    onSocket: (socket, hop, host) => {
      // An IPv6 address stands in brackets in a URL.
      if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) watch.onNumber()
      watchMaking(socket, hop, watch)
      // TLS to a proxy says nothing of the server.
      if (socket instanceof TLSSocket && hop.kind === 'direct') watchTls(socket, watch)
    },
    onTunnel: () => watch.onTunnel(),
    onSecuring: (socket) => watchTls(socket, watch),
  }
}

function watchMaking(socket: Socket, hop: Hop, watch: LinkWatch): void {
  // One event for each address of the name: the first is told.
  socket.once('lookup', (error: Error | null, address: string, _family: unknown, host: string) => {
    if (error === null) watch.onName({ host, address })
  })
  socket.once('connect', () => {
    const proxy = hop.kind === 'direct' ? null : `${hop.host}:${hop.port}`
    watch.onConnected({ address: `${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`, proxy })
  })
}

function watchTls(socket: TLSSocket, watch: LinkWatch): void {
  socket.once('secureConnect', () => {
    const { issuer, valid_to: validTo } = socket.getPeerCertificate()
    watch.onSecured({
      protocol: socket.getProtocol() ?? '',
      issuer: nameOf(issuer.O) ?? nameOf(issuer.CN) ?? '',
      validUntil: Date.parse(validTo),
    })
  })
}

/** Certificates may name several. */
function nameOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
