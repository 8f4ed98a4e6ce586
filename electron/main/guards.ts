/**
 * What pages may not do. It owns the refusals — permissions, navigation, new windows, frames — and the one caller of
 * `shell.openExternal`. Everything is refused unless it is on a list here.
 */
import { type App, type Session, type WebContents, shell } from 'electron'
import type { Log } from '#electron/core/ports/platform.ts'
import { isExternalUrl, isOwnUrl } from './urls.ts'

const permissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/**
 * `mayListen`: whether the user lets our page use the microphone, now; the camera never. To be called again when that
 * has changed, for whoever keeps an answer.
 */
export function guardSession(session: Session, mayListen: () => boolean): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const { requestingUrl, isMainFrame } = details
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    const isSound = media.length > 0 && media.every((type) => type === 'audio')
    const isListed = permissions.has(permission) || (permission === 'media' && isMainFrame && isSound && mayListen())
    answer(isListed && isOwnUrl(requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, _origin, { requestingUrl, isMainFrame, mediaType }) => {
    const isListed = permissions.has(permission) || (permission === 'media' && mediaType === 'audio' && mayListen())
    return isListed && isMainFrame && requestingUrl !== undefined && isOwnUrl(requestingUrl)
  })
  session.setDevicePermissionHandler(() => false)
}

function guardContents(contents: WebContents, log: Log): void {
  const refuse = (event: { url: string; preventDefault(): void }): void => {
    if (isOwnUrl(event.url)) return
    event.preventDefault()
    log.warn('navigation refused')
  }
  contents.on('will-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnUrl(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternalUrl(url)) {
      shell
        .openExternal(new URL(url).href)
        .catch((error: unknown) => log.warn('link not opened', { error: String(error) }))
    } else log.warn('link refused')
    return { action: 'deny' }
  })
}

/** Every page that ever comes into being is guarded, whoever made it. */
export function guardAllContents(app: App, log: Log): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, log))
}
