/** A decision of the ledger in plain sentences: what it was about, what came of it, and why. */
import { useI18n } from 'vue-i18n'
import type { Decision } from '#common/contract/ledger.ts'
import { type Conversation, muteForEver } from '#common/domain/conversation.ts'
import type { OccasionKind } from '#common/domain/notification/ledger.ts'
import { type Formats, daysBetween } from '../../composables/formats.ts'
import type { Words } from '../../composables/words.ts'

const noticeKinds: ReadonlySet<OccasionKind> = new Set(['announcement', 'alert', 'maintenance', 'promotion'])

/** Told by the administration of the account as a whole: it has no chat to be named by. */
const accountKinds: ReadonlySet<OccasionKind> = new Set(['policy', 'permission', 'session'])

export function useLedgerWords(formats: Formats, words: Words) {
  const { t } = useI18n()

  /** Read later than it was decided: a day that is not the decision's own is named. */
  const untilText = ({ at, until }: Decision): string | null => {
    if (until === null || until === muteForEver) return null
    return daysBetween(at, until) === 0 ? formats.clock(until) : formats.dated(until)
  }

  function what({ kind, senderId }: Decision, isDirect: boolean): string {
    if (noticeKinds.has(kind)) return t(`notices.kinds.${kind}`)
    if (accountKinds.has(kind)) return t('settings.groups.admin')
    if (senderId === null || kind === 'membership') return t(`ledger.kinds.${kind}`)
    if (words.isSelf(senderId)) return t('ledger.yours')
    if (isDirect && kind === 'message') return t('ledger.kinds.message')
    return t(`ledger.by.${kind}`, { name: words.nameOf(senderId) })
  }

  return {
    /** Its chat or its title, as they are called now. */
    subject(decision: Decision, conversation: Conversation | undefined): string {
      const { kind, conversationId, title } = decision
      if (conversation !== undefined) return words.titleOf(conversation)
      if (conversationId !== null) return t('ledger.goneChat')
      if (noticeKinds.has(kind)) return title ?? t('ledger.goneNotice')
      return t(`ledger.kinds.${kind}`)
    },

    /** What kind of thing it was, by whom, and whether it is still here. */
    about(decision: Decision, conversation: Conversation | undefined): string {
      const told = what(decision, conversation?.kind === 'direct')
      return decision.gone && decision.messageId !== null ? t('ledger.goneMessage', { what: told }) : told
    },

    outcome({ shown, sound }: Decision): string {
      if (!shown) return t('ledger.withheld')
      return sound ? t('ledger.shownWithSound') : t('ledger.shownSilently')
    },

    reason(decision: Decision): string {
      const { reason, kind, channel } = decision
      const time = untilText(decision)
      if (reason === 'channelOff') return t(`ledger.off.${channel}`)
      if (reason === 'named' && kind === 'mentionAll') return t('ledger.namedAll')
      if (reason === 'muted') return time === null ? t('ledger.reasons.muted') : t('ledger.mutedUntil', { time })
      if (reason === 'quietHours')
        return time === null ? t('ledger.reasons.quietHours') : t('ledger.quietUntil', { time })
      if (reason === 'doNotDisturb')
        return time === null ? t('ledger.reasons.doNotDisturb') : t('ledger.doNotDisturbUntil', { time })
      return t(`ledger.reasons.${reason}`)
    },
  }
}

export type LedgerWords = ReturnType<typeof useLedgerWords>
