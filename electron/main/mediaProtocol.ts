/**
 * `app-media://<account>/<message>`: the picture that a message shows. The address names a row and nothing else; where
 * its bytes come from is decided by the row. It must never serve anything that is not a picture by its own bytes.
 */
import { protocol } from 'electron'
import type { Disposable } from '#common/base/disposable.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { type OpenPicture, answerMedia } from './pictureAnswer.ts'

export const mediaScheme = 'app-media'

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
