/** Which addresses files may be sent to and fetched from: encrypted ones, and those that stay on this machine. */
import type { Profile } from '#common/domain/account.ts'
import { isLoopback } from '../address.ts'

const maxAddressLength = 4000

/** The address in its normal form, or null for one that may not be used. `base` is what a relative one belongs to. */
export function fileAddress(text: string, base?: string): string | null {
  if (text === '' || text.length > maxAddressLength || !URL.canParse(text, base)) return null
  const url = new URL(text, base)
  if (url.username !== '' || url.password !== '' || url.hostname === '') return null
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return allowed ? url.href : null
}

/** Whether the address stays on this machine. */
export function staysHere(address: string): boolean {
  return URL.canParse(address) && isLoopback(new URL(address).hostname)
}

export interface UploadEndpoint {
  readonly url: string
  readonly field: string
  readonly responsePath: string
}

/** The place the account's profile names, or null when it names none that may be used. */
export function uploadEndpoint({ upload }: Pick<Profile, 'upload'>): UploadEndpoint | null {
  const url = upload === undefined ? null : fileAddress(upload.url)
  return upload === undefined || url === null ? null : { ...upload, url }
}
