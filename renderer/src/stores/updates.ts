import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Update } from '#common/domain/update.ts'
import { useClient } from '../bridge/useClient.ts'
import { useFeedback } from './feedback.ts'

/** Whether a newer version is there, as main says, and what the user wants of it. */
export const useUpdates = defineStore('updates', () => {
  const client = useClient()
  const feedback = useFeedback()
  const state = shallowRef<Update>({ state: 'idle', checkedAt: null })
  /** The version of which he has heard enough. */
  const putAwayVersion = ref<string | null>(null)

  async function ask(call: 'update.check' | 'update.restart'): Promise<void> {
    const answer = await client.call(call, {})
    if (!answer.ok) feedback.fail(answer.error)
  }

  return {
    state,
    /** Version that is worth telling; null: none, or told enough. */
    news: computed(() =>
      state.value.state === 'ready' && state.value.version !== putAwayVersion.value ? state.value.version : null,
    ),
    replace(next: Update) {
      state.value = next
    },
    putAway() {
      if (state.value.state === 'ready') putAwayVersion.value = state.value.version
    },
    check: () => ask('update.check'),
    restart: () => ask('update.restart'),
  }
})
