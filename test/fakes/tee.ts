/**
 * A wire-tap on loopback: hands bytes through to a port and keeps what clients said, connection by connection. Frames of
 * a WebSocket are masked and so unreadable here; requests and their headers are not.
 */
import { type Socket, connect, createServer } from 'node:net'

export interface Tee {
  readonly port: number
  /** What each connection's client has written so far. */
  said(): readonly Buffer[]
  close(): Promise<void>
}

export async function createTee(targetPort: number): Promise<Tee> {
  const said: Buffer[][] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const own: Buffer[] = []
    said.push(own)
    const target = connect(targetPort, '127.0.0.1')
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      // Whoever resets has left; its other half is told by the closing.
      socket.on('error', () => socket.destroy())
    }
    client.on('data', (bytes) => {
      own.push(bytes)
      target.write(bytes)
    })
    target.on('data', (bytes) => client.write(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the tap has no port')
  return {
    port: address.port,
    said: () => said.map((own) => Buffer.concat(own)),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}
