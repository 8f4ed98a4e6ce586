/**
 * What this window shows: the panel, the open conversation of every account, the sign-in form.
 *
 * Promises: main knows the shown conversation before its first page is asked for.
 */
import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import { useClient } from '../bridge/useClient.ts'
import { useAccounts } from './accounts.ts'
import { useDrafts } from './drafts.ts'
import { useMessages } from './messages.ts'

export type Panel = 'chats' | 'catchUp' | 'announcements' | 'settings' | 'diagnostics' | 'ledger'

export const useView = defineStore('view', () => {
  const client = useClient()
  const accounts = useAccounts()
  const messages = useMessages()
  const drafts = useDrafts()

  const panel = ref<Panel>('chats')
  const opened: Map<string, string> = reactive(new Map<string, string>())
  /** The form for another account is open. */
  const addingAccount = ref(false)
  /** What a link proposed to sign in to; the form is filled with it, once per number. */
  const proposal = shallowRef<{ readonly number: number; readonly server: string; readonly userId: string } | null>(
    null,
  )
  /** The account whose token a person replaces while the old one still holds. */
  const renewing = ref<string | null>(null)
  /** Accounts whose messages are looked at although they are signed out. */
  const lookingSignedOut: Set<string> = reactive(new Set<string>())

  const openedId = computed(() => (accounts.currentId === null ? null : (opened.get(accounts.currentId) ?? null)))
  /** The conversation whose timeline is on the screen. */
  const conversationId = computed(() => (panel.value === 'chats' ? openedId.value : null))
  const signInShown = computed(() => {
    const account = accounts.current
    if (addingAccount.value || account === null || renewing.value === account.id) return true
    // The messages come first: signing in would meet the same trouble.
    if (account.trouble?.stopped === true) return false
    return !(account.signedIn || lookingSignedOut.has(account.id))
  })

  /** The message to be shown in the conversation that is being opened; whoever shows it takes it from here. */
  const wanted = shallowRef<{ readonly conversationId: string; readonly id: string | number } | null>(null)

  let reported = ''

  return {
    panel,
    conversationId,
    openedId,
    addingAccount,
    proposal,
    signInShown,
    wanted,
    /** Shows the form for a server, and a user where one is named; the token is the person's to give. */
    propose(server: string, userId: string) {
      proposal.value = { number: (proposal.value?.number ?? 0) + 1, server, userId }
      addingAccount.value = accounts.current !== null
    },
    endAdding() {
      addingAccount.value = false
      proposal.value = null
    },
    show(next: Panel) {
      panel.value = next
    },
    openConversation(id: string) {
      wanted.value = null
      if (accounts.currentId !== null) opened.set(accounts.currentId, id)
      panel.value = 'chats'
    },
    /** Opens the conversation at one of its messages, by the server's id or our own; without one at its usual place. */
    openMessage(conversationId: string, id: string | number | null) {
      wanted.value = id === null ? null : { conversationId, id }
      if (accounts.currentId !== null) opened.set(accounts.currentId, conversationId)
      panel.value = 'chats'
    },
    /** The message wanted in that conversation, once. */
    takeWanted(conversationId: string): string | number | null {
      const { value } = wanted
      if (value?.conversationId !== conversationId) return null
      wanted.value = null
      return value.id
    },
    closeConversation() {
      if (accounts.currentId !== null) opened.delete(accounts.currentId)
    },
    look(accountId: string) {
      renewing.value = null
      lookingSignedOut.add(accountId)
    },
    askForSignIn(accountId: string) {
      lookingSignedOut.delete(accountId)
    },
    /** A new token for an account that is signed in: `look` goes back. */
    askForToken(accountId: string) {
      renewing.value = accountId
    },
    endRenewing() {
      renewing.value = null
    },
    forget(accountId: string) {
      opened.delete(accountId)
      lookingSignedOut.delete(accountId)
    },
    /** Brings main and the message window in line with what is on the screen. */
    async report(): Promise<void> {
      const accountId = accounts.currentId
      const shownId = signInShown.value ? null : conversationId.value
      const key = JSON.stringify([accountId, shownId])
      if (key === reported) return
      reported = key
      void drafts.flush()
      // At once: what was open must not stand under the name of what is opened.
      messages.close()
      await client.call('view.report', { accountId, conversationId: shownId })
      if (accountId !== null && shownId !== null && reported === key) await messages.open(accountId, shownId)
    },
  }
})
