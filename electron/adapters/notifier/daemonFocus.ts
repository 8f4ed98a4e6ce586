/**
 * Whether the desktop asks for silence, where its notification daemon says: `Inhibited` of Plasma and those after it,
 * `paused` of dunst. Others keep it to themselves.
 */
import type { Disposable } from '#common/base/disposable.ts'
import type { SessionBus } from '../dbus/sessionBus.ts'

const service = { destination: 'org.freedesktop.Notifications', path: '/org/freedesktop/Notifications' } as const
const properties = 'org.freedesktop.DBus.Properties'

const saying = [
  { interface: 'org.freedesktop.Notifications', name: 'Inhibited' },
  { interface: 'org.dunstproject.cmd0', name: 'paused' },
] as const

export interface DaemonFocus extends Disposable {
  /** Null: the daemon does not say. */
  readonly active: boolean | null
}

/** Of the daemon with that unique name, as long as it lives. */
export function watchDaemonFocus(bus: SessionBus, owner: string): DaemonFocus {
  const values = new Map<string, boolean>()
  let disposed = false

  const take = (name: string, variant: unknown): void => {
    const value = valueOf(variant)
    if (typeof value === 'boolean' && !disposed) values.set(name, value)
  }
  const read = ({ interface: from, name }: (typeof saying)[number]): void => {
    bus
      .call({
        ...service,
        interface: properties,
        member: 'Get',
        signature: 'ss',
        body: [from, name],
        noAutoStart: true,
      })
      .then(([variant]) => take(name, variant))
      // Most daemons have neither.
      .catch(() => values.delete(name))
  }

  const signals = bus.onSignal({ path: service.path, interface: properties }, ({ sender, member, body }) => {
    if (sender !== owner || member !== 'PropertiesChanged') return
    const [from, changed, invalidated] = body
    for (const said of saying) {
      if (said.interface !== from) continue
      if (typeof changed === 'object' && changed !== null && Object.hasOwn(changed, said.name))
        take(said.name, Reflect.get(changed, said.name))
      if (Array.isArray(invalidated) && invalidated.includes(said.name)) read(said)
    }
  })
  for (const said of saying) read(said)

  return {
    get active() {
      return values.size === 0 ? null : [...values.values()].includes(true)
    },
    dispose: () => {
      disposed = true
      signals.dispose()
    },
  }
}

function valueOf(variant: unknown): unknown {
  return typeof variant === 'object' && variant !== null && 'value' in variant ? variant.value : undefined
}
