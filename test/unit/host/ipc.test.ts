import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FixtureApi, type StartedFixture, startFixture } from './fixture.ts'

let fixture: StartedFixture
beforeAll(async () => {
  fixture = await startFixture()
}, 60_000)
afterAll(() => fixture.dispose())

/** Runs in the page, with what the preload exposed. */
function inPage<T>(run: (api: FixtureApi) => T | Promise<T>): Promise<T> {
  return fixture.page.evaluate(`(${run.toString()})(globalThis.fixture)`) as Promise<T>
}

describe('values over ipcRenderer.invoke', () => {
  it('come back as the kinds structured clone keeps', async () => {
    const kinds = await inPage(async (api) => {
      const value = {
        big: 2n ** 64n,
        date: new Date(0),
        map: new Map([['a', { b: 1 }]]),
        set: new Set([1]),
        bytes: new Uint8Array([1, 2, 255]),
        floats: new Float64Array([0.5]),
        buffer: new Uint8Array([7]).buffer,
        pattern: /a/gi,
        error: new RangeError('far'),
        missing: undefined,
        nothing: null,
        numbers: [NaN, -0, Infinity],
        text: '\u{1F426} \u2028',
        __proto__: null,
      }
      const back = (await api.invoke('echo', value)) as typeof value
      return [
        back.big === value.big,
        back.date instanceof Date && back.date.getTime() === 0,
        back.map instanceof Map && back.map.get('a')?.b === 1,
        back.set instanceof Set && back.set.has(1),
        back.bytes instanceof Uint8Array && back.bytes.join() === '1,2,255',
        back.floats instanceof Float64Array && back.floats[0] === 0.5,
        back.buffer instanceof ArrayBuffer && back.buffer.byteLength === 1,
        String(back.pattern) === '/a/gi',
        back.error instanceof RangeError && back.error.message === 'far',
        'missing' in back && back.missing === undefined && back.nothing === null,
        Number.isNaN(back.numbers[0]) && Object.is(back.numbers[1], -0) && back.numbers[2] === Infinity,
        back.text === value.text,
      ]
    })
    expect(kinds).toEqual(Array.from({ length: 12 }, () => true))
  })

  it('reach the handler as these kinds, not as look-alikes', async () => {
    const kinds = await inPage((api) =>
      Promise.all([new Map(), new Date(), 1n, new Uint8Array(1), [1]].map((value) => api.invoke('describe', value))),
    )
    expect(kinds).toEqual(['[object Map]', '[object Date]', '[object BigInt]', '[object Uint8Array]', '[object Array]'])
  })

  it('keep cycles', async () => {
    const same = await inPage(async (api) => {
      const value: { self?: unknown } = {}
      value.self = value
      const back = (await api.invoke('echo', value)) as typeof value
      return back.self === back
    })
    expect(same).toBe(true)
  })

  it.each([
    ['a symbol', 'Symbol("s")'],
    ['a DOM node', 'document.body'],
    ['a WeakMap', 'new WeakMap()'],
    ['a proxy, such as Vue makes', 'new Proxy({ a: 1 }, {})'],
    ['data with a proxy inside', '({ list: [new Proxy({ a: 1 }, {})] })'],
    ['a function, which is refused by the wire even after the bridge has wrapped it', '() => 1'],
  ])('refuse %s', async (_what, expression) => {
    const refusal = fixture.page.evaluate(
      `(async () => fixture.invoke('echo', ${expression}))().catch((error) => error.message)`,
    )
    expect(await refusal).toBe('An object could not be cloned.')
  })

  it('carry 5 MiB in both directions', async () => {
    const length = await inPage(
      async (api) => ((await api.invoke('echo', new Uint8Array(5 * 1024 * 1024))) as Uint8Array).length,
    )
    expect(length).toBe(5 * 1024 * 1024)
  })
})

