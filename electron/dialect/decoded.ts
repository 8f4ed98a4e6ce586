/** The two ends of decoding, and the parts of events that every dialect builds alike. */
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { Inbound, MessageTarget, ServerEvent } from '#common/domain/events.ts'
import type { Decoded } from '#electron/core/ports/dialect.ts'

export function understood(events: readonly ServerEvent[], covers: Inbound['covers'] = null): Decoded {
  return { ok: true, inbound: { covers, events } }
}

/** `reason` is one of our own words, never a server's. */
export function undecoded(reason: string): Decoded {
  return { ok: false, reason }
}

/** `undefined` when neither id is there: then nothing is named. */
export function targetOf(serverId: string | undefined, clientId: string | undefined): MessageTarget | undefined {
  if (serverId !== undefined && serverId !== '') {
    return clientId === undefined || clientId === '' ? { serverId } : { serverId, clientId }
  }
  return clientId === undefined || clientId === '' ? undefined : { clientId }
}

export function directWith(peerId: string, remoteId: string): ConversationRef {
  return remoteId === '' ? { kind: 'direct', peerId } : { kind: 'direct', peerId, remoteId }
}
