import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { AppError } from '#common/base/errors.ts'

/** A failure worth a line at the bottom of the window; the text is looked up by its code. */
export const useFeedback = defineStore('feedback', () => {
  const failure = shallowRef<AppError | null>(null)
  /** Grows with every failure, so that the same one twice is shown twice. */
  const number = ref(0)

  return {
    failure,
    number,
    fail(error: AppError) {
      failure.value = error
      number.value++
    },
    dismiss() {
      failure.value = null
    },
  }
})
