/** From a command to a frame: send, revoke and sync of the xuqm document, always with the application's key. */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Profile } from '#common/domain/account.ts'
import type { Command } from '#common/domain/commands.ts'
import type { OutboundFrame } from '#electron/core/ports/transport.ts'
import { type WireKind, writeContent } from '../contentDocument.ts'
import { jsonFrame } from '../jsonFrame.ts'
import { wireKinds } from './decode.ts'

const msgTypeOf: ReadonlyMap<WireKind, string> = new Map([...wireKinds].map(([name, kind]) => [kind, name]))

export function encode(command: Command, { appKey }: Profile): Result<OutboundFrame> {
  if (appKey === undefined || appKey === '') return fail('account.appKeyMissing')
  switch (command.type) {
    case 'message.send': {
      const { conversation, clientId, content } = command
      const written = writeContent(content)
      if (!written.ok) return written
      const msgType = msgTypeOf.get(written.value.kind)
      if (msgType === undefined) return fail('message.notSupported', written.value.kind)
      return ok(
        jsonFrame('/app/chat.send', {
          appKey,
          messageId: clientId,
          toId: conversation.kind === 'group' ? conversation.groupId : conversation.peerId,
          chatType: conversation.kind === 'group' ? 'GROUP' : 'SINGLE',
          msgType,
          content: content.kind === 'text' ? content.text : written.value.document,
        }),
      )
    }
    case 'message.recall': {
      // The client made the id, so either name is the message's.
      const messageId = command.target.serverId ?? command.target.clientId
      if (messageId === undefined) return fail('message.unknown', 'no id')
      return ok(jsonFrame('/app/chat.revoke', { appKey, messageId }))
    }
    case 'session.sync':
      return ok(jsonFrame('/app/chat.sync', { appKey }))
    case 'message.edit':
    case 'message.deleteForMe':
    case 'message.pin':
    case 'session.pulse':
    case 'session.renew':
      return fail('message.notSupported', command.type)
  }
}
