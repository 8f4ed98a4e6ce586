/** What administrators changed, in the language of the window: one line per thing, and who did it and why. */
import { useI18n } from 'vue-i18n'
import type { PolicyChange } from '#common/domain/notice.ts'
import { useWords } from './words.ts'

export interface PolicyLine {
  readonly key: 'maxMessageLength' | 'fileUploadLimit' | 'readOnly'
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
        key: 'maxMessageLength',
        what: t('policy.maxMessageLength'),
        before: characters(before.maxMessageLength),
        after: characters(after.maxMessageLength),
      })
    }
    if (after.fileUploadLimit !== null && after.fileUploadLimit !== before.fileUploadLimit) {
      found.push({
        key: 'fileUploadLimit',
        what: t('policy.fileUploadLimit'),
        before: megabytes(before.fileUploadLimit),
        after: megabytes(after.fileUploadLimit),
      })
    }
    if (after.readOnly !== null && after.readOnly !== before.readOnly) {
      found.push({
        key: 'readOnly',
        what: t('policy.writing'),
        before: writing(before.readOnly),
        after: writing(after.readOnly),
      })
    }
    return found
  }

  function who({ changedBy, reason }: Pick<ToldChange, 'changedBy' | 'reason'>): string {
    const by = changedBy === null ? t('policy.somebody') : words.nameOf(changedBy)
    return reason === null ? by : t('policy.byBecause', { by, reason })
  }

  /** What was changed, each in a sentence of its own that names who did it. */
  function sentences(change: ToldChange): readonly string[] {
    const by = change.changedBy === null ? t('policy.somebody') : words.nameOf(change.changedBy)
    const found: string[] = []
    for (const { key, before, after } of lines(change)) {
      if (key === 'readOnly')
        found.push(t(change.after.readOnly === true ? 'policy.said.readOnly' : 'policy.said.fullAccess', { by }))
      else if (key === 'fileUploadLimit' && change.before.fileUploadLimit === null)
        found.push(t('policy.said.fileUploadLimitSet', { by, after }))
      else found.push(t(`policy.said.${key}`, { by, before, after }))
    }
    return found.length > 0 ? found : [t('policy.said.nothing', { by })]
  }

  return {
    sentences,
    /** In one line. */
    summary(change: ToldChange): string {
      const changes = lines(change).map(({ what, before, after }) => t('policy.line', { what, before, after }))
      return [who(change), ...changes].join(' · ')
    },
  }
}
