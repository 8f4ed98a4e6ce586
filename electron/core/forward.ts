/**
 * What a message becomes when it is passed on: words go as a forward that names the original, everything else goes as
 * it is. What it answered to, whom it named and who may not see it any more stay behind.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Content } from '#common/domain/content/content.ts'
import type { Message } from '#common/domain/message.ts'

export function forwardedContent({ content, serverId, recalled, deleted }: Message): Result<Content> {
  if (deleted) return fail('message.unknown')
  if (recalled !== null) return fail('message.recalled')
  switch (content.kind) {
    case 'text':
    case 'quote':
    case 'forward':
      // A server knows an original only by its own id.
      return ok(
        serverId === null
          ? { kind: 'text', text: content.text }
          : { kind: 'forward', text: content.text, originalId: serverId, reason: '' },
      )
    case 'image':
    case 'file':
    case 'voice':
    case 'video':
      // Without an address the file is still here, and on its way.
      return content.url === '' ? fail('message.notSupported') : ok(content)
    case 'location':
    case 'card':
      return ok(content)
    case 'event':
    case 'unsupported':
      return fail('message.notSupported')
  }
}
