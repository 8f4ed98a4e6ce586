/**
 * Keeps the index of the search in step with the messages, within the transaction that changes them; and takes in, bit by
 * bit, what was there before there was an index.
 *
 * Promises: after a commit every visible message from `below` up is in the index with the words it has, and none that is
 * recalled is; those below come in newest first. Deleted ones leave it by the database's own rule. Must never keep a
 * word anywhere else.
 */
import { indexText } from '#common/domain/search/tokens.ts'
import type { IndexProgress } from '../ports/store.ts'
import type { MessageRow, StoreRows } from '../store/rows.ts'
import { foundContent, searchText } from './searchText.ts'

type Rows = Pick<StoreRows, 'search'>

export class SearchIndex {
  readonly #rows: Rows['search']
  #below: number | null = null
  /** In one transaction; written at its end in the order of ids, which the index takes best. */
  readonly #changed = new Map<number, { readonly row: MessageRow; readonly isNew: boolean }>()

  constructor(rows: Rows) {
    this.#rows = rows.search
  }

  added(row: MessageRow): void {
    this.#changed.set(row.id, { row, isNew: true })
  }

  changed(row: MessageRow): void {
    this.#changed.set(row.id, { row, isNew: this.#changed.get(row.id)?.isNew ?? false })
  }

  /** Before the commit. */
  flush(): void {
    if (this.#changed.size === 0) return
    const ids = [...this.#changed.keys()].sort((a, b) => a - b)
    for (const id of ids) {
      const change = this.#changed.get(id)
      // What is further down is read as it is when its turn comes.
      if (change !== undefined && id >= this.#start) this.#put(change.row, change.isNew)
    }
  }

  endTransaction(): void {
    this.#changed.clear()
  }

  forget(): void {
    this.#below = null
  }

  /** Takes in the next messages from before; within a transaction. */
  advance(limit: number): IndexProgress {
    if (this.#below === null && this.#rows.isLost()) {
      // The file was repaired: the rows came through, what is derived from them did not.
      const { below, total } = this.#rows.size()
      this.#rows.advance(below, total)
    }
    const rows = this.#start === 1 ? [] : this.#rows.unindexed(this.#start, limit)
    for (const row of rows.reverse()) this.#put(row, true)
    const below = rows.length < limit ? 1 : (rows[0]?.id ?? 1)
    const { total } = this.#rows.progress()
    if (below !== this.#start) this.#rows.advance((this.#below = below), total)
    return this.progress()
  }

  progress(): IndexProgress {
    const { below, total } = this.#rows.progress()
    return { left: Math.min(total, below - 1), total }
  }

  get #start(): number {
    return (this.#below ??= this.#rows.progress().below)
  }

  #put(row: MessageRow, isNew: boolean): void {
    const content = foundContent(row)
    const words = content === null ? '' : indexText(searchText(content))
    if (words !== '' || !isNew) this.#rows.put(row.id, words, isNew)
  }
}
