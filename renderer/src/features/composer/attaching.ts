/**
 * Files on their way from the page to main: chosen, pasted, dropped. It owns the tray of one conversation and what is
 * told when something cannot be sent.
 *
 * Promises: what is pasted or dropped waits in the tray until it is sent; a file that cannot go is named with the reason.
 */
import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { appError } from '#common/base/errors.ts'
import type { Attached } from '#common/contract/calls.ts'
import { maxAddedBytes, uploadLimitBytes } from '#common/domain/upload.ts'
import { useClient } from '../../bridge/useClient.ts'
import { useFormats } from '../../composables/formats.ts'
import { useWords } from '../../composables/words.ts'
import { useAccounts } from '../../stores/accounts.ts'
import { useFeedback } from '../../stores/feedback.ts'
import { usePolicies } from '../../stores/policies.ts'
import { type TrayFile, useTrays } from '../../stores/trays.ts'

type Refused = Attached['refused'][number]

export interface AttachingOptions {
  readonly accountId: () => string
  readonly conversationId: () => string
}

/** Files a paste carries; none where the words it also carries are the better copy, as from a table or a document. */
export function pastedFiles(data: DataTransfer | null): File[] {
  if (data === null || data.types.includes('text/html') || data.types.includes('text/rtf')) return []
  return [...data.files]
}

export function useAttaching({ accountId, conversationId }: AttachingOptions) {
  const { t } = useI18n()
  const client = useClient()
  const accounts = useAccounts()
  const feedback = useFeedback()
  const formats = useFormats()
  const policies = usePolicies()
  const trays = useTrays()
  const words = useWords()

  const files = computed(() => trays.filesOf(accountId(), conversationId()))
  const possible = computed(() => accounts.current?.upload ?? false)
  /** Why the last files were not taken, a line each. */
  const refusals = shallowRef<readonly string[]>([])

  function refusalText({ name, code, limit, size }: Refused): string {
    if (code === 'attachment.tooBig' && limit !== null && size !== null) {
      return t('attachments.tooBig', { name, size: formats.size(size), limit: formats.size(limit) })
    }
    return t('attachments.refused', { name, reason: words.errorText({ code }) })
  }

  /** Judged by the size the page knows; main judges again by what it has. */
  function tooBig({ name, size }: File): string | null {
    const limit = uploadLimitBytes(policies.current?.fileUploadLimit ?? null)
    if (limit !== null && size > limit) return refusalText({ name, code: 'attachment.tooBig', limit, size })
    if (size <= maxAddedBytes) return null
    return t('attachments.tooBigToDrop', { name, limit: formats.size(maxAddedBytes) })
  }

  /** Tells, where nothing can be sent from here. */
  function isPossible(): boolean {
    if (!possible.value) feedback.fail(appError('attachment.noEndpoint'))
    return possible.value
  }

  function add(given: readonly File[]): void {
    if (given.length === 0 || !isPossible()) return
    const fitting = given.filter((file) => tooBig(file) === null)
    refusals.value = given.flatMap((file) => tooBig(file) ?? [])
    trays.add(accountId(), conversationId(), fitting)
  }

  /** True when something was sent. */
  async function choose(): Promise<boolean> {
    if (!isPossible()) return false
    refusals.value = []
    const answer = await client.call('attachment.choose', {
      accountId: accountId(),
      conversationId: conversationId(),
    })
    if (!answer.ok) {
      feedback.fail(answer.error)
      return false
    }
    refusals.value = answer.value.refused.map(refusalText)
    return answer.value.messageIds.length > 0
  }

  /** The words go with the file where there is one that can carry them: a single picture or video. */
  function carriesWords(): boolean {
    const [first, ...others] = files.value
    return first !== undefined && others.length === 0 && /^(image|video)\//.test(first.file.type)
  }

  /** Sends the tray, in its order. Answers whether the words went along; what was refused is told. */
  async function send(caption: string): Promise<{ sent: boolean; captioned: boolean }> {
    const [account, conversation] = [accountId(), conversationId()]
    const withWords = caption.trim() !== '' && carriesWords()
    const told: string[] = []
    let captioned = false
    let sent = false
    for (const one of trays.take(account, conversation)) {
      const answer = await addOne(account, conversation, one, withWords ? caption : '')
      if (answer === null) {
        told.push(refusalText({ name: one.file.name, code: 'attachment.unreadable', limit: null, size: null }))
        continue
      }
      if (!answer.ok) {
        // Nothing is wrong with the file: it waits for another try.
        trays.add(account, conversation, [one.file])
        feedback.fail(answer.error)
        continue
      }
      const taken = answer.value.messageIds.length > 0
      sent ||= taken
      captioned ||= taken && withWords
      told.push(...answer.value.refused.map(refusalText))
    }
    refusals.value = told
    return { sent, captioned }
  }

  /** A recording goes at once; true when it is safe, else what went wrong has been told. */
  async function sendVoice(sound: Blob, seconds: number): Promise<boolean> {
    if (!isPossible()) return false
    refusals.value = []
    const format = sound.type.includes('ogg') ? 'ogg' : 'webm'
    const answer = await client.call('attachment.add', {
      accountId: accountId(),
      conversationId: conversationId(),
      name: `voice.${format}`,
      bytes: new Uint8Array(await sound.arrayBuffer()),
      seconds: Math.round(seconds * 10) / 10,
    })
    if (!answer.ok) {
      feedback.fail(answer.error)
      return false
    }
    refusals.value = answer.value.refused.map((one) => refusalText({ ...one, name: t('kinds.voice') }))
    return answer.value.messageIds.length > 0
  }

  /** Null for what cannot be read: a folder, or a file that is gone. */
  async function addOne(account: string, conversation: string, { file }: TrayFile, caption: string) {
    const bytes = await file.arrayBuffer().catch(() => null)
    if (bytes === null) return null
    return client.call('attachment.add', {
      accountId: account,
      conversationId: conversation,
      name: file.name,
      bytes: new Uint8Array(bytes),
      ...(caption === '' ? {} : { caption }),
    })
  }

  return {
    files,
    possible,
    refusals,
    add,
    choose,
    send,
    sendVoice,
    remove: (id: number) => trays.remove(accountId(), conversationId(), id),
    dismiss: () => {
      refusals.value = []
    },
  }
}
