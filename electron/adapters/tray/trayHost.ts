/**
 * Whether a tray icon of this Linux desktop would be seen: somebody watches for icons, and somebody shows them.
 *
 * Promises to tell again when either comes or goes. Must never be taken for a promise that the icon is there: the window
 * may hide only while this says true.
 */
import { DisposableStack, type Disposable } from '#common/base/disposable.ts'
import type { SessionBus } from '../dbus/sessionBus.ts'

export interface TrayHost extends Disposable {
  /** False until the first answer. */
  readonly present: boolean
}

const watcher = {
  destination: 'org.kde.StatusNotifierWatcher',
  path: '/StatusNotifierWatcher',
  interface: 'org.kde.StatusNotifierWatcher',
} as const

/** `onChange` is told the first answer, and then each change. */
export function watchTrayHost(bus: SessionBus, onChange: (present: boolean) => void): TrayHost {
  const scope = new DisposableStack()
  let present: boolean | null = null
  let owner: string | null = null
  let disposed = false
  /** Answers of before the last change count no more. */
  let round = 0

  const decide = (now: boolean): void => {
    if (disposed || present === now) return
    present = now
    onChange(now)
  }
  const ask = async (): Promise<void> => {
    const mine = ++round
    const registered = owner !== null && (await isHostRegistered(bus))
    if (mine === round) decide(registered)
  }
  const askAgain = (): void => {
    ask().catch(() => decide(false))
  }

  scope.add(
    bus.onSignal({ path: watcher.path, interface: watcher.interface }, ({ sender, member }) => {
      if (sender === owner && /^StatusNotifierHost(?:R|Unr)egistered$/.test(member)) askAgain()
    }),
  )
  scope.add(
    bus.watchOwner(watcher.destination, (now) => {
      owner = now
      askAgain()
    }),
  )
  scope.add(
    bus.onEnd(() => {
      round += 1
      decide(false)
    }),
  )

  return {
    get present() {
      return present ?? false
    },
    dispose: () => {
      disposed = true
      scope.dispose()
    },
  }
}

async function isHostRegistered(bus: SessionBus): Promise<boolean> {
  const [value] = await bus.call({
    destination: watcher.destination,
    path: watcher.path,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    body: [watcher.interface, 'IsStatusNotifierHostRegistered'],
    noAutoStart: true,
  })
  return typeof value === 'object' && value !== null && 'value' in value && value.value === true
}
