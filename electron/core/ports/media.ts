/** An account's files beside its database, and the ways files take over HTTP. */
import type { AppError } from '#common/base/errors.ts'
import type { Result } from '#common/base/result.ts'

/** Where a file comes from: a place the user chose in the system's dialog, or bytes the page was given. */
export type FileSource = { readonly path: string } | { readonly bytes: Uint8Array }

export interface AccountFiles {
  /** Copies of what is to be sent, by names of our own making. */
  readonly outgoing: {
    /**
     * On stable storage when it answers. Fails with `attachment.empty`, `attachment.tooBig` (more than `limit` bytes),
     * `attachment.unreadable`, or a storage code; then nothing is left of it.
     */
    keep(source: FileSource, file: string, limit: number | null): Promise<Result<{ size: number; head: Uint8Array }>>
    /** Null when it is not there or longer than `maxBytes`. */
    read(file: string, maxBytes: number): Promise<Uint8Array | null>
    /** No error when it is gone already. */
    remove(file: string): Promise<void>
    list(): Promise<readonly string[]>
  }
  /** Pictures to show, by message. May forget what was not asked for lately. */
  readonly shown: {
    read(messageId: number): Promise<Uint8Array | null>
    write(messageId: number, bytes: Uint8Array): Promise<void>
    /** Takes over an outgoing copy, which is not among the outgoing any more. */
    adopt(messageId: number, file: string): Promise<void>
    remove(messageId: number): Promise<void>
  }
  /** Files of messages that the user fetched, by message: whole under their own names, or as far as they came. */
  readonly downloads: {
    list(): Promise<readonly StoredFile[]>
    /** Of a whole one; null where there is none. */
    path(messageId: number): Promise<string | null>
    /** What came is all there is: from now on it is whole. */
    finish(messageId: number, name: string): Promise<void>
    /** Takes over an outgoing copy; answers its size, or null where it is gone. */
    adopt(messageId: number, file: string, name: string): Promise<number | null>
    /** Whole or not. No error when it is gone already. */
    remove(messageId: number): Promise<void>
  }
}

export interface StoredFile {
  readonly messageId: number
  /** Bytes that are here. */
  readonly size: number
  readonly whole: boolean
}

export interface UploadRequest {
  readonly url: string
  /** Name of the form's field. */
  readonly field: string
  /** Dotted path of the file's address in the JSON answer. */
  readonly responsePath: string
  /** Bearer token; never leaves for another origin than the url's. */
  readonly token: string
  /** Name among the account's outgoing copies. */
  readonly file: string
  readonly name: string
  readonly mime: string
  /** Bytes. */
  readonly size: number
  /** Bytes of the file given to the network so far. */
  readonly onProgress: (sent: number) => void
}

export type UploadOutcome =
  | { readonly result: 'done'; readonly url: string }
  /** May pass by itself. */
  | { readonly result: 'retry'; readonly error: AppError; readonly retryAfterMs: number | null }
  /** The token is not taken. */
  | { readonly result: 'unauthorized'; readonly error: AppError }
  /** Trying the same again is of no use. */
  | { readonly result: 'refused'; readonly error: AppError }
  | { readonly result: 'aborted' }

/** Something under way: answers once, and can be given up. */
export interface Running<T> {
  readonly outcome: Promise<T>
  /** Answers soon, if it has not yet. */
  abort(): void
}

export interface DownloadRequest {
  readonly url: string
  /** A longer one is refused unread where the server says its length, else once it is longer. */
  readonly maxBytes: number
  /** Addresses on this machine are allowed: the account's own server is here. */
  readonly allowLoopback: boolean
}

export interface FetchRequest extends DownloadRequest {
  /** Whose file it is: what came of it before is gone on from, where the server's answer still fits. */
  readonly messageId: number
  /** Bytes that are here; `total` is null where the server does not say. */
  readonly onProgress: (received: number, total: number | null) => void
}

export type FetchOutcome =
  /** All of it is on stable storage; `head` are its first bytes. */
  | { readonly result: 'done'; readonly size: number; readonly head: Uint8Array }
  /** May pass by itself; what came stays. */
  | { readonly result: 'cut'; readonly error: AppError }
  /** Trying again at once is of no use. */
  | { readonly result: 'refused'; readonly error: AppError }
  | { readonly result: 'aborted' }

export interface AccountMedia {
  readonly files: AccountFiles
  upload(request: UploadRequest): Running<UploadOutcome>
  /** Sends nothing of the user's: no token, no cookie, no referrer. */
  download(request: DownloadRequest): Running<Result<Uint8Array>>
  /** Into the account's folder; sends nothing of the user's either. */
  fetch(request: FetchRequest): Running<FetchOutcome>
}
