import { describe, expect, it } from 'vitest'
import { Meter } from '#electron/core/meter.ts'
import { FakeTransport } from '#test/fakes/fakeTransport.ts'

describe('the meter', () => {
  it('knows nothing before the first call, then half and nearly all of the last ones', () => {
    const meter = new Meter()
    expect(meter.read()).toEqual({ framesIn: 0, framesOut: 0, calls: 0, p50Ms: null, p99Ms: null })
    for (let ms = 1; ms <= 100; ms++) meter.stored(ms)
    expect(meter.read()).toMatchObject({ calls: 100, p50Ms: 50, p99Ms: 99 })
  })

  it('forgets what was long ago, and never grows', () => {
    const meter = new Meter()
    for (let count = 0; count < 600; count++) meter.stored(1_000)
    for (let count = 0; count < 512; count++) meter.stored(2)
    expect(meter.read()).toMatchObject({ calls: 1_112, p50Ms: 2, p99Ms: 2 })
  })

  it('counts the frames of every link, and of what was not written none', () => {
    const meter = new Meter()
    const transport = new FakeTransport()
    const frames: string[] = []
    const link = meter.counted(transport).open(
      { url: 'ws://127.0.0.1/', connectHeaders: {}, heartbeat: { outgoingMs: 0, incomingMs: 0 }, connectTimeoutMs: 1 },
      {
        onOpen: () => undefined,
        onConnected: () => undefined,
        onFrame: ({ destination }) => frames.push(destination),
        onReceipt: () => undefined,
        onAlive: () => undefined,
        onEnd: () => undefined,
      },
    )
    transport.last.accept()
    transport.last.receive({ destination: '/a' })
    transport.last.receive({ destination: '/b' })
    const frame = { destination: '/app', headers: {}, body: '' }
    expect(link.send(frame, null)).toBe(true)
    transport.last.writable = false
    expect(link.send(frame, null)).toBe(false)
    expect(frames).toEqual(['/a', '/b'])
    expect(meter.read()).toMatchObject({ framesIn: 2, framesOut: 1 })
  })
})
