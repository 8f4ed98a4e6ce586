/** A server in a thread of its own that answers CONNECT and then pours prepared MESSAGE frames as fast as they are taken. */
import { parentPort, workerData } from 'node:worker_threads'
import { WebSocketServer } from 'ws'

const { messages, conversations } = workerData as { messages: number; conversations: number }

/** Frames as a Spring server sends them, one per WebSocket message. `run` keeps the ids of one connection apart. */
function frames(run: number): Buffer[] {
  return Array.from({ length: messages }, (_, index) => {
    const body = JSON.stringify({
      id: `${run}-${index}-6f1c2a4e-8d53-4f0c-9a31`,
      fromId: `user_${index % conversations}`,
      toId: 'me',
      chatType: 'SINGLE',
      msgType: 'TEXT',
      content: `第 ${index} 条消息: the quick brown fox jumps over the lazy dog`,
      status: 'SENT',
      createdAt: 1_715_000_000_000 + run * messages + index,
    })
    const head = `MESSAGE\ndestination:/user/queue/messages\ncontent-type:application/json\nsubscription:sub-1\nmessage-id:s-${index}\ncontent-length:${Buffer.byteLength(body)}\n\n`
    return Buffer.from(`${head}${body}\0`)
  })
}

let run = 0
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', (socket) => {
  const prepared = frames(++run)
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    if (text.startsWith('CONNECT')) socket.send('CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0')
    else if (text.startsWith('SUBSCRIBE')) pour(socket, prepared)
  })
})
server.on('listening', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) parentPort?.postMessage(address.port)
})

function pour(socket: import('ws').WebSocket, prepared: readonly Buffer[]): void {
  let next = 0
  const go = (): void => {
    while (next < prepared.length && socket.bufferedAmount < 1 << 20) {
      const frame = prepared[next++]
      if (frame !== undefined) socket.send(frame, { binary: false })
    }
    if (next < prepared.length) setTimeout(go, 1)
  }
  go()
}
