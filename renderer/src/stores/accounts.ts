import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Account } from '#common/domain/account.ts'

/** Who is signed in here, and whose messages are shown. */
export const useAccounts = defineStore('accounts', () => {
  const all = shallowRef<readonly Account[]>([])
  const chosenId = ref<string | null>(null)

  const current = computed(() => all.value.find((account) => account.id === chosenId.value) ?? all.value[0] ?? null)
  const currentId = computed(() => current.value?.id ?? null)

  return {
    all,
    current,
    currentId,
    replace(accounts: readonly Account[]) {
      all.value = accounts
    },
    /** The answer of a sign-in may come before the push that lists the account. */
    put(account: Account) {
      const others = all.value.filter((other) => other.id !== account.id)
      const known = others.length < all.value.length
      all.value = known ? all.value.map((other) => (other.id === account.id ? account : other)) : [...others, account]
    },
    choose(accountId: string) {
      chosenId.value = accountId
    },
  }
})
