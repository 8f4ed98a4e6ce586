/** What every decoding owes, whatever the bytes: it is total, pure, and what it says is valid. */
import * as v from 'valibot'
import { contentSchema } from '#common/domain/content/content.ts'
import { conversationIdOf } from '#common/domain/conversation.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import { noticeSchema } from '#common/domain/notice.ts'
import type { DecodeContext, Dialect } from '#electron/core/ports/dialect.ts'
import type { Frame } from '#electron/core/ports/transport.ts'

const sequence = /^[1-9]\d{0,18}$/

/** Decodes the frame and throws where the decoding owes something. True when the frame was understood. */
export function holds(dialect: Dialect, frame: Frame, context: DecodeContext): boolean {
  const before = Buffer.from(frame.body)
  const decoded = dialect.decode(frame, context)
  if (!before.equals(frame.body)) throw new Error('the frame was changed')
  if (!decoded.ok) {
    if (!/^\w{1,20}$/.test(decoded.reason)) throw new Error(`not a word of ours: ${decoded.reason}`)
    return false
  }
  const { covers, events } = decoded.inbound
  if (covers !== null && !sequence.test(covers.sequence)) throw new Error(`sequence ${covers.sequence}`)
  for (const event of events) check(event)
  return true
}

/** Bytes from outside changed what every object has. */
export function assertCleanPrototypes(): void {
  for (const prototype of [Object.prototype, Array.prototype, Function.prototype]) {
    const own = Object.keys(prototype)
    if (own.length > 0) throw new Error(`prototype polluted: ${own.join()}`)
  }
}

function check(event: ServerEvent): void {
  if ('conversation' in event) {
    const id = conversationIdOf(event.conversation)
    if (!/^(direct|group):./s.test(id) || id.length > 600) throw new Error(`conversation ${id}`)
  }
  if ('target' in event && event.target.serverId === undefined && event.target.clientId === undefined) {
    throw new Error('nothing is named')
  }
  if (event.type === 'message.received') {
    v.parse(contentSchema, event.content)
    if (event.senderId === '') throw new Error('no sender')
    if (event.sequence !== null && !sequence.test(event.sequence)) throw new Error(`sequence ${event.sequence}`)
    if (event.serverTime !== null && !(event.serverTime > 0)) throw new Error(`time ${event.serverTime}`)
  }
  if (event.type === 'notice.received') {
    v.parse(noticeSchema, { ...event.notice, readAt: null, acknowledgedAt: null, revision: 1 })
  }
}
