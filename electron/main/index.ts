/** The life of the program: one instance, started, shown, and ended in good order. */
import { app, dialog, session } from 'electron'
import { registerSchemes, serveApp } from './appProtocol.ts'
import { type Program, createLog, openAppStore, startProgram } from './container.ts'
import { guardAllContents, guardSession } from './guards.ts'
import { installMenu } from './menu.ts'
import { rendererDir } from './paths.ts'

app.enableSandbox()
registerSchemes()
if (process.platform === 'win32') app.setAppUserModelId('org.godwit.desktop')

if (!app.requestSingleInstanceLock()) {
  app.quit()
} else {
  const log = createLog()
  let program: Program | null = null
  let closed = false

  const stop = (what: string, error: unknown): void => {
    log.error(what, { error })
    dialog.showErrorBox('Godwit', `${what}: ${error instanceof Error ? error.message : String(error)}`)
    app.exit(1)
  }

  const start = async (): Promise<void> => {
    await app.whenReady()
    log.info('started', { version: app.getVersion(), platform: process.platform })
    guardAllContents(app, log)
    guardSession(session.defaultSession, () => false)
    serveApp(rendererDir)
    installMenu()
    const appStore = await openAppStore(app, log)
    if (appStore === null) return app.exit(1)
    program = await startProgram(app, log, appStore)
    await program.windows.open()
  }

  const show = (): void => {
    program?.windows.open().catch((error: unknown) => log.error('window not opened', { error }))
  }

  process.on('uncaughtException', (error) => log.error('uncaught', { error }))
  process.on('unhandledRejection', (error) => log.error('unhandled', { error }))
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', (event) => {
    if (closed || program === null) return
    event.preventDefault()
    closed = true
    program
      .close()
      .catch((error: unknown) => log.error('not closed in good order', { error }))
      .finally(() => app.quit())
  })

  start().catch((error: unknown) => stop('could not start', error))
}
