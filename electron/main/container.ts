/** The one place that says `new`: builds the program out of its parts and takes it down again. */
import {
  type App,
  BrowserWindow,
  type WebContents,
  clipboard,
  dialog,
  nativeTheme,
  powerMonitor,
  screen as displays,
  session,
  shell,
  systemPreferences,
} from 'electron'
import { rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DisposableStack } from '#common/base/disposable.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { ManagedConfig } from '#common/contract/managedConfig.ts'
import { settingsFrom } from '#common/contract/settings.ts'
import type { Versions } from '#common/domain/meter.ts'
import { maxAddedBytes } from '#common/domain/upload.ts'
import { createKeptCopies } from '#electron/adapters/archive/keptCopies.ts'
import { createNewArchive } from '#electron/adapters/archive/newArchive.ts'
import { openArchive } from '#electron/adapters/archive/openedArchive.ts'
import { createReaderPages } from '#electron/adapters/archive/reader/readerPages.ts'
import { systemClock, systemRandom } from '#electron/adapters/clock/systemClock.ts'
import { accountSizes, programVersions } from '#electron/adapters/doctor/machine.ts'
import { watchedTransport } from '#electron/adapters/doctor/watchedTransport.ts'
import { createDownload } from '#electron/adapters/http/download.ts'
import { createFetchFile } from '#electron/adapters/http/fetchFile.ts'
import { createUpload } from '#electron/adapters/http/upload.ts'
import { readLog } from '#electron/adapters/log/exportLog.ts'
import { createFileLog } from '#electron/adapters/log/fileLog.ts'
import { createAccountFiles, outgoingPath } from '#electron/adapters/media/accountFiles.ts'
import { openSessionBus } from '#electron/adapters/dbus/sessionBus.ts'
import { watchAddresses } from '#electron/adapters/network/watchAddresses.ts'
import { createNotifier } from '#electron/adapters/notifier/createNotifier.ts'
import { createSealedSecrets } from '#electron/adapters/secrets/sealedSecrets.ts'
import { openAppDatabase, repairAppDatabase } from '#electron/adapters/sqlite/appDatabase.ts'
import { repairOnThread } from '#electron/adapters/sqlite/repairThread.ts'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import { createStoredFiles } from '#electron/adapters/storage/storedFiles.ts'
import { trustSystemAuthorities } from '#electron/adapters/stomp/systemTrust.ts'
import { type StompTransportOptions, createStompTransport } from '#electron/adapters/stomp/transport.ts'
import { Accounts } from '#electron/core/accounts.ts'
import { examineAll } from '#electron/core/doctor/examineAll.ts'
import { Meter } from '#electron/core/meter.ts'
import { Notifications } from '#electron/core/notifications/notifications.ts'
import { noteDecisions } from '#electron/core/notifications/noteDecisions.ts'
import { rulesFrom } from '#electron/core/notifications/rules.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { AccountMedia } from '#electron/core/ports/media.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { Updates } from '#electron/core/updates/updates.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { createAutostart } from './autostart.ts'
import { mayBlink } from './blink.ts'
import { createClosing } from './closing.ts'
import { followContextMenu } from './contextMenu.ts'
import { createArchiveDialogs } from './archiveDialogs.ts'
import { createDesktop } from './desktop.ts'
import { createDoNotDisturb } from './doNotDisturb.ts'
import { updaterMaker } from './enterVersion.ts'
import type { DoctorFindings } from './doctorCommand.ts'
import { chooseFiles } from './fileDialog.ts'
import { guardSession } from './guards.ts'
import { createDiagnostics } from './ipc/diagnosticsHandlers.ts'
import { createHandlers } from './ipc/handlers.ts'
import { withLedgerNews } from './ipc/ledgerHandlers.ts'
import { routeCalls } from './ipc/router.ts'
import { settleQueues } from './leaving.ts'
import { type LinkOpener, createLinkOpener } from './linkOpener.ts'
import { shownLocale, systemLocale } from './locale.ts'
import { type Lock, createLock } from './lock.ts'
import { createLockedCalls } from './lockedCalls.ts'
import { watchForLocking } from './lockWatch.ts'
import { createLogin } from './login.ts'
import { serveMedia } from './mediaProtocol.ts'
import { installMenu, noteFocusedWindow } from './menu.ts'
import { type Question, createMicrophone } from './microphone.ts'
import { accountDir, appFile, dataDir, iconsDir, storeFile, storeWorkerFile } from './paths.ts'
import { createParting } from './parting.ts'
import { createPresence } from './presence.ts'
import { showQuestion } from './question.ts'
import { mayRun, refusalText } from './sandboxCheck.ts'
import { saveText } from './saveFile.ts'
import { watchScreenLock } from './screenLock.ts'
import { applySpelling } from './spelling.ts'
import { openOrAsk } from './startTrouble.ts'
import { watchTokenFiles } from './tokenFiles.ts'
import { createWindowBounds, isWayland } from './windowBounds.ts'
import { createUnsent } from './unsent.ts'
import type { VersionRun } from './versionRun.ts'
import { type Appearance, Windows } from './windows.ts'
import { createZoom } from './zoom.ts'

