/** Reads an Electron program's fuses back, as @electron/fuses finds them in its bytes. */
import { toolPath } from '../../build/scripts/run.ts'
import { outputOf } from './packages.ts'

/** What every package's fuses are. */
export const expectedFuses = [
  'RunAsNode Disabled',
  'EnableCookieEncryption Enabled',
  'EnableNodeOptionsEnvironmentVariable Disabled',
  'EnableNodeCliInspectArguments Disabled',
  'EnableEmbeddedAsarIntegrityValidation Enabled',
  'OnlyLoadAppFromAsar Enabled',
  'LoadBrowserProcessSpecificV8Snapshot Disabled',
  'GrantFileProtocolExtraPrivileges Disabled',
]

/** The fuses that have a name, with their state, in order. */
export function readFuses(program: string): string[] {
  const said = outputOf(process.execPath, [toolPath('@electron/fuses', 'electron-fuses'), 'read', '--app', program])
  const plain = said.replace(/\p{Cc}\[\d+m/gu, '')
  return [...plain.matchAll(/^ +([A-Z]\w+) is (\w+)$/gm)].map(([, name, state]) => `${name} ${state}`)
}
