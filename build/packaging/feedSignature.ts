/**
 * Signs the feed of versions that electron-builder writes beside the packages, so that an installed program can tell it
 * from any other (electron/adapters/updater/signedFeed.ts looks at it), and gives every version a folder of its own,
 * which the way back of the next one leads to.
 *
 * Must never write a private key anywhere but where it is told to.
 */
import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const feedFile = /^latest(-mac|-linux(-\w+)?)?\.yml$/
const signatureLine = /^# signature: .*\n/
const stagingLine = /^stagingPercentage: .*\n?/m

/** What a program is packed with: Ed25519, DER, base64. */
export function publicKeyOf(privateKeyPem: string): string {
  return spki(createPublicKey(createPrivateKey(privateKeyPem)))
}

function spki(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64')
}

/** A new pair: the private key as PEM, to be kept where nobody else reads, and the public one. */
export function newFeedKey(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), publicKey: spki(publicKey) }
}

/** `text` signed as the file `name` of the feed; a signature it had before is replaced. */
export function signFeed(text: string, name: string, privateKeyPem: string): string {
  const bare = text.replace(signatureLine, '')
  const signature = sign(null, Buffer.from(`godwit feed\n${name}\n${bare}`), createPrivateKey(privateKeyPem))
  return `# signature: ${signature.toString('base64')}\n${bare}`
}

/**
 * Signs every file of the feed in `folder`, and again in the folder of its version. `percent`: the share of users who get
 * it, 1 to 100; null: all. Answers what was written, by names below `folder`. Throws where there is no feed.
 */
export function signFeedFolder(folder: string, privateKeyPem: string, percent: number | null): string[] {
  const names = readdirSync(folder).filter((name) => feedFile.test(name))
  if (names.length === 0) throw new Error(`No latest*.yml in ${folder}: pack with GODWIT_UPDATE_FEED first.`)
  return names.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8').replace(signatureLine, '').replace(stagingLine, '')
    const version = /^version: (\S+)$/m.exec(text)?.[1]
    if (version === undefined) throw new Error(`${name} names no version.`)
    const staged = percent === null ? text : `${text.trimEnd()}\nstagingPercentage: ${percent}\n`
    writeFileSync(join(folder, name), signFeed(staged, name, privateKeyPem))
    // Who goes back is not drawn by lot; the files lie one folder up.
    const again = `${version}/${name}`
    mkdirSync(join(folder, version), { recursive: true })
    writeFileSync(
      join(folder, again),
      signFeed(text.replace(/^( *-? *(?:url|path): )(?!\S+:\/\/)/gm, '$1../'), again, privateKeyPem),
    )
    return [name, again]
  })
}
