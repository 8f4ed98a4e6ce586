/** A feed of versions as the release scripts lay it down, on a server of this machine; a test may spoil it. */
import { createHash } from 'node:crypto'
import { type IncomingHttpHeaders, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signFeed } from '../../../build/packaging/feedSignature.ts'

export interface Release {
  readonly version: string
  readonly file: Buffer
  readonly name?: string
  /** Of users, who get it. */
  readonly percent?: number
}

export interface StubFeed {
  readonly url: string
  /** What is answered, by path without the leading slash. */
  readonly files: Map<string, Buffer | string>
  /** Paths that were asked for, with what came along. */
  readonly asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  /** Sends this much more than there is. */
  surplus: number
  /** Ends the connection after so many bytes of a package. */
  cutAfter: number | null
  close(): Promise<void>
}

/** `latest-linux.yml` as electron-builder writes it. */
export function feedText({ version, file, name = `godwit-${version}.AppImage`, percent }: Release): string {
  const sha512 = createHash('sha512').update(file).digest('base64')
  return [
    `version: ${version}`,
    'files:',
    `  - url: ${name}`,
    `    sha512: ${sha512}`,
    `    size: ${file.length}`,
    `path: ${name}`,
    `sha512: ${sha512}`,
    `releaseDate: '2026-11-21T00:00:00.000Z'`,
    ...(percent === undefined ? [] : [`stagingPercentage: ${percent}`]),
    '',
  ].join('\n')
}

/** Of this machine: Linux on arm names its own. */
export const feedName = process.arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${process.arch}.yml`

/** Lays down a release, signed by `privateKey`; in a folder of its own when `folder` (with a closing slash) names one. */
export function publish(feed: StubFeed, release: Release, privateKey: string, folder = ''): void {
  feed.files.set(folder + feedName, signFeed(feedText(release), folder + feedName, privateKey))
  feed.files.set(`${folder}${release.name ?? `godwit-${release.version}.AppImage`}`, release.file)
}

export async function startFeed(): Promise<StubFeed> {
  const files = new Map<string, Buffer | string>()
  const asked: { path: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://feed').pathname.slice(1))
    asked.push({ path, headers: request.headers })
    const body = files.get(path)
    if (body === undefined) {
      response.writeHead(404).end()
      return
    }
    const bytes = Buffer.concat([Buffer.from(body), Buffer.alloc(path.endsWith('.yml') ? 0 : feed.surplus)])
    response.writeHead(200, { 'content-length': bytes.length })
    if (feed.cutAfter === null || path.endsWith('.yml')) response.end(bytes)
    else response.write(bytes.subarray(0, feed.cutAfter), () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const feed: StubFeed = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    files,
    asked,
    surplus: 0,
    cutAfter: null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return feed
}
