/**
 * The accounts of this installation and their running sessions. It owns signing in and out, the managed configuration,
 * and tokens in memory. It promises that an account is stored only after its server took the user, and that signing
 * out leaves nothing. It must never hand a token to anything but a dialect and the key store.
 */
import { Emitter } from '#common/base/emitter.ts'
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { CallInput } from '#common/contract/calls.ts'
import type { ManagedAccount } from '#common/contract/managedConfig.ts'
import { type Account, type DialectName, type Profile } from '#common/domain/account.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { ConnectionStatus, SessionStatus } from '#common/domain/connection.ts'
import type { RepairReport, StorageTrouble } from '#common/domain/storage.ts'
import type { Upload } from '#common/domain/upload.ts'
import type { DownloadsChanged } from './attachments/downloads.ts'
import { hasPath, normalAddress } from './address.ts'
import { type WayMemory, createEndpoint } from './endpoint.ts'
import { Attachments } from './attachments/attachments.ts'
import { uploadEndpoint } from './attachments/endpoint.ts'
import type { Patient } from './doctor/ports.ts'
import type { AccountRecord, AppStore } from './ports/appStore.ts'
import type { Dialect } from './ports/dialect.ts'
import type { AccountMedia } from './ports/media.ts'
import type { Clock, Log, Random, Secrets } from './ports/platform.ts'
import type { Store } from './ports/store.ts'
import type { Transport } from './ports/transport.ts'
import { findServer } from './findServer.ts'
import { Session } from './session.ts'
import { isStorageError } from './store/storageError.ts'
import { storedWay } from './wayMemory.ts'

export interface AccountsOptions {
  readonly appStore: AppStore
  readonly secrets: Secrets
  readonly dialects: Readonly<Record<DialectName, Dialect>>
  readonly openStore: (account: AccountRecord, watch: StoreWatch) => Promise<Result<Store>>
  /** Nobody has the account's store open meanwhile. Fails with a code of the storage, and then has changed nothing. */
  readonly repairStore: (account: AccountRecord) => Promise<Result<RepairReport>>
  readonly openMedia: (accountId: string) => AccountMedia
  /** Removes every file of the account. */
  readonly eraseStore: (accountId: string) => Promise<void>
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** What becomes of an open store besides its answers. */
export interface StoreWatch {
  /** It is of no further use. */
  onBroken(error: AppError): void
  /** It was gone and is back; change sets may be missing. */
  onRecovered(): void
  /** It cannot write now, and goes on when it can; null: it can. */
  onStrained(error: AppError | null): void
}

/** The file itself is at fault, and another one can be made. */
const repairable: ReadonlySet<ErrorCode> = new Set(['storage.corrupt', 'storage.foreign'])

interface Running {
  readonly session: Session
  readonly attachments: Attachments
  readonly profile: Profile
}

export class Accounts {
  readonly #options: AccountsOptions
  readonly #running = new Map<string, Running>()
  /** Stopped, and why: the database could not be opened, or failed for good. */
  readonly #broken = new Map<string, AppError>()
  /** Running, but nothing can be written now. */
  readonly #strained = new Map<string, AppError>()
  /** Their token is there, but the key store does not give it. */
  readonly #sealed = new Set<string>()
  /** Their files are being exchanged. */
  readonly #inRepair = new Set<string>()
  readonly #tokens = new Map<string, string>()
  /** Accounts whose tokens come from a file that an administrator keeps fresh. */
  readonly #fed = new Set<string>()
  readonly #listChanged = new Emitter<readonly Account[]>()
  readonly #changes = new Emitter<{ accountId: string; changes: ChangeSet }>()
  readonly #connection = new Emitter<{ accountId: string; status: ConnectionStatus }>()

  readonly #status = new Emitter<{ accountId: string; status: SessionStatus }>()

  readonly onStatus = this.#status.event
  readonly onListChanged = this.#listChanged.event
  readonly onChanges = this.#changes.event
  readonly onConnection = this.#connection.event
  readonly #changesLost = new Emitter<string>()
  /** Change sets of the account may be missing. */
  readonly onChangesLost = this.#changesLost.event
  readonly #uploads = new Emitter<{ accountId: string; uploads: readonly Upload[] }>()
  readonly onUploads = this.#uploads.event
  readonly #downloads = new Emitter<DownloadsChanged & { readonly accountId: string }>()
  readonly onDownloads = this.#downloads.event

