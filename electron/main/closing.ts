/**
 * What closing the main window means: on macOS the program goes on, as programs do there; elsewhere it goes on where a
 * tray shows that it does and the user wants it so, else it ends, and says so the first time.
 */
import type { BrowserWindow } from 'electron'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Question } from './microphone.ts'

export interface ClosingOptions {
  readonly platform: NodeJS.Platform
  readonly appStore: Pick<AppStore, 'readState' | 'writeState'>
  readonly locale: () => 'zh-CN' | 'en'
  readonly closeToTray: () => boolean
  readonly hasTray: () => boolean
  /** True for the first button. */
  readonly ask: (question: Question) => Promise<boolean>
  readonly quit: () => void
}

export interface Closing {
  /** `stay`: the user is asked first. */
  onClose(window: Pick<BrowserWindow, 'minimize'>): 'hide' | 'stay' | 'close'
  /** From now on windows close because the program ends. */
  end(): void
}

const toldKey = 'noTrayTold'

const questions: Readonly<Record<'zh-CN' | 'en', Question>> = {
  en: {
    message: 'Closing the window quits Godwit.',
    detail:
      'This desktop shows no tray icons, so Godwit cannot stay there. Messages come in again when it is started. Minimise the window instead to go on receiving them. This is said only once.',
    buttons: ['Quit', 'Minimise'],
  },
  'zh-CN': {
    message: '关闭窗口将退出 Godwit。',
    detail:
      '此桌面不显示托盘图标，Godwit 无法留在托盘中运行，再次启动后才会接收消息。如需继续接收，请将窗口最小化。此提示只出现一次。',
    buttons: ['退出', '最小化'],
  },
}

export function createClosing(options: ClosingOptions): Closing {
  const { platform, appStore, locale, closeToTray, hasTray, ask, quit } = options
  let ending = false

  const explain = async (window: Pick<BrowserWindow, 'minimize'>): Promise<void> => {
    appStore.writeState(toldKey, JSON.stringify(true))
    if (await ask(questions[locale()])) quit()
    else window.minimize()
  }

  return {
    onClose(window) {
      if (ending) return 'close'
      if (platform === 'darwin') return 'hide'
      if (!closeToTray()) return 'close'
      if (hasTray()) return 'hide'
      if (appStore.readState(toldKey) !== null) return 'close'
      void explain(window)
      return 'stay'
    },
    end: () => {
      ending = true
    },
  }
}
