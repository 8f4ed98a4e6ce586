/**
 * Whether our page may use the microphone: the user is asked once, by the system's own dialog, before the first recording,
 * and the answer is kept.
 *
 * Must never ask a second time by itself, nor take a page's word for the user's.
 */
import type { WebContents } from 'electron'
import type { AppStore } from '#electron/core/ports/appStore.ts'

export interface Question {
  readonly message: string
  readonly detail: string
  readonly buttons: string[]
}

export interface MicrophoneOptions {
  readonly appStore: Pick<AppStore, 'readState' | 'writeState'>
  readonly locale: () => 'zh-CN' | 'en'
  /** Over the sender's window; true for the first button. */
  readonly ask: (sender: WebContents, question: Question) => Promise<boolean>
  /** There is another answer now. */
  readonly onDecided: () => void
}

export interface Microphone {
  readonly allowed: boolean
  /** Answers what was decided; asks where nothing was, or where the user wishes to decide `again` after a no. */
  request(sender: WebContents, again: boolean): Promise<boolean>
}

const stateKey = 'microphone'
/** As JSON, like everything the state keeps. */
const answers = { allowed: JSON.stringify('allowed'), refused: JSON.stringify('refused') }

const questions: Readonly<Record<'zh-CN' | 'en', Question>> = {
  en: {
    message: 'May Godwit use the microphone?',
    detail: 'Only while you record a voice message. Nothing is sent before you press Send.',
    buttons: ['Allow', 'Don’t allow'],
  },
  'zh-CN': {
    message: '允许 Godwit 使用麦克风吗？',
    detail: '仅在你录制语音消息时使用。在你点击“发送”之前，不会发出任何内容。',
    buttons: ['允许', '不允许'],
  },
}

export function createMicrophone({ appStore, locale, ask, onDecided }: MicrophoneOptions): Microphone {
  let asking: Promise<boolean> | null = null

  async function decide(sender: WebContents): Promise<boolean> {
    const allowed = await ask(sender, questions[locale()])
    appStore.writeState(stateKey, allowed ? answers.allowed : answers.refused)
    onDecided()
    return allowed
  }

  return {
    get allowed() {
      return appStore.readState(stateKey) === answers.allowed
    },
    async request(sender, again) {
      const decided = appStore.readState(stateKey)
      if (decided === answers.allowed) return true
      if (decided === answers.refused && !again) return false
      asking ??= decide(sender).finally(() => (asking = null))
      return asking
    },
  }
}
