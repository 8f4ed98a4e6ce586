import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Upload } from '#common/domain/upload.ts'

/** Files on their way to the server, as main last told. */
export const useUploads = defineStore('uploads', () => {
  const byAccount: Map<string, ReadonlyMap<number, Upload>> = shallowReactive(
    new Map<string, ReadonlyMap<number, Upload>>(),
  )

  return {
    find: (accountId: string | null, messageId: number): Upload | undefined =>
      accountId === null ? undefined : byAccount.get(accountId)?.get(messageId),
    replace: (accountId: string, uploads: readonly Upload[]) =>
      void byAccount.set(accountId, new Map(uploads.map((upload) => [upload.messageId, upload]))),
    forget: (accountId: string) => void byAccount.delete(accountId),
  }
})
