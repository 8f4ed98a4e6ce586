/** Why a PIN was not taken, in words that go on counting down while there is a wait. */
import { type ComputedRef, computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { AppError } from '#common/base/errors.ts'
import { useNow } from '../../composables/now.ts'
import { useWords } from '../../composables/words.ts'
import { useLock } from '../../stores/lock.ts'

export interface PinProblem {
  /** Undefined: nothing is wrong. */
  readonly text: ComputedRef<string | undefined>
  /** The same for who listens: a wait is said once. */
  readonly spoken: ComputedRef<string | undefined>
  /** No PIN is tried now. */
  readonly mustWait: ComputedRef<boolean>
  note(error: AppError | null): void
}

export function usePinProblem(): PinProblem {
  const { t } = useI18n()
  const lock = useLock()
  const words = useWords()
  const now = useNow(500)
  const error = shallowRef<AppError | null>(null)
  const seconds = computed(() => Math.max(0, Math.ceil(((lock.status.waitUntil ?? 0) - now.value) / 1000)))
  const mustWait = computed(() => seconds.value > 0)

  /** Why the last try did not do, apart from a wait, which ends by itself. */
  const refusal = computed(() =>
    error.value === null || error.value.code === 'lock.mustWait' ? undefined : words.errorText(error.value),
  )

  return {
    mustWait,
    text: computed(() => (mustWait.value ? t('lock.wait', seconds.value) : refusal.value)),
    spoken: computed(() => (mustWait.value ? words.errorText({ code: 'lock.mustWait' }) : refusal.value)),
    note(next) {
      error.value = next
    },
  }
}
