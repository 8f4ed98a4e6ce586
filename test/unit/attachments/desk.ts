/**
 * An account's files without a network: the real store and rules, files in memory, and an upload endpoint that does
 * what the test says, on a clock that moves when told to.
 */
import { onTestFinished } from 'vitest'
import { Emitter } from '#common/base/emitter.ts'
import { appError } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Attached } from '#common/contract/calls.ts'
import type { Profile } from '#common/domain/account.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import { type ConnectionState, type ConnectionStatus } from '#common/domain/connection.ts'
import type { Message } from '#common/domain/message.ts'
import type { Upload } from '#common/domain/upload.ts'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { Attachments } from '#electron/core/attachments/attachments.ts'
import type {
  AccountFiles,
  AccountMedia,
  DownloadRequest,
  FetchOutcome,
  FetchRequest,
  UploadOutcome,
  UploadRequest,
} from '#electron/core/ports/media.ts'
import type { Changed, Store } from '#electron/core/ports/store.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'
import { now, unwrap } from '#test/store/support.ts'

export interface RunningUpload {
  readonly request: UploadRequest
  aborted: boolean
  end(outcome: UploadOutcome): void
}

export interface FakeFiles extends AccountFiles {
  readonly outgoingNames: () => string[]
  readonly shownIds: () => number[]
  /** By message: its name when it is whole, null while it is not. */
  readonly fetched: Map<number, { name: string | null; size: number }>
}

export function createFakeFiles(): FakeFiles {
  const outgoing = new Map<string, Uint8Array>()
  const shown = new Map<number, Uint8Array>()
  const fetched: FakeFiles['fetched'] = new Map()
  return {
    outgoingNames: () => [...outgoing.keys()],
    shownIds: () => [...shown.keys()],
    fetched,
    downloads: {
      list: () =>
        Promise.resolve(
          Array.from(fetched, ([messageId, { name, size }]) => ({ messageId, size, whole: name !== null })),
        ),
      path: (id) => {
        const name = fetched.get(id)?.name ?? null
        return Promise.resolve(name === null ? null : `/files/${id}/${name}`)
      },
      finish: (id, name) => Promise.resolve(void fetched.set(id, { name, size: fetched.get(id)?.size ?? 0 })),
      adopt: (id, file, name) => {
        const bytes = outgoing.get(file)
        outgoing.delete(file)
        if (bytes !== undefined) fetched.set(id, { name, size: bytes.byteLength })
        return Promise.resolve(bytes?.byteLength ?? null)
      },
      remove: (id) => Promise.resolve(void fetched.delete(id)),
    },
    outgoing: {
      keep: (source, file, limit) => {
        if (!('bytes' in source)) return Promise.resolve(fail('attachment.unreadable'))
        const size = source.bytes.byteLength
        if (size === 0) return Promise.resolve(fail('attachment.empty'))
        if (limit !== null && size > limit) {
          return Promise.resolve({ ok: false, error: appError('attachment.tooBig', undefined, { limit, size }) })
        }
        outgoing.set(file, source.bytes)
        return Promise.resolve(ok({ size, head: source.bytes }))
      },
      read: (file) => Promise.resolve(outgoing.get(file) ?? null),
      remove: (file) => Promise.resolve(void outgoing.delete(file)),
      list: () => Promise.resolve([...outgoing.keys()]),
    },
    shown: {
      read: (id) => Promise.resolve(shown.get(id) ?? null),
      write: (id, bytes) => Promise.resolve(void shown.set(id, bytes)),
      adopt: (id, file) => {
        const bytes = outgoing.get(file)
        if (bytes !== undefined) shown.set(id, bytes)
        outgoing.delete(file)
        return Promise.resolve()
      },
      remove: (id) => Promise.resolve(void shown.delete(id)),
    },
  }
}

export interface Desk {
  readonly clock: FakeClock
  readonly attachments: Attachments
  readonly files: FakeFiles
  readonly store: ReturnType<typeof openStore>
  /** All that were begun, the last one last. */
  readonly uploads: RunningUpload[]
  readonly downloads: { request: DownloadRequest; end(answer: Result<Uint8Array>): void; aborted: boolean }[]
  readonly fetches: { request: FetchRequest; end(outcome: FetchOutcome): void; aborted: boolean }[]
  readonly pushed: (readonly Upload[])[]
  readonly nudges: () => number
  connection(state: ConnectionState): Promise<void>
  add(name: string, bytes: Uint8Array, caption?: string): Promise<Attached>
  /** A change made by somebody else than the attachments. */
  change<T>(changed: Changed<T>): Promise<T>
  message(id: number): Message
  /** Lets everything that can happen now happen. */
  idle(): Promise<void>
  /** The program ends without a word; what lies on disk stays for the next `openDesk`. */
  crash(): void
}

