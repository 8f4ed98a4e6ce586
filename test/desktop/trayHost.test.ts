/** The probe for a tray host, on a real bus. */
import { Variant } from '@jellybrick/dbus-next'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SessionBus, openSessionBus } from '#electron/adapters/dbus/sessionBus.ts'
import { type TrayHost, watchTrayHost } from '#electron/adapters/tray/trayHost.ts'
import { type OwnService, startService } from './ownService.ts'
import { type DesktopSession, desktopPrograms, missingPrograms, skippedTitle, startDesktopSession } from './session.ts'

const missing = missingPrograms(desktopPrograms)
const name = 'org.kde.StatusNotifierWatcher'
const at = { path: '/StatusNotifierWatcher', interface: name }
const quiet = { info: () => {}, warn: () => {}, error: () => {} }

describe.skipIf(missing !== null)(`a tray host${skippedTitle(missing)}`, () => {
  let session: DesktopSession
  let bus: SessionBus
  let host: TrayHost
  let told: boolean[]
  let registered: boolean

  beforeEach(async () => {
    session = await startDesktopSession()
    told = []
    registered = true
  })
  afterEach(async () => {
    host.dispose()
    bus.dispose()
    await session.stop()
  })

  async function watch(): Promise<void> {
    const opened = await openSessionBus({ log: quiet, address: session.address })
    if (opened === null) throw new Error('no bus')
    bus = opened
    host = watchTrayHost(bus, (present) => told.push(present))
  }
  function startWatcher(): Promise<OwnService> {
    return startService({
      address: session.address,
      name,
      onCall: (call) =>
        call.member === 'Get' && call.body[1] === 'IsStatusNotifierHostRegistered'
          ? call.answer('v', new Variant('b', registered))
          : call.refuse('org.freedesktop.DBus.Error.UnknownMethod'),
    })
  }

  it('is there where icons are watched and shown', async () => {
    const watcher = await startWatcher()
    await watch()
    expect(host.present).toBe(false)
    await expect.poll(() => told).toEqual([true])
    expect(host.present).toBe(true)
    await watcher.stop()
  })

  it('is not there on a desktop without a watcher', async () => {
    await watch()
    await expect.poll(() => told).toEqual([false])
  })

  it('is not there where icons are watched and nobody shows them, and comes with who does', async () => {
    registered = false
    const watcher = await startWatcher()
    await watch()
    await expect.poll(() => told).toEqual([false])
    registered = true
    watcher.signal(at, 'StatusNotifierHostRegistered', '')
    await expect.poll(() => told).toEqual([false, true])
    registered = false
    watcher.signal(at, 'StatusNotifierHostUnregistered', '')
    await expect.poll(() => told).toEqual([false, true, false])
    await watcher.stop()
  })

  it('goes with its watcher and comes back with the next', async () => {
    const first = await startWatcher()
    await watch()
    await expect.poll(() => told).toEqual([true])
    await first.stop()
    await expect.poll(() => told).toEqual([true, false])
    const second = await startWatcher()
    await expect.poll(() => told).toEqual([true, false, true])
    await second.stop()
  })

  it('is gone with the bus', async () => {
    await startWatcher()
    await watch()
    await expect.poll(() => told).toEqual([true])
    await session.stop()
    await expect.poll(() => told).toEqual([true, false])
  })

  it('tells nothing after it was let go', async () => {
    const watcher = await startWatcher()
    await watch()
    await expect.poll(() => told).toEqual([true])
    host.dispose()
    await watcher.stop()
    await expect
      .poll(() =>
        bus.call({
          destination: 'org.freedesktop.DBus',
          path: '/',
          interface: 'org.freedesktop.DBus',
          member: 'NameHasOwner',
          signature: 's',
          body: [name],
        }),
      )
      .toEqual([false])
    expect(told).toEqual([true])
  })
})
