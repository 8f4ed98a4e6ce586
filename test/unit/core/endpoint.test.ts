import { beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '#common/base/errors.ts'
import { appError } from '#common/base/errors.ts'
import type { Profile } from '#common/domain/account.ts'
import { createEndpoint, wayFrom } from '#electron/core/endpoint.ts'
import type { Link, LinkEnd, Way } from '#electron/core/ports/transport.ts'
import { ways } from '#electron/core/ports/transport.ts'
import { heldWay, storedWay } from '#electron/core/wayMemory.ts'
import { FakeTransport } from '#test/fakes/fakeTransport.ts'

let transport: FakeTransport
let memory: ReturnType<typeof heldWay>
let calls: string[]
let ends: LinkEnd[]

beforeEach(() => {
  transport = new FakeTransport()
  memory = heldWay()
  calls = []
  ends = []
})

function open(fixed?: Profile['transport']): Link {
  return createEndpoint({ transport, memory, fixed }).open(
    { url: 'wss://server/ws', connectHeaders: {}, heartbeat: { outgoingMs: 0, incomingMs: 0 }, connectTimeoutMs: 7 },
    {
      onOpen: () => calls.push('open'),
      onConnected: () => calls.push('connected'),
      onFrame: () => calls.push('frame'),
      onReceipt: (id) => calls.push(`receipt ${id}`),
      onAlive: () => calls.push('alive'),
      onEnd: (end) => {
        calls.push('end')
        ends.push(end)
      },
    },
  )
}

const tried = (): (Way | undefined)[] => transport.links.map(({ options }) => options.way)

describe('the ways to an endpoint', () => {
  it('are tried best first, each on a link of its own with a time-out of its own, until one leads there', () => {
    open()
    for (let failed = 0; failed < ways.length - 1; failed++) transport.last.endNotOffered('way')
    transport.last.accept()
    expect(tried()).toEqual(ways)
    expect(transport.links.every(({ options }) => options.connectTimeoutMs === 7)).toBe(true)
    expect(calls).toEqual(['open', 'connected'])
    expect(memory.way).toBe('sockJsPolling')
  })

  it('end with what the best of them said when none is offered', () => {
    open()
    transport.last.endNotOffered('way', 'link.httpUnexpected')
    while (ends.length === 0) transport.last.endNotOffered('way')
    expect(tried()).toEqual(ways)
    expect(ends.map(({ problem }) => problem.code)).toEqual(['link.httpUnexpected'])
    expect(memory.way).toBeNull()
  })

  it.each<ErrorCode>([
    'link.refused',
    'link.notFound',
    'link.tlsUntrusted',
    'link.httpForbidden',
    'link.httpTooMany',
    'link.proxy',
    'session.unauthorized',
  ])('are not searched further after %s, whichever way it came', (code) => {
    open()
    transport.last.endNotOffered('way')
    transport.last.end(code, null, 3_000)
    expect(tried()).toEqual(['webSocket', 'webSocketPath'])
    expect(ends).toEqual([{ problem: appError(code), serverError: null, retryAfterMs: 3_000 }])
  })

  it('over WebSocket are all left out where nothing passes WebSockets on', () => {
    open()
    transport.last.endNotOffered('webSockets', 'link.timedOut')
    transport.last.endNotOffered('way')
    expect(tried()).toEqual(['webSocket', 'sockJsStreaming', 'sockJsPolling'])
  })

  it('of SockJS are all left out where there is no SockJS', () => {
    open()
    transport.last.endNotOffered('way')
    transport.last.endNotOffered('way')
    transport.last.endNotOffered('sockJs')
    expect(tried()).toEqual(['webSocket', 'webSocketPath', 'sockJsWebSocket'])
    expect(ends).toHaveLength(1)
  })

  it.each([
    ['websocket' as const, ['webSocket', 'webSocketPath']],
    ['sockjs' as const, ['sockJsWebSocket', 'sockJsStreaming', 'sockJsPolling']],
  ])('stay within what the profile fixes: %s', (fixed, expected) => {
    memory.remember(fixed === 'sockjs' ? 'webSocket' : 'sockJsPolling')
    open(fixed)
    while (ends.length === 0) transport.last.endNotOffered('way')
    expect(tried()).toEqual(expected)
  })

  it('begin with the one that led there last time', () => {
    memory.remember('sockJsStreaming')
    open()
    transport.last.accept()
    expect(tried()).toEqual(['sockJsStreaming'])
  })

  it('are searched anew, best first and within the same attempt, when the one remembered is not offered any more', () => {
    memory.remember('sockJsWebSocket')
    open()
    transport.last.endNotOffered('way')
    expect(memory.way).toBeNull()
    transport.last.accept()
    expect(tried()).toEqual(['sockJsWebSocket', 'webSocket'])
    expect(memory.way).toBe('webSocket')
  })

  it('keep the one remembered through a failure that says nothing about it', () => {
    memory.remember('sockJsPolling')
    open()
    transport.last.end('link.refused')
    expect(memory.way).toBe('sockJsPolling')
    expect(ends).toHaveLength(1)
  })

  it('hand over to the link that stands', () => {
    const link = open()
    transport.last.endNotOffered('way')
    transport.last.accept()
    const standing = transport.last
    link.subscribe('a', '/queue/a')
    link.pause()
    link.ping()
    expect(link.send({ destination: '/app/x', headers: {}, body: '' }, null)).toBe(true)
    standing.receive({})
    standing.listener.onReceipt('r1')
    standing.listener.onAlive()
    expect(standing).toMatchObject({ pings: 1, paused: true })
    expect([...standing.subscriptions]).toEqual([['a', '/queue/a']])
    link.unsubscribe('a')
    link.resume()
    expect(standing).toMatchObject({ paused: false, subscriptions: new Map() })
    link.close()
    expect(calls).toEqual(['open', 'connected', 'frame', 'receipt r1', 'alive', 'end'])
  })

  it('are not searched any further once the attempt is dropped', () => {
    const link = open()
    transport.last.endNotOffered('way')
    link.drop(appError('link.offline'))
    expect(tried()).toHaveLength(2)
    expect(ends.map(({ problem }) => problem.code)).toEqual(['link.offline'])
  })
})

describe('the memory of a way', () => {
  function stored() {
    const state = new Map<string, string>()
    const warnings: string[] = []
    const store = {
      readState: (key: string) => state.get(key) ?? null,
      writeState: (key: string, json: string) => void state.set(key, json),
      removeState: (key: string) => void state.delete(key),
    }
    return { state, warnings, store, log: { warn: (message: string) => void warnings.push(message) } }
  }

  it('belongs to one account and leaves nothing when it is forgotten', () => {
    const { state, store, log } = stored()
    storedWay(store, log, 'a').remember('sockJsPolling')
    expect(storedWay(store, log, 'a').recall()).toBe('sockJsPolling')
    expect(storedWay(store, log, 'b').recall()).toBeNull()
    storedWay(store, log, 'a').remember(null)
    expect(state.size).toBe(0)
  })

  it('believes no word it does not know', () => {
    const { state, store, log } = stored()
    for (const json of ['"carrierPigeon"', '{', '7', 'null']) {
      state.set('way:a', json)
      expect(storedWay(store, log, 'a').recall()).toBeNull()
    }
    expect(wayFrom('webSocket')).toBe('webSocket')
  })

  it('costs nothing but itself when the database fails', () => {
    const { warnings, log } = stored()
    const fails = (): never => {
      throw new Error('storage.full')
    }
    const broken = storedWay({ readState: fails, writeState: fails, removeState: fails }, log, 'a')
    expect(broken.recall()).toBeNull()
    broken.remember('webSocket')
    broken.remember(null)
    expect(warnings).toHaveLength(3)
  })
})
