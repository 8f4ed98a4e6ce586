import { frameOf, jsonFrameOf, sample } from '../frames.ts'
import { type ServerWords, bodyOf } from './words.ts'

const kinds = ['TEXT', 'IMAGE', 'FILE', 'VOICE', 'VIDEO', 'LOCATION', 'CARD', 'QUOTE', 'FORWARD', 'CUSTOM', 'REVOKE']
const statuses = ['SENT', 'DELIVERED', 'READ', 'REVOKED', 'RECALLED', 'FAILED']
const contents = [
  'Hello',
  sample('im2-4.2-image'),
  sample('im2-4.2-quote'),
  '{"userId":"u1","latitude":1,"longitude":2}',
]

export const xuqmWords: ServerWords = {
  echo: (sent, fromId) => {
    const { messageId, toId, chatType, msgType, content } = bodyOf(sent)
    return jsonFrameOf({ id: messageId, fromId, toId, chatType, msgType, content, status: 'SENT', createdAt: 1 })
  },
  recalled: (sent, fromId) =>
    jsonFrameOf({
      id: bodyOf(sent)['messageId'],
      fromId,
      toId: 'g1',
      chatType: 'GROUP',
      msgType: 'TEXT',
      content: '',
      status: 'REVOKED',
      createdAt: 1,
    }),
  frames: [
    frameOf(sample('xuqm-message').replace('user_001', 'me')),
    ...kinds.flatMap((msgType, kind) =>
      statuses.map((status, index) =>
        jsonFrameOf({
          id: `m${kind}-${index}`,
          fromId: index % 2 === 0 ? 'user_002' : 'me',
          toId: kind % 2 === 0 ? 'me' : 'g1',
          chatType: kind % 2 === 0 ? 'SINGLE' : 'GROUP',
          msgType,
          content: contents[(kind + index) % contents.length],
          status,
          createdAt: 1_715_000_000_000,
        }),
      ),
    ),
  ],
}
