/** `shell`: recorded. Nothing is ever opened, shown or thrown away. */
import type { Shell as ElectronShell } from 'electron'
import type { Recorder } from '../recorder.ts'
import { type Emulated, strictObject } from './strict.ts'

export function createShell({ recorder }: { recorder: Recorder }) {
  return strictObject('shell', {
    async openExternal(url: string, options?: object): Promise<void> {
      recorder.record('shell.openExternal', url, options)
    },
    async openPath(path: string): Promise<string> {
      recorder.record('shell.openPath', path)
      return ''
    },
    showItemInFolder(path: string): void {
      recorder.record('shell.showItemInFolder', path)
    },
    async trashItem(path: string): Promise<void> {
      recorder.record('shell.trashItem', path)
    },
    beep(): void {
      recorder.record('shell.beep')
    },
  } satisfies Emulated<ElectronShell>)
}
