/** The disk as archives need it. What cannot be written or read is thrown as an `ArchiveError`. */
import type { Disposable } from '#common/base/disposable.ts'
import type { ArchivedFile } from './format.ts'

/** A file of an archive while it is written; one that is being written is not part of it yet. */
export interface GrowingFile {
  write(text: string): Promise<void>
  /** On stable storage when it answers. */
  end(): Promise<ArchivedFile>
}

/** A folder of our own that bears another name until it is whole. */
export interface NewArchive {
  create(path: string): Promise<GrowingFile>
  /** Null when the file is gone. */
  copy(from: string, path: string): Promise<ArchivedFile | null>
  /** After the last file: the folder gets its name, which is answered. */
  finish(): Promise<string>
  /** Nothing stays. Whatever is open is closed first. */
  discard(): Promise<void>
}

export interface OpenedArchive extends Disposable {
  /** Fails with `archive.notOne` where there is none. */
  manifest(): Promise<unknown>
  /**
   * The lines of a file, in portions, without their ends. Fails with `archive.damaged` where the file is missing, is not
   * a plain file of this folder, or differs from what is said of it; then what was handed out counts for nothing.
   */
  lines(file: ArchivedFile): AsyncIterable<readonly string[]>
  /** The same without the lines. */
  check(file: ArchivedFile): Promise<void>
  /** For reading; only of a file that was checked. */
  pathOf(file: ArchivedFile): string
}

/** Copies of what messages came with, on this computer. */
export interface KeptCopies {
  /** By message: the picture as it is shown, and the file as it was fetched. */
  list(): Promise<ReadonlyMap<number, KeptCopy>>
}

export interface KeptCopy {
  readonly picture?: { readonly path: string; readonly extension: string }
  readonly file?: { readonly path: string; readonly name: string }
}

/** The pages for people: the same beginning and end for all, and between them what they show, as data. */
export interface ReaderPages {
  readonly head: string
  readonly tail: string
  /** `value` can be anything that JSON can say; nothing in it becomes markup. */
  block(part: 'index' | 'conversation' | 'messages' | 'end', value: unknown): string
}
