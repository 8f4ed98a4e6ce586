/**
 * What would be lost with the page when the program is locked: files that were attached, recordings that were made. They
 * go to main, which keeps them for this window, and come back when it is unlocked.
 *
 * Promises: after `handOver` the page holds none of them; a recording that was running is ended and among them. A file
 * that can no longer be read is left out.
 */
import { defineStore } from 'pinia'
import { nextTick } from 'vue'
import type { Unsent } from '#common/contract/unsent.ts'
import { useClient } from '../bridge/useClient.ts'
import { useTrays } from './trays.ts'
import { useVoices } from './voices.ts'

export const useUnsent = defineStore('unsent', () => {
  const client = useClient()
  const trays = useTrays()
  const voices = useVoices()

  async function bytesOf(given: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = await given.arrayBuffer().catch(() => null)
    return bytes === null ? null : new Uint8Array(bytes)
  }
  const keep = (unsent: Unsent) => client.call('unsent.keep', unsent)

  return {
    /** To be called when nothing of the chats is shown any more. */
    async handOver(): Promise<void> {
      // Whoever recorded has to have gone first.
      await nextTick()
      await voices.settled()
      for (const { file, ...place } of trays.takeAll()) {
        const bytes = await bytesOf(file)
        if (bytes !== null) await keep({ ...place, what: { kind: 'file', name: file.name, type: file.type, bytes } })
      }
      for (const { voice, ...place } of voices.takeAll()) {
        const { sound, seconds, levels } = voice
        const bytes = await bytesOf(sound)
        if (bytes === null) continue
        await keep({ ...place, what: { kind: 'voice', type: sound.type, bytes, seconds, levels: [...levels] } })
      }
    },

    /** To be called before any chat is shown. */
    async takeBack(): Promise<void> {
      for (;;) {
        const answer = await client.call('unsent.take', {})
        if (!answer.ok || answer.value.next === null) return
        const { accountId, conversationId, what } = answer.value.next
        const parts = [new Uint8Array(what.bytes)]
        if (what.kind === 'file') {
          trays.add(accountId, conversationId, [new File(parts, what.name, { type: what.type })])
        } else {
          const { type, seconds, levels } = what
          voices.put(accountId, conversationId, { sound: new Blob(parts, { type }), seconds, levels })
        }
      }
    },
  }
})
