import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { addressPeriodMs, watchAddresses } from '#electron/adapters/network/watchAddresses.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'

const loopback = at('127.0.0.1', true)

function at(address: string, internal = false): NetworkInterfaceInfo {
  return { address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null }
}

function watch() {
  const clock = new FakeClock()
  const world = { addresses: [loopback, at('192.0.2.7')], broken: false }
  const heard: string[][] = []
  const watching = watchAddresses({
    clock,
    log: silentLog,
    onChanged: (addresses) => heard.push([...addresses]),
    read: () => {
      if (world.broken) throw new Error('not now')
      return { any: world.addresses }
    },
  })
  return { clock, world, heard, watching }
}

describe('the addresses of the machine', () => {
  it('are told when they are others, and only then', async () => {
    const { clock, world, heard } = watch()
    await clock.pass(10 * addressPeriodMs)
    expect(heard).toEqual([])
    world.addresses = [loopback]
    await clock.pass(2 * addressPeriodMs)
    expect(heard).toEqual([['127.0.0.1']])
    world.addresses = [at('10.0.0.1'), loopback]
    await clock.pass(2 * addressPeriodMs)
    expect(heard).toEqual([['127.0.0.1'], ['10.0.0.1', '127.0.0.1']])
  })

  it('may be listed in another order without being others', async () => {
    const { clock, world, heard } = watch()
    world.addresses = [at('192.0.2.7'), loopback, at('192.0.2.8')]
    await clock.pass(addressPeriodMs)
    world.addresses = [at('192.0.2.8'), loopback, at('192.0.2.7')]
    await clock.pass(addressPeriodMs)
    expect(heard).toHaveLength(1)
  })

  it('are asked for again when the system could not tell', async () => {
    const { clock, world, heard } = watch()
    world.broken = true
    await clock.pass(addressPeriodMs)
    world.broken = false
    world.addresses = [loopback, at('10.0.0.1')]
    await clock.pass(addressPeriodMs)
    expect(heard).toEqual([['127.0.0.1', '10.0.0.1']])
  })

  it('are watched no longer once disposed', () => {
    const { clock, watching } = watch()
    watching.dispose()
    expect(clock.pending).toBe(0)
  })
})
