/**
 * The feed of versions: the files electron-builder writes (`latest.yml`, `latest-mac.yml`, `latest-linux.yml`, …), each
 * with a first line `# signature: BASE64` over its name and all that follows.
 *
 * Promises: nothing of a file is parsed or believed before its signature (Ed25519, by the key in this program's own
 * archive) has been seen to fit, for just this name; so a feed can neither offer a file nor its hash, a share of users
 * or another system's version that was not released. Must never tell the feed which computer asks.
 */
import { createPublicKey, verify } from 'node:crypto'
import { basename } from 'node:path'
import type { AppUpdater } from 'electron-updater'
import { GenericProvider } from 'electron-updater/out/providers/GenericProvider.js'
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js'
import { UpdateError } from './updateError.ts'

/** Real ones have some hundred bytes for each file. */
const mostBytes = 256 * 1024

export interface FeedOptions {
  readonly provider: 'custom'
  readonly updateProvider: typeof SignedFeed
  /** Where the files lie, with a closing slash. */
  readonly url: string
  /** The folder below it that is meant, empty or with a closing slash: part of the name that is signed. */
  readonly folder: string
  /** Ed25519, DER, base64. */
  readonly publicKey: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

export class SignedFeed extends GenericProvider {
  readonly #feed: FeedOptions

  constructor(feed: FeedOptions, updater: AppUpdater, runtime: ProviderRuntimeOptions) {
    super({ provider: 'generic', url: feed.url + feed.folder }, updater, runtime)
    this.#feed = feed
  }

  protected override async httpRequest(url: URL): Promise<string> {
    const { fetch, folder, publicKey } = this.#feed
    const text = await readFeed(fetch, url)
    if (!isSigned(text, folder + basename(url.pathname), publicKey)) {
      throw new UpdateError('update.untrusted', 'the signature does not fit')
    }
    return text
  }

  /** The library would send a number that is the same at each asking. */
  override setRequestHeaders(): void {
    super.setRequestHeaders({ accept: '*/*' })
  }
}

const signatureLine = /^# signature: ([A-Za-z0-9+/]{86}==)\n/

/** Whether `text`, as it came from the feed, was signed as the file `name`. */
export function isSigned(text: string, name: string, publicKey: string): boolean {
  const [line, signature] = signatureLine.exec(text) ?? []
  if (line === undefined || signature === undefined) return false
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  if (key.asymmetricKeyType !== 'ed25519') return false
  const signed = Buffer.from(`godwit feed\n${name}\n${text.slice(line.length)}`)
  return verify(null, signed, key, Buffer.from(signature, 'base64'))
}

async function readFeed(fetch: FeedOptions['fetch'], url: URL): Promise<string> {
  const answer = await fetch(url.href, { cache: 'no-store', credentials: 'omit' }).catch((error: unknown) => {
    throw new UpdateError('update.unreachable', error instanceof Error ? error.message : 'unknown')
  })
  if (!answer.ok || answer.body === null) throw new UpdateError('update.unreachable', `status ${answer.status}`)
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body) {
    bytes += part.byteLength
    if (bytes > mostBytes) throw new UpdateError('update.untrusted', 'larger than any feed')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
