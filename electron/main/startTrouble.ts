/**
 * The program's own database cannot be opened, so that there is no window yet to say it in: the system's dialog says it,
 * in the user's language, with the ways on.
 *
 * Must never repair without being told to, or offer to repair what a newer version wrote.
 */
import type { ErrorCode } from '#common/base/errors.ts'
import type { Result } from '#common/base/result.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Log } from '#electron/core/ports/platform.ts'

export interface Question {
  readonly message: string
  readonly detail: string
  readonly buttons: string[]
  readonly defaultId: number
  readonly cancelId: number
}

export interface StartTroubleOptions {
  readonly open: () => Result<AppStore>
  readonly repair: () => Result<{ readonly accounts: number; readonly keptAs: string }>
  /** In the system's own window for files. */
  readonly show: () => void
  readonly locale: 'zh-CN' | 'en'
  /** Answers the number of the button. */
  readonly ask: (question: Question) => Promise<number>
  readonly log: Log
}

type Kind = 'corrupt' | 'foreign' | 'newer' | 'readOnly' | 'full' | 'locked' | 'failed'
type Way = 'tryAgain' | 'repair' | 'show' | 'quit'

interface Texts {
  readonly kinds: Readonly<Record<Kind, readonly [message: string, detail: string]>>
  readonly ways: Readonly<Record<Way, string>>
  readonly repaired: (accounts: number, keptAs: string) => readonly [message: string, detail: string]
  readonly goOn: string
}

const texts: Readonly<Record<'zh-CN' | 'en', Texts>> = {
  en: {
    kinds: {
      corrupt: [
        'Godwit’s list of accounts and settings is damaged.',
        'Nothing was changed. A repair saves every account and setting that can still be read; the damaged file is kept beside the new one. Messages lie in other files and are not touched.',
      ],
      foreign: [
        'The file with Godwit’s accounts and settings belongs to another program.',
        'It was left as it is. Put the right file back, or put this one aside: it is kept, and Godwit starts with an empty one.',
      ],
      newer: [
        'Godwit’s accounts and settings come from a newer version.',
        'Nothing was changed. Install the newest version of Godwit, and everything is there again.',
      ],
      readOnly: [
        'Godwit may not write to its folder.',
        'Nothing is lost. Make the folder writable again and try again.',
      ],
      full: ['The disk is full.', 'Nothing is lost. Make some room on this drive and try again.'],
      locked: [
        'Another program is using Godwit’s accounts and settings.',
        'Close it, a second Godwit or a backup for example, and try again.',
      ],
      failed: [
        'Godwit’s accounts and settings cannot be read.',
        'Nothing was changed. The drive may be disconnected or failing. Check it and try again.',
      ],
    },
    ways: { tryAgain: 'Try again', repair: 'Repair and keep the old file', show: 'Show the file', quit: 'Quit' },
    repaired: (accounts, keptAs) => [
      accounts === 1 ? 'One account was saved.' : `${accounts} accounts were saved.`,
      `The old file is kept as ${keptAs}. An account that is missing comes back when you sign in again.`,
    ],
    goOn: 'Go on',
  },
  'zh-CN': {
    kinds: {
      corrupt: [
        'Godwit 的账号和设置文件已损坏。',
        '文件没有任何改动。修复时会救回所有仍可读取的账号和设置，损坏的文件会保留在新文件旁边。消息保存在其他文件中，不受影响。',
      ],
      foreign: [
        'Godwit 的账号和设置文件属于其他程序。',
        '文件保持原样未动。请放回正确的文件；也可以移开此文件：它会被保留，Godwit 从空白文件开始。',
      ],
      newer: ['Godwit 的账号和设置来自更新的版本。', '文件没有任何改动。安装最新版本的 Godwit 后，一切都会恢复。'],
      readOnly: ['Godwit 无法写入自己的文件夹。', '没有丢失任何内容。请让文件夹恢复可写，然后重试。'],
      full: ['磁盘已满。', '没有丢失任何内容。请在此磁盘上清理出一些空间，然后重试。'],
      locked: ['另一个程序正在使用 Godwit 的账号和设置。', '请关闭它（例如另一个 Godwit 或备份软件），然后重试。'],
      failed: ['无法读取 Godwit 的账号和设置。', '文件没有任何改动。磁盘可能已断开或出现故障，请检查后重试。'],
    },
    ways: { tryAgain: '重试', repair: '修复并保留旧文件', show: '显示文件', quit: '退出' },
    repaired: (accounts, keptAs) => [
      `已救回 ${accounts} 个账号。`,
      `旧文件已保留为 ${keptAs}。缺少的账号在重新登录后会恢复。`,
    ],
    goOn: '继续',
  },
}

function kindOf(code: ErrorCode): Kind {
  const kinds: readonly Kind[] = ['corrupt', 'foreign', 'newer', 'readOnly', 'full', 'locked']
  return kinds.find((kind) => code === `storage.${kind}`) ?? 'failed'
}

/** Asks until the store is open; null when the user has had enough for now. */
export async function openOrAsk(options: StartTroubleOptions): Promise<AppStore | null> {
  const { open, show, locale, ask, log } = options
  for (;;) {
    const opened = open()
    if (opened.ok) return opened.value
    log.error('application database not opened', { code: opened.error.code, detail: opened.error.detail })
    const kind = kindOf(opened.error.code)
    const ways: Way[] = [
      ...(kind === 'corrupt' || kind === 'foreign' ? (['repair'] as const) : []),
      'tryAgain',
      'show',
      'quit',
    ]
    const { kinds, ways: names } = texts[locale]
    const [message, detail] = kinds[kind]
    const quit = ways.length - 1
    const answer = await ask({
      message,
      detail,
      buttons: ways.map((way) => names[way]),
      defaultId: 0,
      cancelId: quit,
    })
    const way = ways[answer] ?? 'quit'
    if (way === 'quit') return null
    if (way === 'show') show()
    if (way === 'repair') await repair(options)
  }
}

async function repair({ repair, locale, ask, log }: StartTroubleOptions): Promise<void> {
  const repaired = repair()
  if (!repaired.ok) {
    log.error('application database not repaired', { code: repaired.error.code, detail: repaired.error.detail })
    return
  }
  const { repaired: tell, goOn } = texts[locale]
  const [message, detail] = tell(repaired.value.accounts, repaired.value.keptAs)
  log.info('application database repaired', { accounts: repaired.value.accounts })
  await ask({ message, detail, buttons: [goOn], defaultId: 0, cancelId: 0 })
}
