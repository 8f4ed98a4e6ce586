import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCommandLine } from '../../host/electron/commandLine.ts'
import { createLifecycle } from '../../host/electron/lifecycle.ts'
import { createSchemeMap } from '../../host/electron/schemeMap.ts'
import { emitterBase } from '../../host/electron/strict.ts'
import { createCodec } from '../../host/inPage/codec.ts'
import { EventEmitter } from 'node:events'

describe('the codec', () => {
  const { encode, decode } = createCodec()

  it('returns what structured clone would, for anything', () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
    })
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toEqual(structuredClone(value))
      }),
      { numRuns: 500 },
    )
  })

  it('keeps shared references and cycles', () => {
    const shared = { a: 1 }
    const cyclic: unknown[] = [shared, shared, new Map([[shared, new Error('e', { cause: shared })]])]
    cyclic.push(cyclic)
    const back = decode(encode(cyclic)) as [object, object, Map<object, Error>, unknown]
    expect(back[0]).toBe(back[1])
    expect(back[3]).toBe(back)
    expect([...back[2].keys()][0]).toBe(back[0])
    expect([...back[2].values()][0]?.cause).toBe(back[0])
  })

  it('treats __proto__ as data', () => {
    const back = decode(encode(JSON.parse('{"__proto__":{"polluted":true}}'))) as object
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(Object.hasOwn(back, '__proto__')).toBe(true)
  })

  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a promise', Promise.resolve()],
    ['a weak set', new WeakSet()],
  ])('refuses %s, however deep', (_what, value) => {
    expect(() => encode({ deep: [new Map([[1, value]])] })).toThrow('An object could not be cloned.')
  })
})

describe('the command line', () => {
  it('reads switches as Chromium does', () => {
    const { commandLine } = createCommandLine([
      '--lang=en',
      '--Hidden',
      '--empty=',
      '--url=a=b',
      'godwit://x',
      '--',
      '--not',
    ])
    expect(commandLine.getSwitchValue('lang')).toBe('en')
    expect(commandLine.hasSwitch('hidden')).toBe(true)
    expect([commandLine.hasSwitch('empty'), commandLine.getSwitchValue('empty')]).toEqual([true, ''])
    expect(commandLine.getSwitchValue('url')).toBe('a=b')
    expect([commandLine.hasSwitch('not'), commandLine.getSwitchValue('absent')]).toEqual([false, ''])
  })
})

describe('the scheme map', () => {
  const map = createSchemeMap()
  map.register('app', { standard: true })
  map.register('app-media', { secure: true })

  it.each([
    ['app://godwit/index.html?a#b', 'https://godwit.app.scheme.invalid/index.html?a#b'],
    ['app://godwit/', 'https://godwit.app.scheme.invalid/'],
    ['app-media://store/1', 'app-media://store/1'],
    ['https://example.org/', 'https://example.org/'],
  ])('takes %s there and back', (appUrl, chromiumUrl) => {
    expect(map.toChromium(appUrl)).toBe(chromiumUrl)
    expect(map.toApp(chromiumUrl)).toBe(appUrl)
  })

  it('translates origins, and nobody else’s look-alikes', () => {
    expect(map.toApp('https://godwit.app.scheme.invalid')).toBe('app://godwit')
    expect(map.toApp('https://godwit.other.scheme.invalid/')).toBe('https://godwit.other.scheme.invalid/')
    expect(map.toApp('https://godwit.app.scheme.invalid.example/')).toBe('https://godwit.app.scheme.invalid.example/')
  })

  it('widens a policy only by the app’s own scheme', () => {
    const policy = "default-src 'none'; script-src 'self' app://godwit; img-src app: app-media: https:"
    expect(map.policyToChromium(policy)).toBe(
      "default-src 'none'; script-src 'self' app://godwit https://godwit.app.scheme.invalid/; img-src app: https://*.app.scheme.invalid app-media: https:",
    )
  })
})

describe('a strict emitter', () => {
  it('works as an emitter and refuses what nobody wrote', () => {
    class Thing extends emitterBase('Thing') {
      #private = 1
      known(): number {
        return this.#private
      }
    }
    const thing = new Thing() as Thing & Record<string, unknown>
    let heard = 0
    thing.on('x', () => heard++)
    thing.emit('x')
    expect([thing.known(), heard]).toEqual([1, 1])
    expect(() => thing['unknown']).toThrow('host: electron.Thing.unknown is not emulated')
  })
})

describe('the lifecycle', () => {
  function setUp() {
    const app = new EventEmitter()
    const told: unknown[] = []
    for (const name of ['before-quit', 'will-quit', 'quit']) app.on(name, () => told.push(name))
    const ended: number[] = []
    const lifecycle = createLifecycle({ app: () => app, windows: () => [], shutDown: (code) => ended.push(code) })
    return { app, told, ended, lifecycle }
  }

  it('prevented in will-quit lets the app finish its work and quit again', () => {
    const { app, told, ended, lifecycle } = setUp()
    app.once('will-quit', (event: { preventDefault(): void }) => event.preventDefault())
    lifecycle.quit()
    expect([told, ended]).toEqual([['before-quit', 'will-quit'], []])
    lifecycle.quit()
    expect(told.slice(2)).toEqual(['before-quit', 'will-quit', 'quit'])
    expect(ended).toEqual([0])
  })

  it('is over once', () => {
    const { told, ended, lifecycle } = setUp()
    lifecycle.exit(3)
    lifecycle.quit()
    lifecycle.exit(4)
    expect([told, ended]).toEqual([['quit'], [3]])
  })
})