export interface Program {
  readonly windows: Windows
  /** How the first window is to come. */
  readonly appearance: () => Promise<Appearance>
  readonly openLink: LinkOpener
  /** The program ends: windows close for good, and what is queued gets a moment. */
  leave(): Promise<void>
  /** Ends the sessions in good order: nothing accepted is lost. */
  close(): Promise<void>
  /** All is closed: a new version that is ready takes this one's place. True: the process is ended by that. */
  renew(): Promise<boolean>
}

/** How this run began. */
export interface Begun extends Pick<Versions, 'sandboxed'> {
  /** What the administrator laid down. */
  readonly managed: ManagedConfig
}

export function createLog(): Log {
  return createFileLog({ file: logFile(), echo: process.env['GODWIT_LOG'] === 'console' })
}

function logFile(): string {
  return join(dataDir(), 'logs', 'main.log')
}

/** Bytes of all processes, as the system counts them; null where it does not say. */
function wholeMemory(app: App): number | null {
  const kilobytes = app.getAppMetrics().reduce((sum, { memory }) => sum + memory.workingSetSize, 0)
  return kilobytes > 0 ? kilobytes * 1024 : null
}

function linkOptions(log: Log): StompTransportOptions {
  return {
    onFault: (fault) => log.error('fault on a link', fault),
    resolveProxy: (origin) => session.defaultSession.resolveProxy(origin),
    trustSystem: trustSystemAuthorities,
  }
}

/** Every account's connection, tried beside nothing: no messages are opened, no session begins. */
export async function examineAccounts(
  app: App,
  log: Log,
  appStore: AppStore,
  { sandboxed, managed }: Begun,
): Promise<DoctorFindings> {
  const links = linkOptions(log)
  const unopened = (): Promise<Result<never>> => Promise.resolve(fail('storage.locked', 'not opened by the doctor'))
  const accounts = new Accounts({
    appStore,
    secrets: createSealedSecrets({ store: appStore, log }),
    dialects,
    openStore: unopened,
    repairStore: unopened,
    openMedia,
    eraseStore: () => Promise.resolve(),
    transport: createStompTransport(links),
    clock: systemClock,
    random: systemRandom,
    log,
  })
  await accounts.learn(managed.accounts)
  const examined = await examineAll({
    accounts: accounts.list(),
    patient: (accountId) => accounts.patient(accountId),
    open: watchedTransport(links),
    clock: systemClock,
  })
  return { versions: programVersions(app.getVersion(), sandboxed), examined, at: systemClock.now() }
}

/** Kept for pages that begin anew, in memory. */
const mostUnsentBytes = 4 * maxAddedBytes
const workerUrl = pathToFileURL(storeWorkerFile)

