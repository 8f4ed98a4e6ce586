/**
 * Whether pages may run at all: only in Chromium's sandbox, unless an administrator has said that they may without.
 * An AppImage's starter turns the sandbox off where the system gives ordinary users no namespaces, and says nothing.
 *
 * Must never let an installed program go on without a sandbox that nobody decided to give up.
 */
import type { App } from 'electron'

/** Asked before `app.enableSandbox()`, which takes the switch off the command line but cannot undo what it did. */
export function isSandboxOff({ commandLine }: Pick<App, 'commandLine'>, env: NodeJS.ProcessEnv): boolean {
  return commandLine.hasSwitch('no-sandbox') || 'ELECTRON_DISABLE_SANDBOX' in env
}

export interface SandboxFacts {
  readonly isOff: boolean
  /** Developers run without one where theirs has none. */
  readonly isPackaged: boolean
  /** Asked only where it matters. */
  readonly isAllowed: () => boolean
}

export function mayRun({ isOff, isPackaged, isAllowed }: SandboxFacts): boolean {
  return !isOff || !isPackaged || isAllowed()
}

export interface Refusal {
  readonly message: string
  readonly detail: string
  readonly buttons: string[]
}

const texts: Readonly<
  Record<'zh-CN' | 'en', { readonly message: string; readonly button: string; readonly lines: readonly string[] }>
> = {
  en: {
    message: 'Godwit does not start without its sandbox.',
    button: 'Quit',
    lines: [
      'The sandbox keeps what others send away from your files. It was turned off when Godwit was started.',
      'What helps, on Linux:',
      '• Install the deb or rpm package instead of the AppImage: it sets the sandbox up.',
      '• Or let programs make user namespaces: “sysctl kernel.unprivileged_userns_clone=1” on Debian, an AppArmor profile with “userns” for Godwit on Ubuntu.',
      '• Start it without --no-sandbox and without ELECTRON_DISABLE_SANDBOX.',
      'An administrator can allow it with "allowWithoutSandbox": true in the managed configuration.',
    ],
  },
  'zh-CN': {
    message: '沙盒已关闭，Godwit 不会启动。',
    button: '退出',
    lines: [
      '沙盒可防止他人发来的内容接触您的文件。本次启动时沙盒被关闭了。',
      '在 Linux 上的解决办法：',
      '• 改用 deb 或 rpm 安装包，不使用 AppImage：安装包会配置好沙盒。',
      '• 或允许程序创建用户命名空间：Debian 上执行“sysctl kernel.unprivileged_userns_clone=1”，Ubuntu 上为 Godwit 添加带有“userns”的 AppArmor 配置。',
      '• 启动时不要使用 --no-sandbox 参数，也不要设置 ELECTRON_DISABLE_SANDBOX。',
      '管理员可在托管配置中设置 "allowWithoutSandbox": true 予以允许。',
    ],
  },
}

/** What is said instead of starting. */
export function refusalText(locale: 'zh-CN' | 'en'): Refusal {
  const { message, button, lines } = texts[locale]
  return { message, detail: lines.join('\n'), buttons: [button] }
}
