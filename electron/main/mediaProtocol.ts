/**
 * `app-media://<account>/<message>`: the picture that a message shows; `app-media://<account>/file/<message>`: its sound
 * or video, once fetched. The address names a row and nothing else; where its bytes come from is decided by the row. It
 * must never serve anything that is not a picture, a sound or a video by its own bytes.
 */
import { protocol } from 'electron'
import type { Disposable } from '#common/base/disposable.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { type MediaSource, answerMedia } from './mediaAnswer.ts'

export const mediaScheme = 'app-media'

export function serveMedia(source: MediaSource, log: Log): Disposable {
  protocol.handle(mediaScheme, async (request) => {
    try {
      return await answerMedia(request, source)
    } catch (error) {
      log.warn('media not served', { error: String(error) })
      return new Response('not available', { status: 500 })
    }
  })
  return { dispose: () => protocol.unhandle(mediaScheme) }
}
