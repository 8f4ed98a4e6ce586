/** The answer to a request for a picture: which row an address names, and what goes back. */
import type { Result } from '#common/base/result.ts'
import type { Picture } from '#electron/core/attachments/media.ts'

export type OpenPicture = (accountId: string, messageId: number) => Promise<Result<Picture>>

/** The row an address names, or null for anything else. */
export function namedPicture(url: string): { readonly accountId: string; readonly messageId: number } | null {
  const [, accountId, digits] = /^app-media:\/\/([0-9a-f-]{36})\/([1-9]\d{0,14})$/.exec(url) ?? []
  return accountId === undefined || digits === undefined ? null : { accountId, messageId: Number(digits) }
}

export async function answerMedia(request: Pick<Request, 'method' | 'url'>, open: OpenPicture): Promise<Response> {
  const named = request.method === 'GET' ? namedPicture(request.url) : null
  if (named === null) return new Response('not found', { status: 404 })
  const opened = await open(named.accountId, named.messageId)
  if (!opened.ok) return new Response('not available', { status: 404 })
  const { bytes, mime } = opened.value
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': mime,
      'content-length': String(bytes.byteLength),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })
}
