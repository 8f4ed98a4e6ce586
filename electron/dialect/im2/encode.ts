/** From a command to a frame: the destinations of section 8 of the im2 document, JSON as it prints it. */
import type { JsonObject } from '#common/base/json.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Profile } from '#common/domain/account.ts'
import type { Command, QueuedCommand } from '#common/domain/commands.ts'
import type { MessageTarget } from '#common/domain/events.ts'
import type { OutboundFrame } from '#electron/core/ports/transport.ts'
import { writeContent } from '../contentDocument.ts'
import { jsonFrame } from '../jsonFrame.ts'
import { typeOfKind } from './chat.ts'

/** `deleteScope` and `pinScope`: 0 for this user only, 1 for everyone. */
const forMe = 0
const forEveryone = 1

export function encode(command: Command, profile: Profile): Result<OutboundFrame> {
  switch (command.type) {
    case 'message.send':
      return send(command)
    case 'message.edit':
      return about(command.target, '/app/edit-message', (messageId) => ({
        messageId,
        newContent: command.text,
        editReason: command.reason,
        timestamp: command.composedAt,
      }))
    case 'message.recall':
      return about(command.target, '/app/delete-message', (messageId) => ({
        messageId,
        deleteScope: forEveryone,
        deleteReason: command.reason,
        timestamp: command.composedAt,
      }))
    case 'message.deleteForMe':
      return about(command.target, '/app/delete-message', (messageId) => ({
        messageId,
        deleteScope: forMe,
        deleteReason: '',
        timestamp: command.composedAt,
      }))
    case 'message.pin':
      return about(command.target, '/app/pin-message', (messageId) => ({
        messageId,
        pinScope: command.scope === 'everyone' ? forEveryone : forMe,
        timestamp: command.composedAt,
      }))
    case 'session.pulse':
      return ok(jsonFrame('/app/heartbeat', { timestamp: command.at, deviceId: profile.deviceId }))
    case 'session.renew':
      return ok(jsonFrame('/app/auth', { token: command.token, timestamp: command.at }))
    case 'session.sync':
      return fail('message.notSupported', command.type)
  }
}

function send(command: Extract<QueuedCommand, { type: 'message.send' }>): Result<OutboundFrame> {
  const { conversation, clientId: clientMsgId, composedAt: timestamp } = command
  const content = writeContent(command.content)
  if (!content.ok) return content
  const { kind, document } = content.value
  const msgType = typeOfKind.get(kind)
  if (msgType === undefined) return fail('message.notSupported', kind)
  return ok(
    conversation.kind === 'group'
      ? jsonFrame('/app/chat', {
          conversationId: conversation.groupId,
          content: document,
          msgType,
          clientMsgId,
          timestamp,
        })
      : jsonFrame('/app/private-message', {
          receiverId: conversation.peerId,
          content: document,
          ...(kind === 'text' ? {} : { msgType }),
          clientMsgId,
          timestamp,
        }),
  )
}

/** This server knows messages by its own ids only. */
function about(
  target: MessageTarget,
  destination: string,
  body: (messageId: string) => JsonObject,
): Result<OutboundFrame> {
  if (target.serverId === undefined) return fail('message.unknown', 'no server id')
  return ok(jsonFrame(destination, body(target.serverId)))
}
