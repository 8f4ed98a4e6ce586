/** Where new versions come from, if this program renews itself at all: written into it when it was packed. */
import type { App } from 'electron'
import { accessSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { ManagedConfig } from '#common/contract/managedConfig.ts'
import type { NoUpdateReason } from '#common/domain/update.ts'
import { type UpdateKind, updateKind } from '#electron/adapters/updater/updateSource.ts'
import { isLoopback } from '#electron/core/address.ts'

export interface UpdateSetup {
  readonly kind: UpdateKind
  readonly feed: string
  readonly publicKey: string
}

const packedSchema = v.object({ update: v.object({ feed: v.string(), publicKey: v.string() }) })

/** `managed`: the administrator may turn updates off, or name a mirror; what is signed stays signed. */
export function updateSetup(
  app: Pick<App, 'isPackaged' | 'getAppPath'>,
  managed: ManagedConfig['updates'],
): UpdateSetup | NoUpdateReason {
  const { platform, env, execPath } = process
  const isFromStore = process.windowsStore === true || process.mas === true
  const kind = updateKind({ platform, isPackaged: app.isPackaged, isFromStore, execPath, env, access: accessSync })
  if (kind !== 'appImage' && kind !== 'installer' && kind !== 'bundle') return kind
  if (managed === false) return 'administrator'
  const packed = packedUpdate(app.getAppPath())
  if (packed === null) return 'noFeed'
  const feed = typeof managed === 'object' ? managed.feed : packed.feed
  return isSafe(feed) ? { kind, feed, publicKey: packed.publicKey } : 'noFeed'
}

function packedUpdate(appPath: string): v.InferOutput<typeof packedSchema>['update'] | null {
  const text = readFileSync(join(appPath, 'package.json'), 'utf8')
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), packedSchema), text)
  return parsed.success ? parsed.output.update : null
}

function isSafe(feed: string): boolean {
  if (!URL.canParse(feed)) return false
  const { protocol, hostname } = new URL(feed)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}
