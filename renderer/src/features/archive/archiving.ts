/**
 * Archives of one account, as a dialog or a page shows them: begun, watched, given up, and what came of them.
 *
 * Promises: one that was begun elsewhere is seen as well; an answer for another account than the one shown is let go.
 */
import { onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Result } from '#common/base/result.ts'
import type { ArchiveProgress } from '#common/contract/archiveCalls.ts'
import type { CallOutput } from '#common/contract/calls.ts'
import { useClient } from '../../bridge/useClient.ts'
import { useFormats } from '../../composables/formats.ts'
import { useWords } from '../../composables/words.ts'

const progressEveryMs = 300

export function useArchiving(accountId: () => string) {
  const { t } = useI18n()
  const client = useClient()
  const formats = useFormats()
  const words = useWords()

  /** A dialog of the system is open, or the work is under way. */
  const busy = ref(false)
  const progress = shallowRef<ArchiveProgress | null>(null)
  /** What the last one came to, or why it did not; in lines. */
  const outcome = ref('')
  const failed = ref(false)
  /** An archive was written that can be shown. */
  const written = ref(false)
  let stopping = false
  let timer: ReturnType<typeof setInterval> | undefined

  async function look(): Promise<void> {
    const account = accountId()
    if (account === '') return
    const answer = await client.call('archive.progress', { accountId: account })
    if (account !== accountId() || !answer.ok) return
    progress.value = answer.value.progress
    if (progress.value === null && !busy.value) clearInterval(timer)
  }
  function follow(): void {
    clearInterval(timer)
    timer = setInterval(() => void look(), progressEveryMs)
  }

  async function run<T>(ask: () => Promise<Result<{ done: T | null }>>, tell: (done: T) => string, stopped: string) {
    if (busy.value) return
    const account = accountId()
    busy.value = true
    stopping = written.value = failed.value = false
    outcome.value = ''
    follow()
    const answer = await ask()
    busy.value = false
    clearInterval(timer)
    progress.value = null
    if (account !== accountId()) return
    failed.value = !answer.ok
    if (!answer.ok) outcome.value = words.errorText(answer.error)
    else if (answer.value.done !== null) outcome.value = tell(answer.value.done)
    else outcome.value = stopping ? stopped : ''
  }

  function tellExported({ name, messages, bytes }: NonNullable<CallOutput<'archive.export'>['done']>): string {
    written.value = true
    return t('archive.exported', { n: messages, name, size: formats.size(bytes) }, messages)
  }

  function tellImported({ added, deleted, unsent }: NonNullable<CallOutput<'archive.import'>['done']>): string {
    const parts = [t('archive.imported', { n: added }, added)]
    if (deleted > 0) parts.push(t('archive.stayDeleted', { n: deleted }, deleted))
    if (unsent > 0) parts.push(t('archive.neverSent', { n: unsent }, unsent))
    return parts.join('\n')
  }

  watch(
    accountId,
    async () => {
      clearInterval(timer)
      outcome.value = ''
      progress.value = null
      written.value = false
      await look()
      if (progress.value !== null) follow()
    },
    { immediate: true },
  )
  onBeforeUnmount(() => clearInterval(timer))

  return {
    busy,
    progress,
    outcome,
    failed,
    written,
    exportChats: (conversationId: string | null, media: boolean) =>
      run(
        () => client.call('archive.export', { accountId: accountId(), conversationId, media }),
        tellExported,
        t('archive.exportStopped'),
      ),
    importArchive: () =>
      run(() => client.call('archive.import', { accountId: accountId() }), tellImported, t('archive.importStopped')),
    async stop(): Promise<void> {
      stopping = true
      await client.call('archive.cancel', { accountId: accountId() })
    },
    async show(): Promise<void> {
      const answer = await client.call('archive.show', { accountId: accountId() })
      failed.value = !answer.ok
      if (!answer.ok) outcome.value = words.errorText(answer.error)
    },
  }
}

export type Archiving = ReturnType<typeof useArchiving>
