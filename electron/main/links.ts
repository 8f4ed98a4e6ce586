/**
 * `godwit://` links, read strictly. A link comes from anywhere: it may open what is here, or propose a sign-in, and
 * nothing else. It never carries a secret, changes a setting, sends, or makes a chat.
 *
 *     godwit://open/<account>/<conversation>        account: its id, or user@server
 *     godwit://sign-in?server=<address>[&user=<id>]
 *
 * Pure, so that it can be tried on anything.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Account } from '#common/domain/account.ts'
import { normalAddress } from '#electron/core/address.ts'

export const linkScheme = 'godwit'

export type Link =
  | { readonly kind: 'open'; readonly account: string; readonly conversationId: string }
  /** `server` is as it would be stored: scheme, host in ASCII, no credentials. */
  | { readonly kind: 'signIn'; readonly server: string; readonly userId: string }

const longestLink = 2_000
const longestName = 256
const longestConversation = 600
/** Controls, spaces and separators of lines, and what turns the direction of writing. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
/** Before decoding, a link is what a URL may be made of. */
const plain = /^[\x21-\x7e]+$/

const malformed: Result<never> = fail('deepLink.malformed')

/** Whether an argument of the command line is meant as a link, sound or not. */
export function isLink(argument: string): boolean {
  return argument.toLowerCase().startsWith(`${linkScheme}:`)
}

/** The link among the arguments the program was started with: the last one, as the system appends it. */
export function linkIn(argv: readonly string[]): string | null {
  return argv.slice(1).findLast(isLink) ?? null
}

/** Fails with `deepLink.malformed`, `deepLink.secret`, `deepLink.notOffered`, or as `normalAddress` does. */
export function parseLink(text: string): Result<Link> {
  if (text.length > longestLink || !plain.test(text) || !URL.canParse(text)) return malformed
  const url = new URL(text)
  const { protocol, username, password, port, hash, hostname } = url
  if (protocol !== `${linkScheme}:` || !text.toLowerCase().startsWith(`${linkScheme}://`)) return malformed
  if (username !== '' || password !== '' || port !== '' || hash !== '') return malformed
  if (hostname === 'open') return parseOpen(text, url)
  if (hostname === 'sign-in') return parseSignIn(url)
  return fail('deepLink.notOffered')
}

function parseOpen(text: string, { search, pathname }: URL): Result<Link> {
  if (search !== '' || text.includes('?')) return malformed
  // The parser resolves dots; what had any was not written by us.
  if (!text.slice(`${linkScheme}://open`.length).startsWith(pathname)) return malformed
  const parts = pathname.split('/').slice(1).map(decoded)
  const [account, conversationId] = parts
  if (parts.length !== 2 || account === undefined || conversationId === undefined) return malformed
  if (account === null || account.length > 2 * longestName) return malformed
  if (conversationId === null || !/^(direct|group):./u.test(conversationId)) return malformed
  if (conversationId.length > longestConversation) return malformed
  return ok({ kind: 'open', account, conversationId })
}

function parseSignIn({ pathname, searchParams }: URL): Result<Link> {
  if (pathname !== '' && pathname !== '/') return malformed
  const names = [...searchParams.keys()]
  if (names.some((name) => /token|secret|password|key/i.test(name))) return fail('deepLink.secret')
  if (names.some((name) => name !== 'server' && name !== 'user') || new Set(names).size !== names.length)
    return malformed
  const typed = searchParams.get('server') ?? ''
  const userId = searchParams.get('user') ?? ''
  if (typed === '' || unseen.test(typed) || unseen.test(userId) || userId.length > longestName) return malformed
  // Credentials in front of a host are there to deceive.
  if (typed.includes('@') || typed.includes('?') || typed.includes('#') || typed.includes('\\')) return malformed
  const server = normalAddress(typed)
  return server.ok ? ok({ kind: 'signIn', server: server.value, userId: userId.trim() }) : server
}

/** A part of a path as it was meant; null where it cannot be read, is empty, or holds what nobody sees. */
function decoded(part: string): string | null {
  try {
    const text = decodeURIComponent(part)
    return text === '' || text.trim() !== text || unseen.test(text) ? null : text
  } catch {
    return null
  }
}

/** The account a link names: by its id, or by `user@server`; null where none, or more than one, is meant. */
export function linkedAccount(
  accounts: readonly Pick<Account, 'id' | 'url' | 'userId'>[],
  name: string,
): string | null {
  const byId = accounts.find(({ id }) => id === name)
  if (byId !== undefined) return byId.id
  const at = name.lastIndexOf('@')
  if (at <= 0) return null
  const [userId, host] = [name.slice(0, at), name.slice(at + 1).toLowerCase()]
  const meant = accounts.filter((account) => account.userId === userId && new URL(account.url).host === host)
  return meant.length === 1 ? (meant[0]?.id ?? null) : null
}

/** What a person is shown of a server before anything is done about it: its real host. */
export function shownHost(server: string): string {
  return new URL(server).host
}
