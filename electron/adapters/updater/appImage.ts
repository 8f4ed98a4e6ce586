/**
 * Renews an AppImage. The library would remove the old file before the new one is in its place, and give that another
 * name: a full disk would leave nothing to start, and what starts with the system would find nothing.
 *
 * Promises: at every moment there is a whole program under the old name.
 */
import { spawn } from 'node:child_process'
import { chmodSync, closeSync, copyFileSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppImageUpdater } from 'electron-updater'
import { UpdateError } from './updateError.ts'

export class AtomicAppImageUpdater extends AppImageUpdater {
  protected override doInstall({ isForceRunAfter }: { readonly isForceRunAfter: boolean }): boolean {
    const image = process.env['APPIMAGE']
    const fetched = this.installerPath
    if (image === undefined || fetched === null) throw new UpdateError('update.notInstalled', 'no image')
    replaceFile(image, fetched)
    rmSync(fetched, { force: true })
    if (isForceRunAfter) startImage(image)
    return true
  }
}

/** `fetched` may lie on another disk. */
function replaceFile(file: string, fetched: string): void {
  const beside = join(dirname(file), `.${basename(file)}.new`)
  try {
    copyFileSync(fetched, beside)
    chmodSync(beside, 0o755)
    const descriptor = openSync(beside, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(beside, file)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** As a user starts it: without what the mounted image of this version put into the environment. */
function startImage(image: string): void {
  const { APPDIR, APPIMAGE, ARGV0, OWD, ...env } = process.env
  const child = spawn(image, [], { env, detached: true, stdio: 'ignore', ...(OWD === undefined ? {} : { cwd: OWD }) })
  // Said nowhere but here: this program is about to end.
  child.on('error', () => undefined)
  child.unref()
}