  constructor(options: AccountsOptions) {
    this.#options = options
  }

  list(): readonly Account[] {
    return this.#options.appStore.accounts().map((record) => this.#shown(record))
  }

  /** The account's session; fails for an unknown account and for one whose database could not be opened. */
  session(accountId: string): Result<Session> {
    const running = this.#running.get(accountId)
    if (running !== undefined) return ok(running.session)
    const broken = this.#broken.get(accountId)
    return broken === undefined ? fail('account.unknown') : { ok: false, error: broken }
  }

  /** Its files; fails as `session` does. */
  attachments(accountId: string): Result<Attachments> {
    const session = this.session(accountId)
    const running = this.#running.get(accountId)
    return running === undefined ? (session.ok ? fail('account.unknown') : session) : ok(running.attachments)
  }

  /** The account as the doctor sees it; a stopped one can be examined as well. */
  patient(accountId: string): Result<Patient> {
    const { appStore, dialects, random } = this.#options
    const record = appStore.accounts().find(({ id }) => id === accountId)
    if (record === undefined) return fail('account.unknown')
    const { profile } = record
    const dialect = dialects[profile.dialect]
    return ok({
      link: () => dialect.link({ ...profile, deviceId: random.uuid() }, this.#tokens.get(accountId) ?? ''),
      readError: (serverError) => dialect.readError(serverError),
      fixedTransport: profile.transport,
      rememberedWay: () => this.#wayOf(accountId).recall(),
      echo: async () => {
        const running = this.#running.get(accountId)
        return running === undefined ? fail('link.offline') : running.session.echo()
      },
    })
  }

  /** Its files on their way; none for an account that does not run. */
  uploads(accountId: string): Upload[] {
    return this.#running.get(accountId)?.attachments.uploads() ?? []
  }

  sessions(): readonly Session[] {
    return [...this.#running.values()].map(({ session }) => session)
  }

  /** Takes over what the administrator configured, then runs every account. */
  async start(managed: readonly ManagedAccount[]): Promise<void> {
    await this.learn(managed)
    for (const { id } of this.#options.appStore.accounts()) await this.#run(id)
    this.#publishList()
  }

  /** Who there is, with their tokens; nothing is opened and nobody connected. */
  async learn(managed: readonly ManagedAccount[]): Promise<void> {
    const { appStore, secrets } = this.#options
    const named = new Set<string>()
    for (const account of managed) {
      const record = this.#managedRecord(account)
      if (record === null) continue
      named.add(record.id)
      if (account.tokenFile !== undefined) this.#fed.add(record.id)
      appStore.saveAccount(record)
      if (account.token !== undefined) {
        this.#tokens.set(record.id, account.token)
        await secrets.write(record.id, account.token)
      }
    }
    for (const record of appStore.accounts()) {
      // No longer managed: it stays, as the user's own.
      if (record.managed && !named.has(record.id)) appStore.saveAccount({ ...record, managed: false })
      if (!this.#tokens.has(record.id)) await this.#readToken(record.id)
    }
  }

  /** Tries the server first; an account that exists already gets the new token and goes on where it was. */
  async signIn(input: CallInput<'account.signIn'>): Promise<Result<Account>> {
    const address = normalAddress(input.url)
    if (!address.ok) return address
    const token = input.token.trim()
    const userId = input.userId.trim()
    const named = this.#named(address.value, userId, input.dialect)
    // Whoever signs in again is not asked for what is known.
    const appKey = input.appKey?.trim() || named.find(({ profile }) => profile.appKey !== undefined)?.profile.appKey
    const live = named.find(({ id }) => this.#isLive(id))
    if (live !== undefined && (await this.#renewLive(live, token)).ok) return ok(this.#shown(live))
    const found = await findServer(this.#options, address.value, input.dialect, {
      userId,
      token,
      ...(appKey === undefined || appKey === '' ? {} : { appKey }),
    })
    if (!found.ok) return found
    const { appStore, secrets } = this.#options
    const { profile, way } = found.value
    const known = this.#sameAccount(profile)
    const record: AccountRecord = {
      id: known?.id ?? this.#options.random.uuid(),
      profile: known === undefined ? profile : { ...known.profile, ...profile, deviceId: known.profile.deviceId },
      managed: known?.managed ?? false,
      signedIn: true,
    }
    appStore.saveAccount(record)
    this.#wayOf(record.id).remember(way)
    this.#tokens.set(record.id, token)
    this.#sealed.delete(record.id)
    await secrets.write(record.id, token)
    await this.#stop(record.id)
    await this.#run(record.id)
    this.#publishList()
    const broken = this.#broken.get(record.id)
    return broken === undefined ? ok(this.#shown(record)) : { ok: false, error: broken }
  }

  /** The file of a managed account holds another token: given to the live connection, else used by the next one. */
  async takeToken(account: ManagedAccount, token: string): Promise<void> {
    const { appStore, secrets, log } = this.#options
    const id = this.#managedRecord(account)?.id
    const record = appStore.accounts().find((known) => known.id === id)
    if (record === undefined || token === '' || this.#tokens.get(record.id) === token) return
    const renewed = await this.#renewLive(record, token)
    if (renewed.ok) return
    if (renewed.error.code === 'session.unauthorized') {
      log.warn('token file refused: the old token stays in use')
      return
    }
    this.#tokens.set(record.id, token)
    this.#sealed.delete(record.id)
    appStore.saveAccount({ ...record, signedIn: true })
    await secrets.write(record.id, token)
    this.#publishList()
    this.#running.get(record.id)?.session.reconnect()
  }

  /** Ends the session and leaves nothing of it here: no row, no file, no token. */
  async signOut(accountId: string): Promise<Result<Record<string, never>>> {
    const { appStore, secrets, eraseStore } = this.#options
    if (!appStore.accounts().some(({ id }) => id === accountId)) return fail('account.unknown')
    if (this.#inRepair.has(accountId)) return fail('storage.locked', 'in repair')
    await this.#stop(accountId)
    this.#tokens.delete(accountId)
    this.#broken.delete(accountId)
    this.#sealed.delete(accountId)
    await secrets.remove(accountId)
    appStore.removeAccount(accountId)
    this.#wayOf(accountId).remember(null)
    await eraseStore(accountId)
    this.#publishList()
    return ok({})
  }

  /** Opens the account's store again, and asks the key store again. Answers what is still wrong. */
  async tryAgain(accountId: string): Promise<Result<Record<string, never>>> {
    if (!this.#options.appStore.accounts().some(({ id }) => id === accountId)) return fail('account.unknown')
    if (this.#inRepair.has(accountId)) return fail('storage.locked', 'in repair')
    if (this.#sealed.has(accountId)) {
      await this.#readToken(accountId)
      if (this.#tokens.has(accountId)) this.#running.get(accountId)?.session.reconnect()
    }
    if (this.#broken.has(accountId)) await this.#run(accountId)
    this.#publishList()
    const broken = this.#broken.get(accountId)
    if (broken !== undefined) return { ok: false, error: broken }
    return this.#sealed.has(accountId) ? fail('account.secretUnavailable') : ok({})
  }

  /** Saves what can be read of a damaged store into a new one, keeps the old files, and runs the account again. */
  async repair(accountId: string): Promise<Result<RepairReport>> {
    const record = this.#options.appStore.accounts().find(({ id }) => id === accountId)
    if (record === undefined) return fail('account.unknown')
    const broken = this.#broken.get(accountId)
    if (broken === undefined || !repairable.has(broken.code)) return fail('storage.failed', 'nothing to repair')
    if (this.#inRepair.has(accountId)) return fail('storage.locked', 'in repair')
    this.#inRepair.add(accountId)
    try {
      const repaired = await this.#options.repairStore(record)
      this.#options.log.info('store repaired', repaired.ok ? repaired.value : { code: repaired.error.code })
      if (repaired.ok) await this.#run(accountId)
      return repaired
    } finally {
      this.#inRepair.delete(accountId)
      this.#publishList()
    }
  }

  /** Ends every session in good order. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.#stop(id)))
    this.#listChanged.dispose()
    this.#changes.dispose()
    this.#connection.dispose()
    this.#changesLost.dispose()
    this.#uploads.dispose()
    this.#downloads.dispose()
    this.#status.dispose()
  }

  /** The accounts that these words can mean. */
  #named(address: string, userId: string, dialect: DialectName | undefined): readonly AccountRecord[] {
    const { appStore, dialects } = this.#options
    return appStore.accounts().filter(({ profile }) => {
      if (profile.userId !== userId || (dialect !== undefined && profile.dialect !== dialect)) return false
      const addresses = hasPath(address)
        ? [address]
        : dialects[profile.dialect].defaultPaths.map((path) => address + path)
      return addresses.includes(profile.url)
    })
  }

  #isLive(accountId: string): boolean {
    const state = this.#running.get(accountId)?.session.connection.state
    return state === 'online' || state === 'syncing'
  }

  /** Gives a new token to the connection that is up, and keeps it once the server has taken it. */
  async #renewLive(record: AccountRecord, token: string): Promise<Result<null>> {
    const { dialects, secrets } = this.#options
    const session = this.#running.get(record.id)?.session
    if (session === undefined) return fail('link.offline')
    const credentials = dialects[record.profile.dialect].checkCredentials(record.profile, token)
    if (!credentials.ok) return credentials
    const renewed = await session.renewToken(token)
    if (!renewed.ok) return renewed
    this.#tokens.set(record.id, token)
    this.#running.get(record.id)?.attachments.renewed()
    await secrets.write(record.id, token)
    return renewed
  }

  #managedRecord(account: ManagedAccount): AccountRecord | null {
    const address = normalAddress(account.url)
    if (!address.ok) {
      this.#options.log.warn('managed account left out', { code: address.error.code })
      return null
    }
    const { dialect, userId, appKey, upload, transport, contacts, groups } = account
    const dialectPath = this.#options.dialects[dialect].defaultPaths[0] ?? ''
    const url = hasPath(address.value) ? address.value : address.value + dialectPath
    const known = this.#sameAccount({ dialect, url, userId })
    return {
      id: known?.id ?? this.#options.random.uuid(),
      managed: true,
      signedIn: true,
      profile: {
        dialect,
        url,
        userId,
        deviceId: account.deviceId ?? known?.profile.deviceId ?? this.#options.random.uuid(),
        ...(appKey === undefined ? {} : { appKey }),
        ...(upload === undefined ? {} : { upload }),
        ...(transport === undefined ? {} : { transport }),
        ...(contacts === undefined ? {} : { contacts }),
        ...(groups === undefined ? {} : { groups }),
      },
    }
  }

  #wayOf(accountId: string): WayMemory {
    return storedWay(this.#options.appStore, this.#options.log, accountId)
  }

  #sameAccount({ dialect, url, userId }: Pick<Profile, 'dialect' | 'url' | 'userId'>): AccountRecord | undefined {
    return this.#options.appStore
      .accounts()
      .find(({ profile }) => profile.dialect === dialect && profile.url === url && profile.userId === userId)
  }

  async #run(accountId: string): Promise<void> {
    const { appStore, dialects, openStore, transport, clock, random, log } = this.#options
    const record = appStore.accounts().find(({ id }) => id === accountId)
    if (record === undefined) return
    const store = await openStore(record, this.#watch(accountId))
    if (!store.ok) {
      this.#broken.set(accountId, store.error)
      log.error('database not opened', { code: store.error.code, detail: store.error.detail })
      return
    }
    this.#broken.delete(accountId)
    const { profile } = record
    const session = new Session({
      profile,
      dialect: dialects[profile.dialect],
      store: store.value,
      transport: createEndpoint({ transport, fixed: profile.transport, memory: this.#wayOf(accountId) }),
      clock,
      random,
      log,
      token: () => this.#tokens.get(accountId) ?? null,
      onRefused: () => this.#refused(accountId),
      feedsItself: () => this.#fed.has(accountId),
    })
    session.onChanges((changes) => this.#changes.fire({ accountId, changes }))
    session.onStatus((status) => this.#status.fire({ accountId, status }))
    session.onConnection((status) => this.#connection.fire({ accountId, status }))
    const attachments = new Attachments({
      session,
      profile,
      media: this.#options.openMedia(accountId),
      token: () => this.#tokens.get(accountId) ?? null,
      clock,
      random,
      log,
      onUploads: (uploads) => this.#uploads.fire({ accountId, uploads }),
    })
    attachments.downloads.onChanged((changed) => this.#downloads.fire({ accountId, ...changed }))
    this.#running.set(accountId, { session, attachments, profile })
    try {
      await attachments.start()
      await session.start()
    } catch (error) {
      // One account whose store fails must not keep the others, or the program, from running.
      if (!isStorageError(error)) throw error
      await this.#breakDown(accountId, appError(error.code, 'at the start'))
    }
  }

  #watch(accountId: string): StoreWatch {
    const { log } = this.#options
    return {
      onBroken: (error) => {
        this.#breakDown(accountId, error).catch((failure: unknown) => log.error('not taken down', { failure }))
      },
      onRecovered: () => {
        const session = this.#running.get(accountId)?.session
        if (session === undefined) return
        this.#changesLost.fire(accountId)
        // What the last answers said of groups and of the queue may not have arrived.
        session.refreshGroups().catch((error: unknown) => log.error('groups not read', { error: String(error) }))
        session.nudge()
      },
      onStrained: (error) => {
        if (!this.#running.has(accountId) || this.#strained.get(accountId)?.code === error?.code) return
        if (error === null) this.#strained.delete(accountId)
        else this.#strained.set(accountId, error)
        this.#publishList()
        if (error === null) this.#running.get(accountId)?.session.nudge()
      },
    }
  }

  /** The store is of no further use: what needs it ends, the account stays and says why. */
  async #breakDown(accountId: string, error: AppError): Promise<void> {
    const running = this.#running.get(accountId)
    if (running === undefined) return
    this.#running.delete(accountId)
    this.#strained.delete(accountId)
    this.#broken.set(accountId, error)
    this.#options.log.error('database failed', { code: error.code, detail: error.detail })
    running.attachments.dispose()
    running.session.dispose()
    await running.session.store.close()
    this.#publishList()
  }

  async #readToken(accountId: string): Promise<void> {
    const token = await this.#options.secrets.read(accountId)
    if (!token.ok) this.#sealed.add(accountId)
    else {
      this.#sealed.delete(accountId)
      if (token.value !== null) this.#tokens.set(accountId, token.value)
    }
  }

  async #stop(accountId: string): Promise<void> {
    const running = this.#running.get(accountId)
    this.#running.delete(accountId)
    this.#strained.delete(accountId)
    await running?.attachments.close()
    await running?.session.close()
  }

  /** The token is worth nothing any more; everything else stays as it is. */
  #refused(accountId: string): void {
    const { appStore, secrets, log } = this.#options
    // There was none to refuse: a sealed one that cannot be read now may be good.
    if (!this.#tokens.delete(accountId)) return
    secrets.remove(accountId).catch((error: unknown) => log.error('token not removed', { error: String(error) }))
    const record = appStore.accounts().find(({ id }) => id === accountId)
    if (record?.signedIn === true) appStore.saveAccount({ ...record, signedIn: false })
    this.#publishList()
  }

  #publishList(): void {
    this.#listChanged.fire(this.list())
  }

  #shown({ id, profile, managed, signedIn }: AccountRecord): Account {
    return {
      id,
      url: profile.url,
      userId: profile.userId,
      managed,
      signedIn: signedIn && this.#tokens.has(id),
      capabilities: this.#options.dialects[profile.dialect].capabilities,
      upload: uploadEndpoint(profile) !== null,
      trouble: this.#troubleOf(id),
    }
  }

  #troubleOf(accountId: string): StorageTrouble | null {
    const broken = this.#broken.get(accountId)
    const error = broken ?? this.#strained.get(accountId)
    if (error !== undefined) {
      const { code, detail = null } = error
      return { code, detail, stopped: broken !== undefined, repairable: broken !== undefined && repairable.has(code) }
    }
    if (!this.#sealed.has(accountId)) return null
    return { code: 'account.secretUnavailable', detail: null, stopped: false, repairable: false }
  }
}
