/**
 * What one account keeps on this computer, as the storage page shows it, and what is done about it.
 *
 * Promises: after every step the numbers are measured anew; an answer for another account than the one shown is let go.
 */
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { AppError } from '#common/base/errors.ts'
import type { CallInput } from '#common/contract/calls.ts'
import { type StorageUse, sumOf } from '#common/domain/storageUse.ts'
import { useClient } from '../../bridge/useClient.ts'
import { useFormats } from '../../composables/formats.ts'
import { useWords } from '../../composables/words.ts'

const progressEveryMs = 400

export function useStorageManaging(accountId: () => string) {
  const { t } = useI18n()
  const client = useClient()
  const formats = useFormats()
  const words = useWords()

  const use = shallowRef<StorageUse | null>(null)
  const problem = shallowRef<AppError | null>(null)
  /** What the last step did, or why it did not. */
  const outcome = ref('')
  const failed = ref(false)
  const busy = ref(false)
  /** Null while nothing is made smaller; `share` as main tells it. */
  const compacting = shallowRef<{ readonly share: number | null } | null>(null)
  const total = computed(() => {
    const { value } = use
    if (value === null) return 0
    return value.database.bytes + sumOf(value.files).bytes + value.leftOver.bytes + value.waiting.bytes
  })

  let generation = 0
  let timer: ReturnType<typeof setInterval> | undefined

  async function measure(): Promise<void> {
    const mine = ++generation
    const answer = await client.call('storage.use', { accountId: accountId() })
    if (mine !== generation) return
    problem.value = answer.ok ? null : answer.error
    if (answer.ok) use.value = answer.value
  }

  function reasonOf({ code, data }: AppError): string {
    const { needed, free } = data ?? {}
    return typeof needed === 'number' && typeof free === 'number'
      ? t('storageUse.noRoom', { needed: formats.size(needed), free: formats.size(free) })
      : words.errorText({ code })
  }

  async function step(run: () => Promise<{ ok: true; text: string } | { ok: false; error: AppError }>): Promise<void> {
    if (busy.value) return
    busy.value = true
    outcome.value = ''
    const account = accountId()
    const done = await run()
    busy.value = false
    if (account !== accountId()) return
    failed.value = !done.ok
    outcome.value = done.ok ? done.text : reasonOf(done.error)
    await measure()
  }

  const clearMedia = (what: Omit<CallInput<'storage.clearMedia'>, 'accountId'>): Promise<void> =>
    step(async () => {
      const answer = await client.call('storage.clearMedia', { accountId: accountId(), ...what })
      if (!answer.ok) return answer
      const { files, bytes } = answer.value
      return { ok: true, text: t('storageUse.clearedFiles', { n: files, size: formats.size(bytes) }, files) }
    })

  const clearMessages = (conversationId: string): Promise<void> =>
    step(async () => {
      const answer = await client.call('storage.clearMessages', { accountId: accountId(), conversationId })
      return answer.ok ? { ok: true, text: t('storageUse.clearedMessages', answer.value.messages) } : answer
    })

  async function look(): Promise<void> {
    const account = accountId()
    const answer = await client.call('storage.progress', { accountId: account })
    if (account !== accountId() || !answer.ok) return
    const before = compacting.value
    compacting.value = answer.value.progress
    if (answer.value.progress !== null) return
    clearInterval(timer)
    // It was begun before this page was opened, and is over.
    if (before !== null && !busy.value) await measure()
  }
  function follow(): void {
    clearInterval(timer)
    timer = setInterval(() => void look(), progressEveryMs)
  }

  const compact = (): Promise<void> =>
    step(async () => {
      compacting.value = { share: null }
      follow()
      const answer = await client.call('storage.compact', { accountId: accountId() })
      clearInterval(timer)
      compacting.value = null
      if (!answer.ok) return answer
      const { before, after } = answer.value
      return { ok: true, text: t('storageUse.compacted', { before: formats.size(before), after: formats.size(after) }) }
    })

  watch(
    accountId,
    async () => {
      clearInterval(timer)
      use.value = null
      problem.value = null
      outcome.value = ''
      compacting.value = null
      await look()
      if (compacting.value !== null) follow()
      else await measure()
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    generation++
    clearInterval(timer)
  })

  return { use, problem, outcome, failed, busy, compacting, total, measure, clearMedia, clearMessages, compact }
}
