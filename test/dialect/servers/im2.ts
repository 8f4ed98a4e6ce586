import { readdirSync } from 'node:fs'
import { im2 } from '#proto/gen/im2.js'
import { fixture, frameOf, jsonFrameOf } from '../frames.ts'
import { type ServerWords, bodyOf } from './words.ts'

export const vectorNames: readonly string[] = readdirSync(new URL('../../fixtures/im2', import.meta.url))
  .filter((name) => name.endsWith('.bin'))
  .map((name) => name.replace(/\.bin$/, ''))

const vectors = vectorNames.map((name) => fixture(`im2/${name}.bin`))

function message(properties: im2.WebSocketMessage.$Properties): Uint8Array {
  return im2.WebSocketMessage.encode(properties).finish()
}

export const im2Words: ServerWords = {
  echo: (sent, senderId) => {
    const body = bodyOf(sent)
    return frameOf(
      message({
        messageId: 's1',
        type: (body['msgType'] as im2.MessageType | undefined) ?? im2.MessageType.CHAT_TEXT,
        status: im2.MessageStatus.MESSAGE_SENT,
        senderId,
        receiverId: (body['receiverId'] as string | undefined) ?? '',
        conversationId: (body['conversationId'] as string | undefined) ?? 'c1',
        clientMessageId: body['clientMsgId'] as string,
        chat: { content: body['content'] as string },
      }),
      { contentType: 'application/octet-stream' },
    )
  },
  recalled: (sent, senderId) => {
    const { messageId, deleteReason } = bodyOf(sent)
    return frameOf(
      message({
        messageId: 's2',
        type: im2.MessageType.CHAT_RECALL,
        senderId,
        conversationId: 'g1',
        chat: { content: JSON.stringify({ messageId, operatorId: senderId, reason: deleteReason }) },
      }),
    )
  },
  frames: [
    ...vectors.map((bytes) => frameOf(bytes, { contentType: 'application/octet-stream' })),
    ...vectors.map((bytes) => frameOf(bytes.toString('base64'), { contentType: 'text/plain' })),
    ...vectors.map((bytes) => jsonFrameOf(im2.WebSocketMessage.decode(bytes).toJSON())),
  ],
}