describe('the errors of a call', () => {
  it.each([
    ['fail', `Error invoking remote method 'fail': TypeError: refused, with reason`],
    ['nobody', `Error invoking remote method 'nobody': Error: No handler registered for 'nobody'`],
    ['uncloneable', `Error invoking remote method 'uncloneable': Error: An object could not be cloned.`],
  ])('read as Electron words them: %s', async (channel, message) => {
    await expect(fixture.invoke(channel)).rejects.toThrow(message)
  })
})

describe('messages', () => {
  it('sent from the page are answered through event.reply, in order', async () => {
    const heard = await inPage(
      (api) =>
        new Promise<unknown[]>((resolve) => {
          const texts: unknown[] = []
          const stop = api.listen('pong', (text) => {
            texts.push(text)
            if (texts.length < 50) return
            stop()
            resolve(texts)
          })
          for (let at = 0; at < 50; at++) api.send('ping', at)
        }),
    )
    expect(heard).toEqual(Array.from({ length: 50 }, (_, at) => at))
  })

  it('pushed by webContents.send arrive before the answer to the call that caused them', async () => {
    const order = await inPage(async (api) => {
      const seen: unknown[] = []
      const stop = api.listen('pushed', (value) => seen.push(value))
      await api.invoke('push', 'push')
      seen.push('answer')
      stop()
      return seen
    })
    expect(order).toEqual(['push', 'answer'])
  })
})

describe('the sender of a call', () => {
  it('is the main frame at its app:// address', async () => {
    expect(await fixture.invoke('sender')).toEqual({
      url: 'app://fixture/index.html',
      origin: 'app://fixture',
      isTop: true,
      isMainFrame: true,
      contentsUrl: 'app://fixture/index.html',
      isOurs: true,
    })
  })

  it('can be played by a test that forges another frame', async () => {
    const control = fixture.app.control()
    const [window] = await control.windows()
    const frame = { url: 'https://evil.example/x', origin: 'https://evil.example', child: true }
    await expect(control.invokeAs(window?.id ?? 0, frame, 'sender', [])).resolves.toMatchObject({
      url: 'https://evil.example/x',
      isTop: false,
      isMainFrame: false,
    })
  })
})

describe('the bridge between preload and page', () => {
  it('is there before the page’s first script, and is all that is there', async () => {
    const seen = await fixture.page.evaluate(() => seenAtStart)
    expect(seen).toEqual({ api: 'object', fromPreload: 'undefined', require: 'undefined' })
  })

  it('freezes what it exposes', async () => {
    const frozen = await inPage((api) => [Object.isFrozen(api), Object.isFrozen(api.numbers)])
    expect(frozen).toEqual([true, true])
  })

  it('answers synchronously, follows promises, and passes functions both ways', async () => {
    const values = await inPage(async (api) => [
      api.sync({ a: [1] }),
      await api.later('later'),
      (api.sync((x: number) => x + 1) as (x: number) => number)(41),
    ])
    expect(values).toEqual([{ a: [1] }, 'later', 42])
  })

  it('keeps of an error only its message', async () => {
    const error = await inPage((api) => {
      try {
        api.throws()
        return null
      } catch (caught) {
        return { name: (caught as Error).name, message: (caught as Error).message }
      }
    })
    expect(error).toEqual({ name: 'Error', message: 'thrown in the preload' })
  })
})

describe('a sandboxed preload', () => {
  it('has Electron’s small process and no Node', async () => {
    const sandbox = await inPage((api) => api.sandbox)
    expect(sandbox).toMatchObject({
      platform: process.platform,
      sandboxed: true,
      isolated: true,
      requireFs: 'module not found: fs',
      rebind: 'Cannot bind an API on top of an existing property on the window object',
    })
  })

  it('is told by name what the host does not emulate', async () => {
    const sandbox = await inPage((api) => api.sandbox)
    expect(sandbox).toMatchObject({
      unknownMember: 'host: ipcRenderer.sendSync is not emulated',
      unknownModule: 'host: electron.desktopCapturer is not emulated',
    })
  })
})
