import type { ConversationRef } from '#common/domain/conversation.ts'
import type { ConversationRow } from './rows.ts'

/** All conversations of the account in memory, found by every name they have without putting a name together. */
export class ConversationCache {
  #byId = new Map<string, ConversationRow>()
  #byKey = new Map<number, ConversationRow>()
  #byPeer = new Map<string, ConversationRow>()
  #byGroup = new Map<string, ConversationRow>()
  #byRemoteId = new Map<string, ConversationRow>()

  constructor(rows: readonly ConversationRow[]) {
    for (const row of rows) this.add(row)
  }

  add(row: ConversationRow): void {
    this.#byId.set(row.id, row)
    this.#byKey.set(row.key, row)
    const byTarget = row.kind === 'direct' ? this.#byPeer : this.#byGroup
    byTarget.set(row.targetId, row)
    if (row.remoteId !== null) this.#byRemoteId.set(row.remoteId, row)
  }

  all(): Iterable<ConversationRow> {
    return this.#byId.values()
  }

  byId(id: string): ConversationRow | undefined {
    return this.#byId.get(id)
  }

  byKey(key: number): ConversationRow | undefined {
    return this.#byKey.get(key)
  }

  /** What the server calls a group may be its own name for a direct chat. */
  find(ref: ConversationRef): ConversationRow | undefined {
    if (ref.kind === 'direct') return this.#byPeer.get(ref.peerId)
    return this.#byGroup.get(ref.groupId) ?? this.#byRemoteId.get(ref.groupId)
  }

  learnRemoteId(row: ConversationRow, remoteId: string): void {
    if (row.remoteId !== null) this.#byRemoteId.delete(row.remoteId)
    row.remoteId = remoteId
    this.#byRemoteId.set(remoteId, row)
  }
}
