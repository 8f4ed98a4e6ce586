/**
 * `app-media://<account>/<message>`: the picture that a message shows. The address names a row and nothing else; where
 * its bytes come from is decided by the row. It must never serve anything that is not a picture by its own bytes.
 */
import { protocol } from 'electron'
import type { Disposable } from '#common/base/disposable.ts'
import type { Result } from '#common/base/result.ts'
import type { Picture } from '#electron/core/attachments/media.ts'
import type { Log } from '#electron/core/ports/platform.ts'

export const mediaScheme = 'app-media'

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

export function serveMedia(open: OpenPicture, log: Log): Disposable {
  protocol.handle(mediaScheme, async (request) => {
    try {
      return await answerMedia(request, open)
    } catch (error) {
      log.warn('picture not served', { error: String(error) })
      return new Response('not available', { status: 500 })
    }
  })
  return { dispose: () => protocol.unhandle(mediaScheme) }
}
