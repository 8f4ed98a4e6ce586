/** A client in a process of its own before the rig's proxy, on the database that the rig's client of that user has. */
import { join } from 'node:path'
import type { Rig } from '../rig.ts'
import { type ClientProcess, type ClientProcessOptions, startProcess } from './child.ts'
import type { ProcessOptions } from './commands.ts'

export interface RigProcessOptions
  extends
    ClientProcessOptions,
    Partial<Pick<ProcessOptions, 'heartbeatMs' | 'speed' | 'inThread' | 'killAt' | 'forgetsRows'>> {}

export interface RigProcess {
  readonly process: ClientProcess
  readonly databaseFile: string
  /** Opens the database and connects; rejects where the process ends meanwhile. */
  start(): Promise<void>
}

/** The process is there and has not begun; it ends with the rig. */
export function rigProcess(rig: Rig, userId: string, options: RigProcessOptions = {}): RigProcess {
  const { under, ...more } = options
  const deviceId = `device-${userId}`
  const databaseFile = join(rig.dir, deviceId, 'messages.db')
  const process = startProcess(under === undefined ? {} : { under })
  rig.atEnd(() => process.dispose())
  const { server, proxy, dialect } = rig
  return {
    process,
    databaseFile,
    start: () =>
      process.start({
        ...more,
        dialect,
        userId,
        deviceId,
        url: proxy.through(server.url(dialect)),
        appKey: server.appKey,
        token: server.issueToken(userId, { deviceId }),
        databaseFile,
      }),
  }
}
