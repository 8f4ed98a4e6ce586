import { describe, expect, it } from 'vitest'
import { isAllowed, isRefusedLiteral } from '#electron/adapters/http/addresses.ts'
import { createDownload } from '#electron/adapters/http/download.ts'
import type { DownloadRequest } from '#electron/core/ports/media.ts'
import { serve, straight } from './support.ts'

const get = (url: string, facts: Partial<DownloadRequest> & { stallMs?: number } = {}) => {
  const { stallMs = 5_000, ...request } = facts
  return createDownload({ ...straight, stallMs })({ url, maxBytes: 1000, allowLoopback: true, ...request })
}

describe('a download', () => {
  it('brings the bytes and tells the server nothing of the user', async () => {
    let seen: Record<string, unknown> = {}
    const origin = await serve((request, response) => {
      seen = request.headers
      response.end('picture')
    })
    const got = await get(`${origin}/1`).outcome
    expect(got.ok && Buffer.from(got.value).toString()).toBe('picture')
    expect(Object.keys(seen).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host'])
  })

  it('refuses what is larger than allowed, whether it is announced or not', async () => {
    const announced = await serve((_request, response) => void response.end('x'.repeat(1001)))
    const poured = await serve((_request, response) => {
      const pour = (): void => {
        while (response.write('x'.repeat(500)));
      }
      response.on('drain', pour)
      pour()
    })
    for (const url of [announced, poured]) {
      expect(await get(url).outcome).toMatchObject({
        ok: false,
        error: { code: 'attachment.notAvailable', detail: 'too big' },
      })
    }
    const exact = await serve((_request, response) => void response.end('x'.repeat(1000)))
    expect(await get(exact).outcome).toMatchObject({ ok: true })
  })

  it.each([404, 403, 500, 204])('refuses status %i', async (status) => {
    const origin = await serve((_request, response) => void response.writeHead(status).end())
    expect(await get(origin).outcome).toMatchObject({ ok: false, error: { detail: `HTTP ${status}` } })
  })

  it('follows a few redirects, and no circle', async () => {
    const origin = await serve((request, response) => {
      const hops = Number(request.url?.slice(1))
      if (hops === 0) response.end('there')
      else response.writeHead(302, { location: `/${hops - 1}` }).end()
    })
    expect(await get(`${origin}/3`).outcome).toMatchObject({ ok: true })
    expect(await get(`${origin}/4`).outcome).toMatchObject({ ok: false, error: { detail: 'redirects' } })
  })

  it.each(['file:///etc/passwd', 'http://files.example/1', 'ftp://127.0.0.1/1', 'data:image/png;base64,AAAA', ''])(
    'does not follow a redirect to %j',
    async (location) => {
      const origin = await serve((_request, response) => void response.writeHead(302, { location }).end())
      expect(await get(origin).outcome).toMatchObject({ ok: false, error: { detail: 'HTTP 302' } })
    },
  )

  it('does not follow a redirect into the network the first address was not in', async () => {
    for (const location of [
      'https://10.0.0.1/',
      'https://192.168.1.1/',
      'https://[fd00::1]/',
      'https://169.254.169.254/',
    ]) {
      const origin = await serve((_request, response) => void response.writeHead(302, { location }).end())
      const got = await get(origin, { allowLoopback: false }).outcome
      expect(got).toMatchObject({ ok: false })
      const followed = await get(origin).outcome
      // From loopback, allowed here, a private network is still elsewhere.
      if (!location.includes('169.254')) expect(followed).toMatchObject({ ok: false, error: { detail: 'address' } })
    }
  })

  it('reaches this machine only where the account’s own server is here', async () => {
    let asked = 0
    const origin = await serve((_request, response) => {
      asked++
      response.end('secret')
    })
    for (const url of [origin, origin.replace('127.0.0.1', 'localhost')]) {
      expect(await get(url, { allowLoopback: false }).outcome).toMatchObject({
        ok: false,
        error: { detail: 'loopback' },
      })
    }
    expect(asked).toBe(0)
  })

  it('ends when nothing moves, and when it is given up', async () => {
    const origin = await serve((_request, response) => void response.write('x'))
    expect(await get(origin, { stallMs: 150 }).outcome).toMatchObject({ ok: false, error: { detail: 'link.timedOut' } })
    const { outcome, abort } = get(origin)
    abort()
    expect(await outcome).toMatchObject({ ok: false, error: { detail: 'ended' } })
  })
})

describe('addresses', () => {
  it.each([
    ['127.0.0.1', false, false],
    ['127.8.9.1', false, false],
    ['0.0.0.0', false, false],
    ['::1', false, false],
    ['::ffff:127.0.0.1', false, false],
    ['169.254.169.254', false, false],
    ['fe80::1', false, false],
    ['10.1.2.3', true, false],
    ['172.31.0.1', true, false],
    ['192.168.0.1', true, false],
    ['::ffff:192.168.0.1', true, false],
    ['100.64.0.1', true, false],
    ['fd12::1', true, false],
    ['8.8.8.8', true, true],
    ['172.32.0.1', true, true],
    ['2001:4860:4860::8888', true, true],
  ])('%s', (address, withInside, outsideOnly) => {
    expect(isAllowed(address, { here: true, inside: true })).toBe(true)
    expect(isAllowed(address, { here: false, inside: true })).toBe(withInside)
    expect(isAllowed(address, { here: false, inside: false })).toBe(outsideOnly)
  })

  it('in a URL are looked at without resolving them, names are not', () => {
    const nothing = { here: false, inside: false }
    expect(isRefusedLiteral('[::1]', nothing)).toBe(true)
    expect(isRefusedLiteral('10.0.0.1', nothing)).toBe(true)
    expect(isRefusedLiteral('files.example', nothing)).toBe(false)
  })
})
