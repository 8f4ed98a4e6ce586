/** What an account takes up on the disk, as the storage manager sees it: kept files by message, and the database. */
export interface KeptFile {
  readonly messageId: number
  /** All that is kept for the message, parts of a file too. */
  readonly bytes: number
}

/** Bytes that can still be written. */
export interface Room {
  /** Beside the database. */
  readonly beside: number
  /** Where the database puts what it needs for a while only. */
  readonly scratch: number
  /** Both lie on one disk: what one takes the other has not. */
  readonly shared: boolean
}

export interface StoredFiles {
  kept(): Promise<readonly KeptFile[]>
  /** No error when it is gone already. */
  remove(messageId: number): Promise<void>
  /** Copies that wait to be sent. */
  outgoing(): Promise<{ readonly count: number; readonly bytes: number }>
  /** The database's file and its log. */
  databaseBytes(): Promise<number>
  room(): Promise<Room>
}
