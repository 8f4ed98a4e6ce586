/** `app.commandLine`: Chromium's reading of the switches the app was started with. */
import type { CommandLine as ElectronCommandLine } from 'electron'
import { type Emulated, strictObject } from './strict.ts'

export type CommandLine = ReturnType<typeof createCommandLine>

/** `args` are the arguments after the app's path. `--` ends the switches. Names are case-insensitive, the last wins. */
export function createCommandLine(args: readonly string[]) {
  const switches = new Map<string, string>()
  const appended: string[] = []
  for (const arg of args) {
    if (arg === '--') break
    const [, name, value = ''] = /^--?([^=]+)(?:=([^]*))?$/.exec(arg) ?? []
    if (name) switches.set(name.toLowerCase(), value)
  }
  const commandLine = strictObject('app.commandLine', {
    hasSwitch: (name: string) => switches.has(name.toLowerCase()),
    getSwitchValue: (name: string) => switches.get(name.toLowerCase()) ?? '',
    appendSwitch(name: string, value = ''): void {
      switches.set(name.toLowerCase(), value)
      appended.push(value ? `${name}=${value}` : name)
    },
    appendArgument(value: string): void {
      appended.push(value)
    },
    removeSwitch(name: string): void {
      switches.delete(name.toLowerCase())
    },
  } satisfies Emulated<ElectronCommandLine>)
  return { commandLine, appended }
}
