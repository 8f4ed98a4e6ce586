/** What the store's thread and its owner say to each other. Requests are answered strictly in their order. */
import type { AppError, ErrorCode } from '#common/base/errors.ts'
import type { AccountStore } from '#electron/core/ports/store.ts'

export const storeMethods = [
  'ingest',
  'keepUndecoded',
  'snapshot',
  'page',
  'openConversation',
  'seed',
  'setDraft',
  'markRead',
  'acknowledgeNotice',
  'policyHistory',
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
  'readFact',
  'writeFact',
  'groups',
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
}

export type Request =
  | { readonly id: number; readonly method: StoreMethod; readonly args: readonly unknown[] }
  | { readonly id: number; readonly method: 'close' }

export type Reply =
  | { readonly type: 'opened' }
  | { readonly type: 'refused'; readonly error: AppError }
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  /** `detail` is for the log: a name and a code, never contents. */
  | { readonly type: 'failed'; readonly id: number; readonly code: ErrorCode; readonly detail: string }
