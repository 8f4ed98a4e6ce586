/**
 * Keeps the stores in step with main: snapshots, numbered change sets, and the other pushes.
 *
 * Promises: change sets are applied in their order, each once, and only on top of the one before; whoever misses one
 * takes a new snapshot and loads the open page again. Must never: ask main for rows after every push.
 */
import { defineStore } from 'pinia'
import { ref, shallowReactive, shallowRef } from 'vue'
import type { Disposable } from '#common/base/disposable.ts'
import type { AppError } from '#common/base/errors.ts'
import type { Account } from '#common/domain/account.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { Push } from '#common/contract/pushes.ts'
import { useClient } from '../bridge/useClient.ts'
import { isAttentive, noteScreen } from '../composables/attention.ts'
import { useAbsences } from './absences.ts'
import { useAccounts } from './accounts.ts'
import { useConnections } from './connections.ts'
import { useConversations } from './conversations.ts'
import { useDiagnostics } from './diagnostics.ts'
import { useDownloads } from './downloads.ts'
import { useDrafts } from './drafts.ts'
import { useFeedback } from './feedback.ts'
import { useLayout } from './layout.ts'
import { useLedger } from './ledger.ts'
import { useLock } from './lock.ts'
import { useMessages } from './messages.ts'
import { useNotices } from './notices.ts'
import { usePeople } from './people.ts'
import { usePolicies } from './policies.ts'
import { useSessions } from './sessions.ts'
import { useSettings } from './settings.ts'
import { useUpdates } from './updates.ts'
import { useUploads } from './uploads.ts'
import { useTrays } from './trays.ts'
import { useUnsent } from './unsent.ts'
import { useView } from './view.ts'
import { useVoices } from './voices.ts'

/** More than this waiting for a snapshot is not kept: the next snapshot contains it. */
const waitingLimit = 1000

interface Progress {
  /** Number of the last change set applied. */
  last: number
  loading: boolean
  waiting: ChangeSet[]
}

