import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createDemoServer } from '#test/server/server.ts'
import type { DemoServer } from '#test/server/server.ts'
import { createStompParser, encodeStompFrame, serverCommands } from '#test/server/stompCodec.ts'
import type { StompFrame, StompHeaders } from '#test/server/stompCodec.ts'
import { closeRawClients, im2Message, openRaw, signIn } from './rawClient.ts'

let server: DemoServer

beforeEach(async () => {
  server = await createDemoServer()
})
afterEach(async () => {
  closeRawClients()
  await server.close()
})

const httpOf = (url: string): string => url.replace(/^ws/, 'http')

function connectHeaders(token: string): StompHeaders {
  return [
    ['accept-version', '1.2'],
    ['host', 'localhost'],
    ['heart-beat', '0,0'],
    ['Authorization', `Bearer ${token}`],
    ['userId', 'alice'],
    ['deviceId', 'd'],
    ['clientType', 'desktop'],
  ]
}

function text(command: string, headers: StompHeaders): string {
  return encodeStompFrame({ command, headers }).toString()
}

const subscribe = (destination: string): string =>
  text('SUBSCRIBE', [
    ['id', '1'],
    ['destination', destination],
  ])

/** The framing of SockJS over its WebSocket transport: `o`, `a[…]`, `c[…]`. */
async function sockJsSocket(url: string): Promise<{
  send(...messages: string[]): void
  frame(command: string): Promise<StompFrame>
  closeFrame: Promise<string>
}> {
  const socket = new WebSocket(url)
  const parser = createStompParser({ commands: serverCommands })
  const frames: StompFrame[] = []
  const waiting = new Set<() => void>()
  let opened: () => void = () => undefined
  let closing: (frame: string) => void = () => undefined
  const open = new Promise<void>((resolve) => (opened = resolve))
  const closeFrame = new Promise<string>((resolve) => (closing = resolve))
  socket.on('message', (data: Buffer) => {
    const message = data.toString()
    if (message === 'o') opened()
    if (message.startsWith('c')) closing(message)
    if (!message.startsWith('a')) return
    for (const part of JSON.parse(message.slice(1)) as string[]) {
      for (const item of parser.push(Buffer.from(part))) if (item.kind === 'frame') frames.push(item.frame)
    }
    for (const check of [...waiting]) check()
  })
  await open
  return {
    send: (...messages) => socket.send(JSON.stringify(messages)),
    frame: (command) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = frames.find((frame) => frame.command === command)
          if (found === undefined) return
          waiting.delete(check)
          resolve(found)
        }
        waiting.add(check)
        check()
      }),
    closeFrame,
  }
}

describe('SockJS', () => {
  it.each(['im2', 'xuqm'] as const)('is offered on the %s endpoint’s own path', async (dialect) => {
    const info = await (await fetch(`${httpOf(server.url(dialect))}/info?token=x`)).json()
    expect(info).toMatchObject({ websocket: true, cookie_needed: false })
  })

  it('offers plain STOMP at <endpoint>/websocket, binary included', async () => {
    const token = server.issueToken('alice')
    const client = await openRaw({ url: `${server.url('im2')}/websocket` })
    client.send('CONNECT', connectHeaders(token))
    await client.command('CONNECTED')
    client.subscribe('/user/queue/private-messages')
    await im2Message(client, ({ type }) => type === 30)
    expect(client.received.at(-1)?.binary).toBe(true)
  })

  it('speaks STOMP over its WebSocket transport, im2 bodies as JSON', async () => {
    const socket = await sockJsSocket(`${server.url('im2')}/000/session1/websocket`)
    socket.send(text('CONNECT', connectHeaders(server.issueToken('alice'))))
    await socket.frame('CONNECTED')
    socket.send(subscribe('/user/queue/private-messages'))
    const greeting = await socket.frame('MESSAGE')
    expect(JSON.parse(greeting.body.toString())).toMatchObject({ type: 30 })
    expect(server.violations()).toEqual([])
  })

  it('closes with 1002 where binary is due, as Spring does, when told to', async () => {
    await server.close()
    server = await createDemoServer({ sockJsBody: 'refuse' })
    const socket = await sockJsSocket(`${server.url('im2')}/000/session2/websocket`)
    socket.send(text('CONNECT', connectHeaders(server.issueToken('alice'))), subscribe('/user/queue/private-messages'))
    expect(await socket.closeFrame).toMatch(/^c\[1002/)
  })

  it('takes the xuqm token from the URL of its transports', async () => {
    const token = server.issueToken('alice')
    const socket = await sockJsSocket(`${server.url('xuqm')}/000/session3/websocket?token=${token}`)
    socket.send(text('CONNECT', connectHeaders(token)))
    await socket.frame('CONNECTED')
    expect(server.violations()).toEqual([])
  })

  it('speaks STOMP over xhr polling', async () => {
    const base = `${httpOf(server.url('im2'))}/000/session4`
    const poll = async (): Promise<string> => (await fetch(`${base}/xhr`, { method: 'POST' })).text()
    expect(await poll()).toBe('o\n')
    const send = async (message: string): Promise<number> =>
      (await fetch(`${base}/xhr_send`, { method: 'POST', body: JSON.stringify([message]) })).status
    expect(await send(text('CONNECT', connectHeaders(server.issueToken('alice'))))).toBe(204)
    expect(await poll()).toContain('CONNECTED\\n')
    expect(server.control.sessions()).toMatchObject([{ transport: 'sockjs', userId: 'alice' }])
  })

  it('delivers between a SockJS and a plain client', async () => {
    const bob = await signIn(server, 'im2', { userId: 'bob' })
    bob.subscribe('/user/queue/private-messages')
    const socket = await sockJsSocket(`${server.url('im2')}/000/session5/websocket`)
    socket.send(text('CONNECT', connectHeaders(server.issueToken('alice'))))
    await socket.frame('CONNECTED')
    socket.send(
      encodeStompFrame({
        command: 'SEND',
        headers: [
          ['destination', '/app/private-message'],
          ['content-type', 'application/json'],
        ],
        body: JSON.stringify({
          receiverId: 'bob',
          content: JSON.stringify({ content: '你好' }),
          clientMsgId: 'c-1',
          timestamp: 1,
        }),
      }).toString(),
    )
    expect((await im2Message(bob, ({ type }) => type === 0)).content).toEqual({ content: '你好' })
  })
})
