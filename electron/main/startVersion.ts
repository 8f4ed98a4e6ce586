/**
 * What is to be settled with the user before a version begins: the way back from one that does not come up, and the
 * older copies of his data after a newer version was here.
 *
 * Must never change a file without being told to, or open one that another process has.
 */
import type { Question } from './startTrouble.ts'
import type { OlderCopy } from '#electron/adapters/sqlite/backup.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import type { Updater } from '#electron/core/ports/updater.ts'
import { failuresBorne } from '#electron/core/updates/versionRecord.ts'
import type { VersionRun } from './versionRun.ts'

export interface StartVersionOptions {
  readonly run: VersionRun
  readonly running: string
  /** Fetches just this version; null where something else brings versions. */
  readonly updaterFor: (version: string) => Promise<Updater | null>
  /** Databases a newer version changed, for which there is a copy. */
  readonly olderCopies: () => readonly OlderCopy[]
  readonly restore: (copy: OlderCopy) => void
  readonly locale: 'zh-CN' | 'en'
  /** Answers the number of the button. */
  readonly ask: (question: Question) => Promise<number>
  /** Shows it until `until` is settled, or the user has had enough: then true. */
  readonly show: (question: Question, until: Promise<unknown>) => Promise<boolean>
  readonly log: Log
}

const texts = {
  en: {
    failing: (running: string, times: number) => `Godwit ${running} did not start ${times} times in a row.`,
    canGoBack: (before: string) =>
      `Your messages are safe. Going back installs ${before}, with the messages as they were before the update; what came after it is kept in a file beside them.`,
    mustInstall: (before: string) =>
      `Your messages are safe. If it goes on failing, install version ${before} again: it offers the messages as they were before the update.`,
    back: (before: string) => `Go back to ${before}`,
    tryAgain: 'Try again',
    quit: 'Quit',
    fetching: (before: string) => `Fetching Godwit ${before}…`,
    fetchingDetail: 'It starts by itself when it is there.',
    cancel: 'Cancel',
    notFetched: (before: string) => `Godwit ${before} could not be fetched.`,
    notFetchedDetail: 'Nothing was changed. Check the network, or ask your administrator for its installer.',
    older: 'A newer Godwit was used here.',
    olderDetail: (date: string) =>
      `This version cannot read what it wrote. There is a copy from before, of ${date}. Messages that came after it are kept in a file beside it, and are shown again by the newer version only.`,
    useCopy: 'Use the copy',
    leave: 'Leave as it is',
  },
  'zh-CN': {
    failing: (running: string, times: number) => `Godwit ${running} 连续 ${times} 次未能启动。`,
    canGoBack: (before: string) =>
      `您的消息完好无损。退回后将安装 ${before}，消息恢复到更新之前的样子；更新之后收到的内容会另存在旁边的文件中。`,
    mustInstall: (before: string) =>
      `您的消息完好无损。如果仍然无法启动，请重新安装 ${before} 版本：它会询问是否使用更新之前的消息。`,
    back: (before: string) => `退回 ${before}`,
    tryAgain: '重试',
    quit: '退出',
    fetching: (before: string) => `正在获取 Godwit ${before}…`,
    fetchingDetail: '完成后会自动启动。',
    cancel: '取消',
    notFetched: (before: string) => `未能获取 Godwit ${before}。`,
    notFetchedDetail: '没有做任何改动。请检查网络，或向管理员索取安装程序。',
    older: '这里曾使用过更新版本的 Godwit。',
    olderDetail: (date: string) =>
      `此版本无法读取新版本写入的内容。有一份更新之前的副本，时间为 ${date}。此后收到的消息会另存在旁边的文件中，只有新版本才能再次显示。`,
    useCopy: '使用副本',
    leave: '保持不变',
  },
} as const

/** `left`: another version takes over, the process ends by itself. */
export type VersionVerdict = 'begin' | 'quit' | 'left'

export async function startVersion(options: StartVersionOptions): Promise<VersionVerdict> {
  const { wayBack, isOther } = options.run.start
  if (wayBack !== null) return offerWayBack(options, wayBack)
  if (isOther) await offerCopies(options)
  return 'begin'
}

async function offerWayBack(options: StartVersionOptions, before: string): Promise<VersionVerdict> {
  const { run, running, updaterFor, locale, ask, show, log } = options
  const t = texts[locale]
  const updater = await updaterFor(before)
  const failures = Math.max(failuresBorne, run.start.record.starts - 1)
  log.warn('this version did not come up', { running, failures, before })
  for (;;) {
    const buttons = [...(updater === null ? [] : [t.back(before)]), t.tryAgain, t.quit]
    const detail = updater === null ? t.mustInstall(before) : t.canGoBack(before)
    const cancelId = buttons.length - 1
    const answer = await ask({ message: t.failing(running, failures), detail, buttons, defaultId: 0, cancelId })
    const chosen = buttons[answer] ?? t.quit
    if (chosen === t.quit) return 'quit'
    if (chosen === t.tryAgain || updater === null) return 'begin'
    const fetching = fetchVersion(updater)
    const question = { message: t.fetching(before), detail: t.fetchingDetail, buttons: [t.cancel] }
    if (await show({ ...question, defaultId: 0, cancelId: 0 }, fetching)) continue
    if (await fetching) {
      run.noteInstalling(before, { back: true })
      const installed = await updater.install({ restart: true })
      if (installed.ok) return 'left'
      log.error('the version before was not installed', { ...installed.error })
    }
    const said = { message: t.notFetched(before), detail: t.notFetchedDetail, buttons: [t.tryAgain, t.quit] }
    if ((await ask({ ...said, defaultId: 0, cancelId: 1 })) !== 0) return 'quit'
  }
}

async function fetchVersion(updater: Updater): Promise<boolean> {
  const found = await updater.check()
  if (!found.ok || found.value === null) return false
  return (await updater.load(() => undefined)).ok
}

async function offerCopies({ run, olderCopies, restore, locale, ask, log }: StartVersionOptions): Promise<void> {
  const copies = olderCopies()
  if (copies.length === 0) return
  const t = texts[locale]
  if (!run.start.isWayBack) {
    const taken = new Date(Math.min(...copies.map(({ takenAt }) => takenAt)))
    const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(taken)
    const question = { message: t.older, detail: t.olderDetail(date), buttons: [t.useCopy, t.leave] }
    if ((await ask({ ...question, defaultId: 0, cancelId: 1 })) !== 0) return
  }
  for (const copy of copies) restore(copy)
  log.info('older copies put in place', { databases: copies.length })
}
