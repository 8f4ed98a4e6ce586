/** Makes the system bring `godwit://` links here. A package registers them by itself as well; this repairs what was lost. */
import type { App } from 'electron'
import { resolve } from 'node:path'
import type { Log } from '#electron/core/ports/platform.ts'
import { linkScheme } from './links.ts'

export interface ProtocolClientOptions {
  readonly app: Pick<App, 'isPackaged' | 'setAsDefaultProtocolClient' | 'isDefaultProtocolClient'>
  readonly platform: NodeJS.Platform
  readonly argv: readonly string[]
  readonly execPath: string
  readonly log: Log
}

/** Only of an installed program: one started by its developer must not take the links of the installed one. */
export function claimLinks({ app, platform, argv, execPath, log }: ProtocolClientOptions): void {
  if (!app.isPackaged) {
    // Windows alone can be told how to start a program that is not packaged, and only there it is worth trying links so.
    const script = argv[1]
    if (platform === 'win32' && script !== undefined)
      app.setAsDefaultProtocolClient(linkScheme, execPath, [resolve(script)])
    return
  }
  if (app.isDefaultProtocolClient(linkScheme)) return
  if (!app.setAsDefaultProtocolClient(linkScheme)) log.warn('links are not registered with the system')
}
