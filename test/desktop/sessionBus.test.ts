/** The connection to a session bus: what fails is told, and nothing of ours is told to others. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SessionBus, openSessionBus } from '#electron/adapters/dbus/sessionBus.ts'
import { type OwnService, type ServiceCall, startService } from './ownService.ts'
import { type DesktopSession, desktopPrograms, missingPrograms, skippedTitle, startDesktopSession } from './session.ts'

const missing = missingPrograms(desktopPrograms)
const name = 'org.godwit.Test'
const at = { path: '/test', interface: 'org.godwit.Test' }

describe.skipIf(missing !== null)(`a session bus${skippedTitle(missing)}`, () => {
  let session: DesktopSession
  let service: OwnService
  let bus: SessionBus
  let logged: string[]
  let onCall: (call: ServiceCall) => void

  beforeEach(async () => {
    session = await startDesktopSession({ activatable: true })
    onCall = (call) => call.answer('s', 'here')
    service = await startService({ address: session.address, name, onCall: (call) => onCall(call) })
    logged = []
    const note = (message: string, facts?: object): void =>
      void logged.push(`${message} ${JSON.stringify(facts ?? null)}`)
    const opened = await openSessionBus({ log: { info: note, warn: note, error: note }, address: session.address })
    if (opened === null) throw new Error('no bus')
    bus = opened
  })
  afterEach(async () => {
    bus.dispose()
    await session.stop()
  })
  const ask = (more: object = {}) => bus.call({ destination: name, ...at, member: 'Ask', ...more })

  it('carries calls and their answers', async () => {
    expect(await ask({ signature: 'su', body: ['words', 7] })).toEqual(['here'])
    expect(service.calls[0]).toMatchObject({ member: 'Ask', body: ['words', 7] })
  })

  it('tells a refusal by its name, without what it says', async () => {
    onCall = (call) => call.refuse('org.godwit.Error.No')
    await expect(ask()).rejects.toMatchObject({ name: 'org.godwit.Error.No', message: 'org.godwit.Error.No' })
  })

  it('refuses what cannot be written, and works on', async () => {
    await expect(ask({ signature: 'u', body: ['no number'] })).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.Failed',
    })
    expect(await ask()).toEqual(['here'])
  })

  it('starts nobody where that is not wanted', async () => {
    await expect(ask({ destination: 'org.freedesktop.Notifications', noAutoStart: true })).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.NameHasNoOwner',
    })
  })

  it('knows who could be started', async () => {
    expect(await bus.isActivatable('org.freedesktop.Notifications')).toBe(true)
    expect(await bus.isActivatable('org.godwit.Nobody')).toBe(false)
  })

  it('keeps a fault of a listener to itself: the other one hears, the sender is told nothing', async () => {
    const heard: unknown[] = []
    bus.onSignal(at, () => {
      throw new Error('a secret in a message')
    })
    bus.onSignal(at, ({ body }) => heard.push(...body))
    await ask()
    service.signal(at, 'Said', 's', 'words')
    await expect.poll(() => heard).toEqual(['words'])
    await ask()
    expect(logged).toEqual(['fault in a listener of the session bus {"error":"Error"}'])
    expect(session.transcript()).not.toContain('a secret')
  })

  it('hears nothing more once a listener is let go', async () => {
    const heard: unknown[] = []
    const listening = bus.onSignal(at, ({ body }) => heard.push(...body))
    const other = bus.onSignal(at, ({ body }) => heard.push('other', ...body))
    await ask()
    listening.dispose()
    listening.dispose()
    service.signal(at, 'Said', 's', 'words')
    await expect.poll(() => heard).toEqual(['other', 'words'])
    other.dispose()
  })

  it('tells who owns a name, now and after each change', async () => {
    const owners: (string | null)[] = []
    bus.watchOwner(name, (owner) => owners.push(owner))
    await expect.poll(() => owners).toEqual([expect.stringMatching(/^:/)])
    await service.stop()
    await expect.poll(() => owners.length).toBe(2)
    expect(owners[1]).toBeNull()
  })

  it('that goes ends every call, and says so once', async () => {
    let ends = 0
    bus.onEnd(() => (ends += 1))
    onCall = () => {}
    const waiting = ask()
    const outcome = expect(waiting).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.Disconnected' })
    await expect.poll(() => service.calls.length).toBe(1)
    await session.stop()
    await outcome
    await expect(ask()).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.Disconnected' })
    expect(ends).toBe(1)
  })

  it('that is left ends every call, and says nothing', async () => {
    let ends = 0
    bus.onEnd(() => (ends += 1))
    onCall = () => {}
    const outcome = expect(ask()).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.Disconnected' })
    await expect.poll(() => service.calls.length).toBe(1)
    bus.dispose()
    await outcome
    expect(ends).toBe(0)
  })

  it('that is not there is null', async () => {
    const log = { info: () => {}, warn: () => {}, error: () => {} }
    expect(await openSessionBus({ log, address: 'unix:path=/nonexistent/bus' })).toBeNull()
    expect(await openSessionBus({ log, address: 'nonsense' })).toBeNull()
  })
})