export const useSync = defineStore('sync', () => {
  const client = useClient()
  const absences = useAbsences()
  const accounts = useAccounts()
  const connections = useConnections()
  const conversations = useConversations()
  const diagnostics = useDiagnostics()
  const downloads = useDownloads()
  const drafts = useDrafts()
  const feedback = useFeedback()
  const layout = useLayout()
  const ledger = useLedger()
  const lock = useLock()
  const messages = useMessages()
  const notices = useNotices()
  const people = usePeople()
  const policies = usePolicies()
  const sessions = useSessions()
  const settings = useSettings()
  const trays = useTrays()
  const unsent = useUnsent()
  const updates = useUpdates()
  const uploads = useUploads()
  const view = useView()
  const voices = useVoices()

  const phase = ref<'booting' | 'locked' | 'ready' | 'failed'>('booting')
  const bootError = shallowRef<AppError | null>(null)
  const version = ref('')
  const platform = ref('')
  /** Number of the last change set applied, by account. */
  const applied: Map<string, number> = shallowReactive(new Map<string, number>())
  const progress = new Map<string, Progress>()
  /** The newest applied change set, for those who announce what came. */
  const latest = shallowRef<{ readonly accountId: string; readonly changes: ChangeSet } | null>(null)

  let listening: Disposable | null = null
  let booted = false
  let parting: Promise<void> | null = null

  function apply(accountId: string, changes: ChangeSet): void {
    people.put(accountId, changes.people)
    conversations.put(accountId, changes.conversations)
    messages.applyChanges(accountId, changes, isAttentive())
    notices.put(accountId, changes.notices)
    if (changes.policy !== null) policies.put(accountId, changes.policy)
    applied.set(accountId, changes.number)
    latest.value = { accountId, changes }
  }

  async function takeSnapshot(accountId: string): Promise<void> {
    const own = progress.get(accountId) ?? { last: 0, loading: false, waiting: [] }
    progress.set(accountId, own)
    if (own.loading) return
    own.loading = true
    const answer = await client.call('account.snapshot', { accountId })
    own.loading = false
    if (progress.get(accountId) !== own) return
    if (!answer.ok) {
      // The next change set shows a gap again, and that asks again.
      own.waiting = []
      feedback.fail(answer.error)
      return
    }
    const { asOf, connection, policy } = answer.value
    people.replaceAll(accountId, answer.value.people)
    conversations.replaceAll(accountId, answer.value.conversations)
    notices.replaceAll(accountId, answer.value.notices)
    policies.replace(accountId, policy)
    connections.put(accountId, connection)
    sessions.put(accountId, answer.value.session)
    uploads.replace(accountId, answer.value.uploads)
    own.last = asOf
    applied.set(accountId, asOf)
    for (const changes of own.waiting.splice(0)) take(accountId, changes)
    await messages.reload(accountId)
  }

  function take(accountId: string, changes: ChangeSet): void {
    const own = progress.get(accountId)
    if (own === undefined) return
    if (own.loading) {
      if (own.waiting.length < waitingLimit) own.waiting.push(changes)
      return
    }
    if (changes.number <= own.last) return
    if (changes.number !== own.last + 1) {
      own.waiting = [changes]
      void takeSnapshot(accountId)
      return
    }
    own.last = changes.number
    apply(accountId, changes)
  }

  function setAccounts(list: readonly Account[]): void {
    const gone = [...progress.keys()].filter((id) => !list.some((account) => account.id === id))
    for (const accountId of gone) {
      progress.delete(accountId)
      applied.delete(accountId)
      for (const store of [
        absences,
        conversations,
        diagnostics,
        people,
        notices,
        policies,
        connections,
        sessions,
        downloads,
        drafts,
        trays,
        uploads,
        view,
        voices,
      ])
        store.forget(accountId)
    }
    accounts.replace(list)
    for (const { id, trouble } of list) {
      // Nothing can be asked of an account that is stopped; when it runs again, everything is.
      if (trouble?.stopped === true) progress.delete(id)
      else if (!progress.has(id)) void takeSnapshot(id)
    }
  }

  function receive(push: Push): void {
    switch (push.type) {
      case 'changes':
        take(push.accountId, push.changes)
        break
      case 'changesLost':
        if (progress.has(push.accountId)) void takeSnapshot(push.accountId)
        break
      case 'connection':
        connections.put(push.accountId, push.status)
        break
      case 'session':
        sessions.put(push.accountId, push.status)
        break
      case 'uploads':
        uploads.replace(push.accountId, push.uploads)
        break
      case 'examination':
        diagnostics.put(push.examination)
        break
      case 'downloads':
        downloads.put(push.accountId, push.changed, push.removed)
        break
      case 'decisions':
        ledger.noted(push.accountId)
        break
      case 'accounts':
        if (booted) setAccounts(push.accounts)
        break
      case 'settings':
        settings.replace(push.settings, push.locale)
        break
      case 'lock':
        lock.replace(push.status)
        if (push.status.state === 'locked') {
          phase.value = 'locked'
          parting = part()
        } else if (phase.value === 'locked') void start()
        break
      case 'draft':
        void drafts.follow(push.accountId, push.conversationId, push.text)
        break
      case 'update':
        updates.replace(push.update)
        break
      case 'screen':
        noteScreen(push.locked)
        break
      // Not about what is stored: the window itself takes these.
      case 'goTo':
      case 'linkRefused':
      case 'menu':
      case 'quitting':
      case 'signInProposed':
        break
    }
  }

  /** Main takes what is not yet kept, and begins this page anew. */
  async function part(): Promise<void> {
    await Promise.all([drafts.flush(), unsent.handOver()])
    await client.call('lock.parted', {})
  }

  /** Asks main for everything there is at the start; can be called again after a failure. */
  async function start(): Promise<void> {
    listening ??= client.onPush(receive)
    // Unlocked before it had handed over everything: it comes back from main all the same.
    await parting
    phase.value = 'booting'
    const boot = await client.call('app.boot', {})
    if (!boot.ok) {
      bootError.value = boot.error
      phase.value = 'failed'
      return
    }
    version.value = boot.value.version
    platform.value = boot.value.platform
    settings.replace(boot.value.settings, boot.value.locale)
    layout.replace(boot.value.layout)
    lock.replace(boot.value.lock)
    updates.replace(boot.value.update)
    if (boot.value.lock.state === 'locked') {
      phase.value = 'locked'
      return
    }
    await unsent.takeBack()
    booted = true
    setAccounts(boot.value.accounts)
    phase.value = 'ready'
  }

  return {
    phase,
    bootError,
    version,
    platform,
    applied,
    latest,
    start,
    /** A signed-in account, before main's push has listed it. */
    added(account: Account) {
      accounts.put(account)
      accounts.choose(account.id)
      if (!progress.has(account.id)) void takeSnapshot(account.id)
    },
    stop() {
      listening?.dispose()
      listening = null
    },
  }
})
