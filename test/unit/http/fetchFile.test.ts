import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFetchFile } from '#electron/adapters/http/fetchFile.ts'
import type { FetchOutcome } from '#electron/core/ports/media.ts'
import { serve, straight, tempDir } from './support.ts'

const bytes = Buffer.alloc(300_000)
for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, at)

interface Served {
  readonly url: string
  readonly ranges: (string | undefined)[]
  /** From now on no answer has more than so many bytes of those it promised; null: whole. */
  cut: number | null
  etag: string
  /** Ends the answers that are not whole. */
  drop(): void
}

async function place(): Promise<Served> {
  const open = new Set<{ destroy(): void }>()
  const served = {
    url: '',
    ranges: [] as (string | undefined)[],
    cut: null as number | null,
    etag: '"one"',
    drop: () => open.forEach((response) => response.destroy()),
  }
  served.url = await serve((request, response) => {
    const { range, 'if-range': wanted } = request.headers
    served.ranges.push(range)
    const first = range !== undefined && wanted === served.etag ? Number(/\d+/.exec(range)?.[0]) : 0
    const part = bytes.subarray(first)
    response.writeHead(first > 0 ? 206 : 200, {
      etag: served.etag,
      'content-length': part.length,
      ...(first > 0 && { 'content-range': `bytes ${first}-${bytes.length - 1}/${bytes.length}` }),
    })
    if (served.cut === null) response.end(part)
    else {
      open.add(response)
      response.write(part.subarray(0, served.cut))
    }
  })
  return served
}

function fetchTelling(dir: string, url: string, onProgress: (received: number) => void): Promise<FetchOutcome> {
  const file = { url, messageId: 7, maxBytes: 1_000_000, allowLoopback: true, onProgress }
  return createFetchFile({ ...straight, dir, stallMs: 5_000 })(file).outcome
}
const fetchInto = (dir: string, url: string, told: number[] = []): Promise<FetchOutcome> =>
  fetchTelling(dir, url, (received) => void told.push(received))
/** The cut comes once something has arrived. */
const fetchCut = (dir: string, served: Served): Promise<FetchOutcome> =>
  fetchTelling(dir, served.url, (received) => received > 0 && served.drop())
const partOf = (dir: string): Buffer => readFileSync(join(dir, 'files', '7.part'))

describe('a file that is fetched', () => {
  it('is on the disk as it was, with its first bytes and the amounts told on the way', async () => {
    const dir = tempDir()
    const { url } = await place()
    const told: number[] = []
    expect(await fetchInto(dir, url, told)).toMatchObject({ result: 'done', size: bytes.length })
    expect(partOf(dir).equals(bytes)).toBe(true)
    expect(told.at(-1)).toBe(bytes.length)
  })

  it('goes on after a cut from where it stopped', async () => {
    const dir = tempDir()
    const served = await place()
    served.cut = 100_000
    expect(await fetchCut(dir, served)).toMatchObject({ result: 'cut' })
    const before = partOf(dir).length
    expect(before).toBeGreaterThan(0)
    served.cut = null
    expect(await fetchInto(dir, served.url)).toMatchObject({ result: 'done', size: bytes.length })
    expect(served.ranges).toEqual([undefined, `bytes=${before}-`])
    expect(partOf(dir).equals(bytes)).toBe(true)
  })

  it('begins anew when the server has another version by then: parts of two are never put together', async () => {
    const dir = tempDir()
    const served = await place()
    served.cut = 100_000
    await fetchCut(dir, served)
    served.cut = null
    served.etag = '"two"'
    expect(await fetchInto(dir, served.url)).toMatchObject({ result: 'done' })
    expect(partOf(dir).equals(bytes)).toBe(true)
  })

  it('is refused for good where the server has none, and tried again where it only stumbles', async () => {
    const gone = await serve((_request, response) => void response.writeHead(404).end())
    const ill = await serve((_request, response) => void response.writeHead(503).end())
    expect(await fetchInto(tempDir(), gone)).toMatchObject({ result: 'refused', error: { code: 'attachment.gone' } })
    expect(await fetchInto(tempDir(), ill)).toMatchObject({ result: 'cut', error: { code: 'link.httpServerError' } })
  })

  it('is given up without a word to the server’s file, and what came stays', async () => {
    const dir = tempDir()
    const url = await serve((_request, response) => {
      response.writeHead(200, { etag: '"x"', 'content-length': 1000 })
      response.write('some')
    })
    const came = Promise.withResolvers<null>()
    const { outcome, abort } = createFetchFile({ ...straight, dir, stallMs: 5_000 })({
      url,
      messageId: 7,
      maxBytes: 1_000_000,
      allowLoopback: true,
      onProgress: (received) => received > 0 && came.resolve(null),
    })
    await came.promise
    abort()
    expect(await outcome).toEqual({ result: 'aborted' })
    expect(partOf(dir).toString()).toBe('some')
    expect(readdirSync(join(dir, 'files')).sort()).toEqual(['7.part', '7.tag'])
  })
})
