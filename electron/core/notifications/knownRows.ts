/** The account's conversations and people as they were last told, for the names on a notification. */
import { type Conversation, type Person, isMuted } from '#common/domain/conversation.ts'

export class KnownRows {
  readonly #conversations = new Map<string, Conversation>()
  readonly #names = new Map<string, string>()

  take(conversations: readonly Conversation[], people: readonly Person[]): void {
    for (const row of conversations) this.#conversations.set(row.id, row)
    for (const { userId, nickname } of people) {
      if (nickname === null || nickname === '') this.#names.delete(userId)
      else this.#names.set(userId, nickname)
    }
  }

  conversation(id: string): Conversation | undefined {
    return this.#conversations.get(id)
  }

  /** `at`: local clock, ms. */
  isMuted(id: string, at: number): boolean {
    const row = this.#conversations.get(id)
    return row !== undefined && isMuted(row.preferences, at)
  }

  /** A person nobody described is known by the id. */
  nameOf(userId: string): string {
    return this.#names.get(userId) ?? userId
  }

  /** What the user calls it, else its own name. */
  chat(id: string): { readonly title: string; readonly isGroup: boolean; readonly canWrite: boolean } {
    const row = this.#conversations.get(id)
    if (row === undefined) {
      return { title: id.slice(id.indexOf(':') + 1), isGroup: id.startsWith('group:'), canWrite: true }
    }
    const own = row.kind === 'direct' ? this.nameOf(row.targetId) : row.title
    return {
      title: row.preferences.alias ?? (own === null || own === '' ? row.targetId : own),
      isGroup: row.kind === 'group',
      canWrite: row.membership !== 'left',
    }
  }
}
