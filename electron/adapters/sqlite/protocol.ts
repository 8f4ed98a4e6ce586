/** What the store's thread and its owner say to each other. Requests are answered strictly in their order. */
import type { AppError, ErrorCode } from '#common/base/errors.ts'
import type { RepairReport } from '#common/domain/storage.ts'
import type { AccountStore } from '#electron/core/ports/store.ts'

export const storeMethods = [
  'ingest',
  'keepUndecoded',
  'snapshot',
  'page',
  'days',
  'media',
  'openConversation',
  'seed',
  'setDraft',
  'markRead',
  'markSeen',
  'unread',
  'waiting',
  'prefer',
  'deleteConversation',
  'acknowledgeNotice',
  'markNoticesRead',
  'policyHistory',
  'noteDecisions',
  'decisions',
  'send',
  'edit',
  'recall',
  'deleteForMe',
  'pin',
  'retry',
  'cancel',
  'outboxHeads',
  'outboxSize',
  'outboxWritten',
  'outboxSettle',
  'outboxFail',
  'attachments',
  'attachmentTried',
  'attachmentUploaded',
  'attachmentForgotten',
  'policy',
  'message',
  'trace',
  'search',
  'indexForSearch',
  'storageUse',
  'storedMessages',
  'storagePages',
  'eraseMessages',
  'archivePart',
  'takeArchived',
  'compact',
  'readFact',
  'writeFact',
  'groups',
  'counts',
  'verify',
] as const satisfies readonly (keyof AccountStore)[]

export type StoreMethod = (typeof storeMethods)[number]

/** Whether the file is looked through when it is opened: by default after an end without closing. */
export type FileCheck = 'afterUncleanEnd' | 'always' | 'never'

export interface WorkerOptions {
  readonly file: string
  readonly selfId: string
  readonly busyTimeoutMs?: number
  readonly check?: FileCheck
  /** The copies from before a migration stay, though there is nothing to migrate. */
  readonly keepCopies?: boolean
  /** What the thread is for: to keep a store, which is the default, or to repair the file and end. */
  readonly task?: 'serve' | 'repair'
}

export type Request =
  | { readonly id: number; readonly method: StoreMethod; readonly args: readonly unknown[] }
  | { readonly id: number; readonly method: 'close' }

export type Reply =
  /** `mended`: an index was wrong and has been made again. */
  | { readonly type: 'opened'; readonly mended: boolean }
  | { readonly type: 'repaired'; readonly report: RepairReport }
  | { readonly type: 'refused'; readonly error: AppError }
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  /** `detail` is for the log: a name and a code, never contents. */
  | { readonly type: 'failed'; readonly id: number; readonly code: ErrorCode; readonly detail: string }