function openMedia(accountId: string): AccountMedia {
  const dir = accountDir(accountId)
  const wayOut = {
    resolveProxy: (origin: string) => session.defaultSession.resolveProxy(origin),
    clock: systemClock,
  }
  return {
    files: createAccountFiles({ dir, now: () => systemClock.now() }),
    upload: createUpload({ ...wayOut, pathOf: (file) => outgoingPath(dir, file), now: () => systemClock.now() }),
    download: createDownload(wayOut),
    fetch: createFetchFile({ ...wayOut, dir }),
  }
}

/**
 * Tells why the program does not start without a sandbox, unless it may. False: it ends now. After the app is ready, and
 * before there is a page.
 */
export async function passSandboxCheck(app: App, log: Log, { sandboxed, managed }: Begun): Promise<boolean> {
  const isAllowed = (): boolean => managed.allowWithoutSandbox
  const may = mayRun({ isOff: !sandboxed, isPackaged: app.isPackaged, isAllowed })
  if (!sandboxed) log.warn('the sandbox is off', { refused: !may })
  if (may) return true
  await dialog.showMessageBox({ ...refusalText(systemLocale(app)), type: 'error', title: 'Godwit' })
  return false
}

/**
 * After the app is ready. `launch`: what the system said of the notification that started the program. `run`: of this
 * version.
 */
