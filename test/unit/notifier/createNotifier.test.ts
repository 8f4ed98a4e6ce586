/** Which way to notify is taken; the one over the session bus is in test/desktop. */
import { expect, it, vi } from 'vitest'
import { createNotifier } from '#electron/adapters/notifier/createNotifier.ts'

const shown = vi.hoisted((): string[] => [])

vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events')
  class Notification extends EventEmitter {
    readonly id = ''
    readonly groupId = ''
    readonly #title: string
    constructor({ title }: { title: string }) {
      super()
      this.#title = title
    }
    show(): void {
      shown.push(this.#title)
    }
    close(): void {
      shown.splice(shown.indexOf(this.#title), 1)
    }
    static isSupported(): boolean {
      return true
    }
  }
  return { Notification }
})

it.each([
  ['a Linux without a session bus', 'linux'] as const,
  ['Windows', 'win32'] as const,
  ['macOS', 'darwin'] as const,
])('on %s notifications are Electron’s', async (_what, platform) => {
  const logged: string[] = []
  const note = (message: string): void => void logged.push(message)
  const notifier = await createNotifier({
    platform,
    locale: () => 'en',
    log: { info: note, warn: note, error: note },
    busAddress: 'unix:path=/nonexistent/bus',
  })
  notifier.show({
    key: 'k',
    title: platform,
    body: '',
    sound: false,
    urgency: 'normal',
    lasting: false,
    actions: [],
    reply: null,
  })
  expect(shown).toContain(platform)
  expect(notifier.trouble).toBeNull()
  // Only Linux looks for a bus.
  expect(logged).toEqual(platform === 'linux' ? ['the session bus is not there'] : [])
  notifier.withdraw('k')
  expect(shown).not.toContain(platform)
  notifier.dispose()
})
