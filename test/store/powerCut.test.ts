/** What a power cut leaves in the log is no damage: a page that never reached the disk ends it, by its own rules. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { madeAccount, pageBytes } from './damage.ts'
import { self } from './support.ts'

const headerBytes = 32
const frameBytes = 24 + pageBytes

/** Whether a frame begins in this page of the log: in all but one of 172. */
function hasHead(page: number): boolean {
  const next = Math.ceil((page * pageBytes - headerBytes) / frameBytes)
  return headerBytes + next * frameBytes + 24 <= (page + 1) * pageBytes
}

describe('a log of which one page never reached the disk', () => {
  it('opens without a question, whichever page it is, with the transactions before it', () => {
    const file = madeAccount({ unclean: true })
    const database = readFileSync(file)
    const log = readFileSync(`${file}-wal`)
    const pages = Math.floor(log.length / pageBytes)
    expect(pages).toBeGreaterThan(20)
    for (let page = pages - 20; page < pages; page++) {
      if (!hasHead(page)) continue
      writeFileSync(file, database)
      writeFileSync(`${file}-wal`, Buffer.from(log).fill(0, page * pageBytes, (page + 1) * pageBytes))
      const opened = openAccountStore({ file, selfId: self })
      expect(opened.ok ? null : opened.error, `page ${page} of ${pages}`).toBeNull()
      if (opened.ok) opened.value.close()
    }
  })
})
