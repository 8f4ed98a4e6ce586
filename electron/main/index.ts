/** The life of the program: one instance, started, shown, and ended in good order. */
import { app, dialog, powerMonitor, session } from 'electron'
import { registerSchemes, serveApp } from './appProtocol.ts'
import {
  type Begun,
  type Program,
  createLog,
  examineAccounts,
  openAppStore,
  passSandboxCheck,
  startProgram,
} from './container.ts'
import { doctorAsked, refuseDoctor, tellDoctor } from './doctorCommand.ts'
import { enterVersion } from './enterVersion.ts'
import { guardAllContents, guardSession } from './guards.ts'
import { isLink, linkIn } from './links.ts'
import { readManagedConfig } from './managedConfigFile.ts'
import { rendererDir } from './paths.ts'
import { claimLinks } from './protocolClient.ts'
import { isSandboxOff } from './sandboxCheck.ts'
import { identifyToSystem } from './systemIdentity.ts'

const sandboxed = !isSandboxOff(app, process.env)
app.enableSandbox()
registerSchemes()
identifyToSystem(app, process.platform)

// A second start hands its arguments over and ends: `second-instance` brings them.
if (!app.requestSingleInstanceLock()) {
  if (doctorAsked(app) === null) app.quit()
  else app.exit(refuseDoctor())
} else {
  const log = createLog()
  let program: Program | null = null
  /** A link that came before there was anybody to follow it. */
  let earlyLink = linkIn(process.argv)
  let left = false
  let systemEnds = false
  let launch: unknown
  let closed = false

  const stop = (what: string, error: unknown): void => {
    log.error(what, { error })
    dialog.showErrorBox('Godwit', `${what}: ${error instanceof Error ? error.message : String(error)}`)
    app.exit(1)
  }
  const follow = (link: string): void => {
    if (program === null) earlyLink = link
    else program.openLink(link).catch((error: unknown) => log.error('link not followed', { error }))
  }
  const show = (): void => {
    program?.windows.open().catch((error: unknown) => log.error('window not opened', { error }))
  }

  /** Opens no page that a sandbox would hold, and does not count as a start: the report says how things stand. */
  const examine = async (as: 'text' | 'json', begun: Begun): Promise<void> => {
    const appStore = await openAppStore(app, log, true)
    if (appStore === null) return app.exit(1)
    const exitCode = await tellDoctor(as, await examineAccounts(app, log, appStore, begun))
    appStore.close()
    app.exit(exitCode)
  }

  const start = async (): Promise<void> => {
    await app.whenReady()
    log.info('started', { version: app.getVersion(), platform: process.platform })
    guardAllContents(app, log)
    guardSession(session.defaultSession, () => false)
    serveApp(rendererDir)
    claimLinks({ app, platform: process.platform, argv: process.argv, execPath: process.execPath, log })
    const managed = readManagedConfig(app.commandLine.getSwitchValue('managed-config'), log)
    const begun = { sandboxed, managed }
    const doctor = doctorAsked(app)
    if (doctor !== null) return examine(doctor, begun)
    if (!(await passSandboxCheck(app, log, begun))) return app.exit(1)
    const run = await enterVersion({ app, managed: managed.updates, log })
    if (run === null) return
    const appStore = await openAppStore(app, log, run.keepsCopies)
    if (appStore === null) return app.exit(1)
    program = await startProgram(app, log, appStore, { ...begun, launch, run })
    // The system ends: what is queued is on the disk, and nobody may be kept from shutting down.
    powerMonitor.on('shutdown', () => (left = systemEnds = true))
    const link = earlyLink
    await program.windows.open(link === null ? await program.appearance() : 'shown')
    if (link !== null) follow(link)
  }

  process.on('uncaughtException', (error) => log.error('uncaught', { error }))
  process.on('unhandledRejection', (error) => log.error('unhandled', { error }))
  // macOS: what notification started the program.
  app.once('ready', (_event, info: unknown) => (launch = info))
  app.on('second-instance', (_event, argv) => {
    const link = linkIn(argv)
    if (link !== null) follow(link)
    // Started with the system while it runs already: nobody asked for a window.
    else if (!argv.some((one) => one === '--hidden' || one.startsWith('--doctor'))) show()
  })
  // macOS brings links so, also before the program is ready.
  app.on('open-url', (event, url) => {
    event.preventDefault()
    if (isLink(url)) follow(url)
  })
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('before-quit', (event) => {
    if (left || program === null) return
    event.preventDefault()
    left = true
    program
      .leave()
      .catch((error: unknown) => log.error('queue not settled', { error }))
      .finally(() => app.quit())
  })
  app.on('will-quit', (event) => {
    if (closed || program === null) return
    event.preventDefault()
    closed = true
    const ending = program
    ending
      .close()
      .then(() => (systemEnds ? false : ending.renew()))
      .then((isEnded) => {
        if (!isEnded) app.quit()
      })
      .catch((error: unknown) => {
        log.error('not closed in good order', { error })
        app.quit()
      })
  })

  start().catch((error: unknown) => stop('could not start', error))
}
