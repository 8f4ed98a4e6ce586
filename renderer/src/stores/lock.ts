import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { LockStatus } from '#common/contract/lock.ts'

/** Whether there is a PIN, and whether the program is locked by it, as main says. The PIN itself is never here. */
export const useLock = defineStore('lock', () => {
  const status = shallowRef<LockStatus>({ state: 'none', waitUntil: null })

  return {
    status,
    isLocked: computed(() => status.value.state === 'locked'),
    hasPin: computed(() => status.value.state !== 'none'),
    replace(next: LockStatus) {
      status.value = next
    },
  }
})
