/** What administrators changed, in the language of the window: one line per thing, and who did it and why. */
import { useI18n } from 'vue-i18n'
import type { PolicyChange } from '#common/domain/notice.ts'
import { useWords } from './words.ts'

export interface PolicyLine {
  readonly what: string
  readonly before: string
  readonly after: string
}

export type ToldChange = Pick<PolicyChange, 'before' | 'after' | 'changedBy' | 'reason'>

export function usePolicyWords() {
  const { t } = useI18n()
  const words = useWords()

  function lines({ before, after }: ToldChange): readonly PolicyLine[] {
    const found: PolicyLine[] = []
    const characters = (n: number | null): string => (n === null ? t('policy.unknown') : t('policy.characters', n))
    const megabytes = (n: number | null): string => (n === null ? t('policy.unknown') : t('policy.megabytes', { n }))
    const writing = (readOnly: boolean | null): string =>
      readOnly === null ? t('policy.unknown') : t(readOnly ? 'policy.readOnly' : 'policy.fullAccess')
    if (after.maxMessageLength !== null && after.maxMessageLength !== before.maxMessageLength) {
      found.push({
        what: t('policy.maxMessageLength'),
        before: characters(before.maxMessageLength),
        after: characters(after.maxMessageLength),
      })
    }
    if (after.fileUploadLimit !== null && after.fileUploadLimit !== before.fileUploadLimit) {
      found.push({
        what: t('policy.fileUploadLimit'),
        before: megabytes(before.fileUploadLimit),
        after: megabytes(after.fileUploadLimit),
      })
    }
    if (after.readOnly !== null && after.readOnly !== before.readOnly) {
      found.push({ what: t('policy.writing'), before: writing(before.readOnly), after: writing(after.readOnly) })
    }
    return found
  }

  function who({ changedBy, reason }: Pick<ToldChange, 'changedBy' | 'reason'>): string {
    const by = changedBy === null ? t('policy.somebody') : words.nameOf(changedBy)
    return reason === null ? by : t('policy.byBecause', { by, reason })
  }

  return {
    lines,
    who,
    /** In one line. */
    summary(change: ToldChange): string {
      const changes = lines(change).map(({ what, before, after }) => t('policy.line', { what, before, after }))
      return [who(change), ...changes].join(' · ')
    },
  }
}
