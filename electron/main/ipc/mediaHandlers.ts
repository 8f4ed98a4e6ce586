/** Handlers of what is done with the files of messages: looked through, fetched, saved, copied, opened, shown. */
import type { WebContents } from 'electron'
import { copyFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { Attachments } from '#electron/core/attachments/attachments.ts'
import { fileNameOf, mayRun } from '#electron/core/attachments/fileName.ts'
import { readHead } from '../fileHead.ts'
import type { Handlers } from './router.ts'

/** What the system does for files. */
export interface Desktop {
  /** The place the user chose for a file of that name, or null. */
  choosePlace(sender: WebContents, name: string): Promise<string | null>
  /** Whether the user wishes to open a file that may run something. */
  confirmOpening(sender: WebContents, name: string): Promise<boolean>
  /** False where no program takes it. */
  open(path: string): Promise<boolean>
  show(path: string): void
  copyPicture(bytes: Uint8Array): Promise<void>
}

export interface MediaHandlersOptions {
  readonly accounts: Pick<Accounts, 'session' | 'attachments'>
  readonly desktop: Desktop
}

type Names =
  'media.list' | 'media.save' | 'media.copy' | 'download.list' | 'download.act' | 'download.open' | 'download.show'

const done: Result<Record<string, never>> = ok({})

export function createMediaHandlers({ accounts, desktop }: MediaHandlersOptions): Pick<Handlers, Names> {
  const withFiles = async <T>(
    accountId: string,
    run: (files: Attachments) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const files = accounts.attachments(accountId)
    return files.ok ? run(files.value) : files
  }

  async function save(accountId: string, messageId: number, sender: WebContents): Promise<Result<{ saved: boolean }>> {
    const session = accounts.session(accountId)
    if (!session.ok) return session
    const message = await session.value.store.message(messageId)
    if (message === null || message.deleted) return fail('message.unknown')
    return withFiles(accountId, async ({ pictures, downloads }) => {
      if (message.content.kind === 'image') {
        const picture = await pictures.open(messageId)
        if (!picture.ok) return picture
        const { bytes } = picture.value
        const place = await desktop.choosePlace(sender, fileNameOf(message, bytes))
        return place === null ? ok({ saved: false }) : written(() => writeFile(place, bytes))
      }
      const place = await desktop.choosePlace(sender, fileNameOf(message))
      if (place === null) return ok({ saved: false })
      const path = await downloads.whole(messageId)
      return path.ok ? written(() => copyFile(path.value, place)) : path
    })
  }

  return {
    'media.list': async ({ accountId, conversationId, ...request }) => {
      const session = accounts.session(accountId)
      return session.ok ? session.value.store.media(conversationId, request) : session
    },
    'media.save': ({ accountId, messageId }, sender) => save(accountId, messageId, sender),
    'media.copy': ({ accountId, messageId }) =>
      withFiles(accountId, async ({ pictures }) => {
        const picture = await pictures.open(messageId)
        if (!picture.ok) return picture
        await desktop.copyPicture(picture.value.bytes)
        return done
      }),
    'download.list': ({ accountId }) =>
      withFiles(accountId, ({ downloads }) => Promise.resolve(ok({ downloads: [...downloads.list()] }))),
    'download.act': ({ accountId, messageId, act }) =>
      withFiles(accountId, async ({ downloads }) => {
        if (act === 'fetch') return downloads.fetch(messageId)
        if (act === 'pause') downloads.pause(messageId)
        else await downloads.cancel(messageId)
        return done
      }),
    'download.open': ({ accountId, messageId }, sender) =>
      withFiles<{ opened: boolean }>(accountId, async ({ downloads }) => {
        const path = await downloads.path(messageId)
        if (path === null) return fail('attachment.gone')
        const name = basename(path)
        if (mayRun(name, (await readHead(path)).head) && !(await desktop.confirmOpening(sender, name)))
          return ok({ opened: false })
        return (await desktop.open(path)) ? ok({ opened: true }) : fail('attachment.noProgram')
      }),
    'download.show': ({ accountId, messageId }) =>
      withFiles(accountId, async ({ downloads }) => {
        const path = await downloads.path(messageId)
        if (path === null) return fail('attachment.gone')
        desktop.show(path)
        return done
      }),
  }
}

async function written(write: () => Promise<void>): Promise<Result<{ saved: boolean }>> {
  try {
    await write()
    return ok({ saved: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return fail(code === 'ENOSPC' ? 'storage.full' : 'attachment.notSaved', code)
  }
}
