import { describe, expect, it } from 'vitest'
import { hasPath, normalAddress } from '#electron/core/address.ts'

describe('a server address as people type it', () => {
  it.each([
    ['chat.example.org', 'wss://chat.example.org'],
    ['  https://chat.example.org/ws/ ', 'wss://chat.example.org/ws'],
    ['wss://chat.example.org:8443/ws/im', 'wss://chat.example.org:8443/ws/im'],
    ['ws://127.0.0.1:8080/ws', 'ws://127.0.0.1:8080/ws'],
    ['http://localhost:8080', 'ws://localhost:8080'],
    ['ws://[::1]:9000/ws', 'ws://[::1]:9000/ws'],
    ['wss://user:secret@chat.example.org/ws?token=abc#x', 'wss://chat.example.org/ws'],
    ['聊天.example', 'wss://xn--rss932g.example'],
  ])('%s is read as %s', (typed, address) => {
    expect(normalAddress(typed)).toEqual({ ok: true, value: address })
  })

  it.each([
    ['', 'server.addressInvalid'],
    ['two words', 'server.addressInvalid'],
    ['ftp://chat.example.org', 'server.addressInvalid'],
    ['javascript:alert(1)', 'server.addressInvalid'],
    ['file:///etc/passwd', 'server.addressInvalid'],
    ['ws://chat.example.org/ws', 'server.insecure'],
    ['http://10.0.0.5:8080/ws', 'server.insecure'],
    ['ws://127.0.0.1.evil.example/ws', 'server.insecure'],
  ])('%s is refused: %s', (typed, code) => {
    expect(normalAddress(typed)).toMatchObject({ ok: false, error: { code } })
  })

  it('knows whether a path was named', () => {
    expect(hasPath('wss://chat.example.org')).toBe(false)
    expect(hasPath('wss://chat.example.org/ws')).toBe(true)
  })
})
