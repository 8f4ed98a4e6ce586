/**
 * What is being written in one conversation — new words, an answer, an edit — and how it leaves.
 *
 * Promises: nothing typed is lost: it is kept as a draft with what it answers or edits, and what main refused comes back
 * into the field. The words of an edit never mix with those of the draft it interrupted.
 */
import { computed, ref, watch } from 'vue'
import { plainText } from '#common/domain/content/content.ts'
import type { Message } from '#common/domain/message.ts'
import { useClient } from '../../bridge/useClient.ts'
import { type DraftMode, useDrafts } from '../../stores/drafts.ts'
import { useFeedback } from '../../stores/feedback.ts'
import { useMessages } from '../../stores/messages.ts'
import type { useAttaching } from './attaching.ts'

export interface WritingOptions {
  readonly accountId: () => string
  readonly conversationId: () => string
  readonly attaching: ReturnType<typeof useAttaching>
  /** Whom the words name. */
  readonly namedIn: (text: string) => readonly string[]
  /** Something went out. */
  readonly onSent: () => void
}

interface Said {
  readonly accountId: string
  readonly conversationId: string
  readonly text: string
  readonly answered: Message | null
}

const editable: ReadonlySet<string> = new Set(['text', 'quote', 'forward'])

export function useWriting({ accountId, conversationId, attaching, namedIn, onSent }: WritingOptions) {
  const client = useClient()
  const drafts = useDrafts()
  const feedback = useFeedback()
  const messages = useMessages()

  const mode = computed<DraftMode | null>(() => drafts.modeOf(accountId(), conversationId()))
  const edited = computed(() => (mode.value?.kind === 'edit' ? mode.value.message : null))
  const quoted = computed(() => (mode.value?.kind === 'quote' ? mode.value.message : null))
  const text = ref(mode.value?.kind === 'edit' ? mode.value.text : drafts.textOf(accountId(), conversationId()))
  /** An edit is on its way to main. */
  const busy = ref(false)
  const hasFiles = computed(() => edited.value === null && attaching.files.value.length > 0)
  const empty = computed(() => text.value.trim() === '' && !hasFiles.value)

  function setMode(next: DraftMode | null): void {
    drafts.setMode(accountId(), conversationId(), next)
  }

  /** The words in the field are these now. */
  function written(): void {
    if (mode.value?.kind === 'edit') setMode({ ...mode.value, text: text.value })
    else drafts.set(accountId(), conversationId(), text.value)
  }

  function setText(value: string): void {
    text.value = value
    written()
  }

  /** The field is free for the next message at once; what main refused comes back into it. */
  async function send(): Promise<void> {
    const said: Said = {
      accountId: accountId(),
      conversationId: conversationId(),
      text: text.value,
      answered: quoted.value,
    }
    const mentions = namedIn(said.text)
    const withFiles = hasFiles.value
    setMode(null)
    setText('')
    if (withFiles && (await sendFiles(said))) return
    const answer = await client.call('message.send', {
      accountId: said.accountId,
      conversationId: said.conversationId,
      text: said.text,
      ...(said.answered?.serverId ? { quotes: said.answered.serverId } : {}),
      ...(mentions.length === 0 ? {} : { mentions: [...mentions] }),
    })
    if (answer.ok) {
      void drafts.flush()
      onSent()
      return
    }
    feedback.fail(answer.error)
    giveBack(said)
  }

  /** The tray goes first. True when that is all: no words, or a file carries them, or nothing could be sent. */
  async function sendFiles(said: Said): Promise<boolean> {
    const { sent, captioned } = await attaching.send(said.answered === null ? said.text : '')
    if (sent) onSent()
    else giveBack(said)
    return !sent || captioned || said.text.trim() === ''
  }

  function giveBack(said: Said): void {
    const typedSince = drafts.textOf(said.accountId, said.conversationId)
    const restored = [said.text, typedSince].filter((part) => part !== '').join('\n')
    drafts.set(said.accountId, said.conversationId, restored)
    if (said.answered !== null && drafts.modeOf(said.accountId, said.conversationId) === null) {
      drafts.setMode(said.accountId, said.conversationId, { kind: 'quote', message: said.answered })
    }
    if (said.accountId === accountId() && said.conversationId === conversationId() && edited.value === null) {
      text.value = restored
    }
  }

  async function saveEdit(message: Message): Promise<void> {
    busy.value = true
    const answer = await client.call('message.edit', {
      accountId: accountId(),
      messageId: message.id,
      text: text.value,
    })
    busy.value = false
    if (answer.ok) endEdit()
    else feedback.fail(answer.error)
  }

  function startEdit(message: Message): void {
    text.value = plainText(message.content)
    setMode({ kind: 'edit', message, text: text.value })
  }

  function endEdit(): void {
    setMode(null)
    text.value = drafts.textOf(accountId(), conversationId())
  }

  /** The last own message that can be edited; false where there is none. */
  function editLast(): boolean {
    const last = messages.ordered.findLast(
      (message) =>
        message.outgoing &&
        message.recalled === null &&
        message.state !== 'sending' &&
        message.state !== 'failed' &&
        editable.has(message.content.kind),
    )
    if (last !== undefined) startEdit(last)
    return last !== undefined
  }

  /** What was answered or edited when the program ended, unless something was written since. */
  async function recall(): Promise<void> {
    const before = text.value
    const [account, conversation] = [accountId(), conversationId()]
    if (!(await drafts.recallMode(account, conversation))) return
    if (account !== accountId() || conversation !== conversationId()) return
    if (mode.value?.kind !== 'edit') text.value = drafts.textOf(account, conversation)
    else if (text.value === before) text.value = mode.value.text
    else {
      const words = mode.value.text
      setMode(null)
      setText(`${text.value}\n${words}`)
    }
  }
  void recall()

  /** Another window showed the conversation, too, and was written in. */
  watch(
    () => drafts.followed,
    (place) => {
      if (place?.accountId !== accountId() || place.conversationId !== conversationId()) return
      text.value = mode.value?.kind === 'edit' ? mode.value.text : drafts.textOf(accountId(), conversationId())
    },
  )

  return {
    text,
    mode,
    edited,
    busy,
    empty,
    written,
    setText,
    startEdit,
    editLast,
    /** Sends or saves what is written. */
    async submit(): Promise<void> {
      await (edited.value === null ? send() : saveEdit(edited.value))
    },
    startReply(message: Message) {
      if (edited.value !== null) endEdit()
      setMode({ kind: 'quote', message })
    },
    /** Back to writing something new; false when that is what is done already. */
    leaveMode(): boolean {
      if (mode.value === null) return false
      if (mode.value.kind === 'edit') endEdit()
      else setMode(null)
      return true
    },
  }
}