const chat = 'direct:bob'
export const profile: Profile = {
  dialect: 'im2',
  url: 'wss://chat.example/ws',
  userId: 'alice',
  deviceId: 'd',
  upload: { url: 'https://chat.example/upload', field: 'file', responsePath: 'url' },
}

function openStore(file: string) {
  return unwrap(openAccountStore({ file, selfId: 'alice' }))
}

export interface DeskOptions {
  /** Where the database lies; in memory unless given. */
  readonly file?: string
  readonly files?: FakeFiles
  readonly profile?: Profile
  readonly state?: ConnectionState
}

export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const { files = createFakeFiles(), state = 'online' } = options
  const store = openStore(options.file ?? ':memory:')
  let isOpen = true
  const close = (): void => {
    if (isOpen) store.close()
    isOpen = false
  }
  onTestFinished(close)
  store.openConversation({ kind: 'direct', peerId: 'bob' }, now)
  store.openConversation({ kind: 'direct', peerId: 'carol' }, now)
  const asked = new Proxy({} as Store, {
    get: (_target, name) => {
      const method: unknown = Reflect.get(store, name)
      return async (...args: unknown[]): Promise<unknown> => {
        await Promise.resolve()
        if (!isOpen) throw new Error('the store is closed')
        return Reflect.apply(method as () => unknown, store, args)
      }
    },
  })
  const clock = new FakeClock()
  const changes = new Emitter<ChangeSet>()
  const connection = new Emitter<ConnectionStatus>()
  const status = (now: ConnectionState): ConnectionStatus => ({
    state: now,
    failures: 0,
    nextTryAt: null,
    problem: null,
    words: null,
    endedBy: null,
  })
  let current = status(state)
  let nudges = 0
  const changed = <T>({ value, changes: set }: Changed<T>): T => {
    if (set !== null) changes.fire(set)
    return value
  }
  const uploads: RunningUpload[] = []
  const downloads: Desk['downloads'][number][] = []
  const fetches: Desk['fetches'][number][] = []
  const pushed: (readonly Upload[])[] = []
  const media: AccountMedia = {
    files,
    upload(request) {
      const { promise, resolve } = Promise.withResolvers<UploadOutcome>()
      const running: RunningUpload = { request, aborted: false, end: resolve }
      uploads.push(running)
      const abort = (): void => {
        running.aborted = true
        resolve({ result: 'aborted' })
      }
      return { outcome: promise, abort }
    },
    download(request) {
      const { promise, resolve } = Promise.withResolvers<Result<Uint8Array>>()
      const running = { request, end: resolve, aborted: false }
      downloads.push(running)
      const abort = (): void => {
        running.aborted = true
        resolve(fail('attachment.notAvailable', 'ended'))
      }
      return { outcome: promise, abort }
    },
    fetch(request) {
      const { promise, resolve } = Promise.withResolvers<FetchOutcome>()
      const running = { request, end: resolve, aborted: false }
      fetches.push(running)
      const abort = (): void => {
        running.aborted = true
        resolve({ result: 'aborted' })
      }
      return { outcome: promise, abort }
    },
  }
  let ids = 0
  const attachments = new Attachments({
    session: {
      store: asked,
      get connection() {
        return current
      },
      changed,
      nudge: () => void nudges++,
      onChanges: changes.event,
      onConnection: connection.event,
    },
    profile: options.profile ?? profile,
    media,
    token: () => 'a.b.c',
    clock,
    random: {
      next: () => 0.5,
      uuid: () =>
        `00000000-0000-4000-8000-${String(Date.now() * 1000 + ++ids)
          .padStart(12, '0')
          .slice(-12)}`,
    },
    log: silentLog,
    onUploads: (list) => pushed.push(list),
  })
  const idle = async (): Promise<void> => {
    for (let turn = 0; turn < 8; turn++) await new Promise((next) => setImmediate(next))
  }
  await attachments.start()
  await idle()
  onTestFinished(() => attachments.dispose())
  return {
    clock,
    attachments,
    files,
    store,
    uploads,
    downloads,
    fetches,
    pushed,
    nudges: () => nudges,
    async connection(next) {
      current = status(next)
      connection.fire(current)
      await idle()
    },
    async add(name, bytes, caption = '') {
      const added = unwrap(await attachments.add(chat, [{ source: { bytes }, name, caption }]))
      await idle()
      return added
    },
    async change(made) {
      const value = changed(made)
      await idle()
      return value
    },
    message(id) {
      const message = store.message(id)
      if (message === null) throw new Error(`no message ${id}`)
      return message
    },
    idle,
    crash() {
      attachments.dispose()
      close()
    },
  }
}