export async function startProgram(
  app: App,
  log: Log,
  appStore: AppStore,
  { launch, run, sandboxed, managed }: Begun & { readonly launch: unknown; readonly run: VersionRun },
): Promise<Program> {
  const scope = new DisposableStack()
  const parting = scope.add(createParting({ clock: systemClock, beginAnew: (id) => windows.beginAnew(id) }))
  const { platform, env } = process
  const locale = (): 'zh-CN' | 'en' =>
    shownLocale(
      settingsFrom(appStore.settings()).language,
      app.getPreferredSystemLanguages(),
      app.commandLine.getSwitchValue('lang'),
    )
  const lock: Lock = createLock({
    appStore,
    clock: systemClock,
    onChanged: (status, before) => {
      const isNew = status.state !== before.state
      if (isNew && status.state === 'locked') lockedCalls.begin(windows.contentsIds())
      windows.push({ type: 'lock', status })
      if (!isNew || (status.state !== 'locked' && before.state !== 'locked')) return
      if (status.state === 'locked') {
        windows.lock()
        parting.begin(windows.contentsIds())
        notifications.takeDown()
      } else {
        parting.end()
        windows.unlock()
        followWaiting()
      }
    },
  })
  const lockedCalls = createLockedCalls(() => lock.isLocked)
  const unsent = createUnsent(mostUnsentBytes)
  const ask = async (question: Question): Promise<boolean> => {
    await windows.open()
    return windows.main === null ? false : showQuestion(windows.main.webContents, question)
  }
  const closing = createClosing({
    platform,
    appStore,
    locale,
    closeToTray: () => settingsFrom(appStore.settings()).closeToTray,
    hasTray: () => presence.hasTray,
    ask,
    quit: () => app.quit(),
  })
  const zoom = createZoom({ appStore, windows: () => BrowserWindow.getAllWindows() })
  const windows: Windows = new Windows({
    bounds: createWindowBounds({
      appStore,
      workAreas: () => displays.getAllDisplays().map(({ workArea }) => workArea),
      mayPlace: !isWayland(platform, env, app.commandLine.getSwitchValue('ozone-platform')),
    }),
    log,
    onClose: (window) => closing.onClose(window),
    onMainClosed: () => {
      if (platform !== 'darwin') app.quit()
    },
    locked: lock.isLocked,
    onMade: (window) => {
      zoom.follow(window)
      followContextMenu(window, {
        locale,
        copyText: (text) => {
          clipboard.writeText(text).catch((error: unknown) => log.warn('not copied', { error: String(error) }))
        },
      })
      window.on('focus', () => noteFocusedWindow(window))
      const { id } = window.webContents
      window.once('closed', () => unsent.forgetWindow(id))
    },
  })
  const show = (): void => {
    windows.open().catch((error: unknown) => log.error('window not opened', { error }))
  }
  const login = createLogin({ app, platform, env, execPath: process.execPath })
  const autostart = createAutostart({ login, appStore, log })
  autostart.reconcile(settingsFrom(appStore.settings()))
  const doNotDisturb = scope.add(
    createDoNotDisturb({
      appStore,
      clock: systemClock,
      onChanged: () => applySettings(),
      onEnded: () => notifications.tellHeldBack(),
    }),
  )
  const applySettings = (): void => {
    doNotDisturb.follow()
    const settings = settingsFrom(appStore.settings())
    autostart.apply(settings)
    applySpelling(settings.spellCheck, {
      session: session.defaultSession,
      platform,
      languages: app.getPreferredSystemLanguages(),
      log,
    })
    installMenu({
      platform,
      locale: locale(),
      zoom,
      silence: { until: doNotDisturb.until, now: systemClock.now() },
      onDoNotDisturb: (span) => doNotDisturb.choose(span),
      onCommand: (command) => {
        windows.tell({ type: 'menu', command }).catch((error: unknown) => log.error('window not opened', { error }))
      },
    })
    presence.update()
    nativeTheme.themeSource = settings.theme
    windows.push({ type: 'settings', settings, locale: locale() })
  }

  const microphone = createMicrophone({
    appStore,
    locale,
    ask: showQuestion,
    onDecided: () => guardSession(session.defaultSession, () => microphone.allowed),
  })
  guardSession(session.defaultSession, () => microphone.allowed)

  const meter = new Meter()
  const onTimed = (ms: number): void => meter.stored(ms)
  const links = linkOptions(log)
  const accounts = new Accounts({
    appStore,
    secrets: createSealedSecrets({ store: appStore, log }),
    dialects,
    openStore: async ({ id, profile }, watch) => {
      const opened = await createWorkerStore({
        workerUrl,
        file: storeFile(id),
        selfId: profile.userId,
        keepCopies: run.keepsCopies,
        log,
        onTimed,
        ...watch,
      })
      if (!opened.ok) return opened
      return ok(withLedgerNews(opened.value, () => windows.push({ type: 'decisions', accountId: id })))
    },
    repairStore: ({ id, profile }) => repairOnThread({ workerUrl, file: storeFile(id), selfId: profile.userId }),
    openMedia,
    eraseStore: (id) => rm(accountDir(id), { recursive: true, force: true }),
    transport: meter.counted(createStompTransport(links)),
    clock: systemClock,
    random: systemRandom,
    log,
  })
  accounts.onChanges(({ accountId, changes }) => windows.push({ type: 'changes', accountId, changes }))
  accounts.onChangesLost((accountId) => windows.push({ type: 'changesLost', accountId }))
  accounts.onConnection(({ accountId, status }) => windows.push({ type: 'connection', accountId, status }))
  accounts.onStatus(({ accountId, status }) => windows.push({ type: 'session', accountId, status }))
  accounts.onUploads(({ accountId, uploads }) => windows.push({ type: 'uploads', accountId, uploads: [...uploads] }))
  accounts.onDownloads(({ accountId, changed, removed }) =>
    windows.push({ type: 'downloads', accountId, changed: [...changed], removed: [...removed] }),
  )
  accounts.onListChanged((list) => {
    windows.push({ type: 'accounts', accounts: [...list] })
    const isKnown = (accountId: string): boolean => list.some(({ id }) => id === accountId)
    windows.closeChats(isKnown)
    unsent.forgetAccounts(isKnown)
  })
  const bus = platform === 'linux' ? await openSessionBus({ log }) : null
  if (bus !== null) scope.add(bus)
  const presence = scope.add(
    createPresence({
      app,
      accounts,
      platform,
      bus,
      iconsDir,
      locale,
      clock: systemClock,
      log,
      onOpen: show,
      doNotDisturbUntil: () => doNotDisturb.until,
      onDoNotDisturb: (span) => doNotDisturb.choose(span),
      mayBlink: () =>
        mayBlink(
          settingsFrom(appStore.settings()),
          () => systemPreferences.getAnimationSettings().prefersReducedMotion,
        ),
    }),
  )

  let wasPresenting = settingsFrom(appStore.settings()).presenting
  const screen = scope.add(watchScreenLock(powerMonitor, (locked) => windows.push({ type: 'screen', locked })))
  const notifications = scope.add(
    new Notifications({
      accounts,
      notifier: scope.add(await createNotifier({ platform: process.platform, locale, log, launch })),
      rules: () => rulesFrom(settingsFrom(appStore.settings())),
      locale,
      isReading: (accountId, conversationId) =>
        !screen.isLocked && !lock.isLocked && windows.isShown(accountId, conversationId),
      isConcealed: () => lock.isLocked || settingsFrom(appStore.settings()).presenting,
      isLocked: () => lock.isLocked,
      note: (accountId, entries) => noteDecisions(accounts, accountId, entries, log),
      goTo: (accountId, place) => {
        windows.goTo(accountId, place).catch((error: unknown) => log.error('window not opened', { error }))
      },
      clock: systemClock,
      random: systemRandom,
      log,
    }),
  )

  scope.add(
    watchForLocking({
      powerMonitor,
      clock: systemClock,
      idleMinutes: () => {
        const { lockAfter } = settingsFrom(appStore.settings())
        return lockAfter === 'never' ? null : Number(lockAfter)
      },
      lock: () => lock.lock(),
    }),
  )

  scope.add(run)
  const updates = scope.add(
    new Updates({
      updater: updaterMaker({ app, managed: managed.updates, only: null, log }),
      automatic: () => settingsFrom(appStore.settings()).updateAutomatically,
      clock: systemClock,
      random: systemRandom,
      log,
      onChanged: (update) => windows.push({ type: 'update', update }),
      quit: () => app.quit(),
      failed: run.start.notInstalled === null ? null : 'update.notInstalled',
    }),
  )

  const diagnostics = scope.add(
    createDiagnostics({
      accounts,
      openWatched: watchedTransport(links),
      meter,
      clock: systemClock,
      log,
      push: (push) => windows.push(push),
      versions: programVersions(app.getVersion(), sandboxed),
      wholeMemory: () => wholeMemory(app),
      sizes: async (accountId) => accountSizes(accountDir(accountId)),
      readLog: () => readLog(logFile(), homedir()),
      saveText,
    }),
  )
  scope.add(
    routeCalls({
      handlers: createHandlers({
        app,
        accounts,
        appStore,
        lock,
        updates,
        clock: systemClock,
        random: systemRandom,
        log,
        locale,
        onBoot: () => run.noteShown(),
        onSettings: () => {
          applySettings()
          const { presenting } = settingsFrom(appStore.settings())
          if (presenting && !wasPresenting) notifications.takeDown()
          wasPresenting = presenting
        },
        chooseFiles,
        desktop: createDesktop(locale),
        diagnostics: diagnostics.handlers,
        allowMicrophone: (sender, again) => microphone.request(sender, again),
        storedFiles: (accountId) => createStoredFiles({ dir: accountDir(accountId), database: storeFile(accountId) }),
        archives: {
          ...createArchiveDialogs(locale),
          create: createNewArchive,
          open: openArchive,
          pages: createReaderPages(),
          copies: (accountId) => createKeptCopies(accountDir(accountId)),
          files: (accountId) => openMedia(accountId).files,
        },
        onErased: (accountId) => windows.push({ type: 'changesLost', accountId }),
        showStore: (accountId) => shell.showItemInFolder(storeFile(accountId)),
        onParted: (contentsId) => parting.parted(contentsId),
        unsent,
        tellOthers: (sender, push) => windows.tellOthers(sender, push),
        setView: (sender: WebContents, view) => windows.setView(sender, view),
        openChat: (accountId, conversationId) => windows.openChat(accountId, conversationId),
      }),
      isKnown: (contents) => windows.isKnown(contents),
      mayCall: (name, { id }) => lockedCalls.mayCall(name, id),
      log,
    }),
  )
  scope.add(
    serveMedia(
      {
        async picture(accountId, messageId) {
          if (lock.isLocked) return fail('lock.locked')
          const attachments = accounts.attachments(accountId)
          return attachments.ok ? attachments.value.pictures.open(messageId) : attachments
        },
        async file(accountId, messageId) {
          if (lock.isLocked) return null
          const attachments = accounts.attachments(accountId)
          return attachments.ok ? attachments.value.downloads.path(messageId) : null
        },
      },
      log,
    ),
  )
  applySettings()
  const resumed = (): void => {
    for (const session of accounts.sessions()) session.renew()
    doNotDisturb.follow()
    updates.wake()
  }
  powerMonitor.on('resume', resumed)
  scope.defer(() => void powerMonitor.off('resume', resumed))
  scope.add(
    watchAddresses({
      clock: systemClock,
      log,
      onChanged: (addresses) => {
        for (const session of accounts.sessions()) session.networkChanged(addresses)
      },
    }),
  )
  await accounts.start(managed.accounts)
  notifications.listen()
  scope.add(
    watchTokenFiles({
      accounts: managed.accounts,
      onToken: (account, token) => {
        accounts.takeToken(account, token).catch((error: unknown) => log.error('token not taken over', { error }))
      },
      log,
    }),
  )

  const followLink = createLinkOpener({
    accounts: () => accounts.list(),
    hasChat: async (accountId, conversationId) => {
      const found = accounts.session(accountId)
      return found.ok && (await found.value.store.page(conversationId, { at: 'newest' }, 1)).ok
    },
    tell: (push) => windows.tell(push),
    ask,
    locale,
    log,
  })
  /** The last link that came while nobody could say whether it may be followed. */
  let waitingLink: string | null = null
  const openLink: LinkOpener = (link) => {
    if (!lock.isLocked) return followLink(link)
    waitingLink = link
    return windows.open()
  }
  const followWaiting = (): void => {
    const link = waitingLink
    waitingLink = null
    if (link !== null) followLink(link).catch((error: unknown) => log.error('link not followed', { error }))
  }

  return {
    windows,
    appearance: async () => {
      const { startHidden } = settingsFrom(appStore.settings())
      const hidden = app.commandLine.hasSwitch('hidden') || (startHidden && login.startedUs())
      if (!hidden) return 'shown'
      if (platform === 'darwin') return 'hidden'
      await presence.known
      // Where nothing would lead to a hidden window, it waits in the taskbar.
      return presence.hasTray ? 'hidden' : 'minimized'
    },
    openLink,
    leave: async () => {
      closing.end()
      await settleQueues({
        sessions: () => accounts.sessions(),
        push: (push) => windows.push(push),
        clock: systemClock,
        log,
      })
    },
    close: async () => {
      scope.dispose()
      await accounts.close()
      appStore.close()
      run.noteEnd()
    },
    renew: async () => {
      if (updates.ready === null) return false
      run.noteInstalling(updates.ready, { back: false })
      // What is installed may start at once, and shall not find this one in its way.
      app.releaseSingleInstanceLock()
      return updates.install()
    },
  }
}

/** The program's own database; asks the user where it cannot be opened. Null: not today. */
export function openAppStore(app: App, log: Log, keepCopies: boolean): Promise<AppStore | null> {
  return openOrAsk({
    open: () => openAppDatabase({ file: appFile(), keepCopies }),
    repair: () => repairAppDatabase(appFile(), new Date()),
    show: () => shell.showItemInFolder(appFile()),
    locale: systemLocale(app),
    ask: async (question) => (await dialog.showMessageBox({ ...question, type: 'error', title: 'Godwit' })).response,
    log,
  })
}
