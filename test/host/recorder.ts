/**
 * What the app asked of the desktop, in order: links opened, menus popped up, switches set.
 *
 * The host never does such things for real; tests read them here.
 */
export interface RecordedCall {
  /** `shell.openExternal`, `app.setBadgeCount` … */
  name: string
  args: unknown[]
}

export interface Recorder {
  record(name: string, ...args: unknown[]): void
  /** All calls, or those with this name. */
  calls(name?: string): RecordedCall[]
  clear(): void
}

export function createRecorder(): Recorder {
  const calls: RecordedCall[] = []
  return {
    record: (name, ...args) => void calls.push({ name, args }),
    calls: (name) => calls.filter((call) => name === undefined || call.name === name),
    clear: () => void (calls.length = 0),
  }
}
