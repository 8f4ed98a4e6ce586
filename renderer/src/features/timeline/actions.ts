/** What can be done with a message, by what the server is able to and whose message it is. */
import { plainText } from '#common/domain/content/content.ts'
import type { Capabilities } from '#common/domain/capabilities.ts'
import type { Message } from '#common/domain/message.ts'

export type MessageAction =
  | 'reply'
  | 'edit'
  | 'recall'
  | 'deleteForMe'
  | 'copy'
  | 'details'
  | 'retry'
  | 'cancel'
  | 'reEdit'
  | 'forward'
  | 'select'
  | 'pin'
  | 'pinForEveryone'
  | 'unpin'

/** What concerns the whole chat; the log does the others itself. */
export type ChatAction = Exclude<MessageAction, 'forward' | 'select'>

const wordKinds: ReadonlySet<string> = new Set(['text', 'quote', 'forward'])

const everyone = ['pinForEveryone'] as const

/** What can be passed on: words, and files that the server has. */
export function isForwardable({ content, recalled, serverId, state }: Message): boolean {
  if (recalled !== null || content.kind === 'event' || content.kind === 'unsupported') return false
  return 'url' in content ? content.url !== '' : serverId !== null || (state !== 'sending' && state !== 'failed')
}

/** In the order they are offered. */
export function actionsFor(message: Message, capabilities: Capabilities, canWrite: boolean): MessageAction[] {
  const { content, outgoing, state } = message
  if (content.kind === 'event') return ['details', 'deleteForMe']
  const actions: MessageAction[] = []
  const recalled = message.recalled !== null
  const written = state !== 'sending' && state !== 'failed'
  const words = wordKinds.has(content.kind)

  if (!recalled) {
    if (state === 'failed') actions.push('retry')
    if (state === 'sending') actions.push('cancel')
    if (canWrite && message.serverId !== null) actions.push('reply')
    if (canWrite && outgoing && written && words && capabilities.edit) actions.push('edit')
    if (plainText(content) !== '') actions.push('copy')
    if (isForwardable(message)) actions.push('forward')
    if (message.pinned) actions.push('unpin')
    else if (capabilities.pin && message.serverId !== null) actions.push('pin', ...(canWrite ? everyone : []))
  } else if (canWrite && outgoing && words && plainText(content) !== '') {
    actions.push('reEdit')
  }
  if (!recalled) actions.push('select')
  actions.push('details')
  if (!recalled && outgoing && written && capabilities.recall) actions.push('recall')
  if (state !== 'sending') actions.push('deleteForMe')
  return actions
}

/** What `data-message-id` says: the server's id, else ours. */
export function publicId(message: Message): string {
  return message.serverId ?? message.clientId ?? String(message.id)
}

/** What `data-state` says. */
export function publicState(message: Message): string {
  return message.recalled === null ? message.state : 'recalled'
}
