/** What a link from anywhere can make of itself: the two things it may ask for, and everything it may not. */
import { describe, expect, it } from 'vitest'
import { isLink, linkIn, linkedAccount, parseLink, shownHost } from '#electron/main/links.ts'

const opened = (account: string, conversationId: string) => ({ kind: 'open', account, conversationId })
const proposed = (server: string, userId = '') => ({ kind: 'signIn', server, userId })

describe('a link that may be followed', () => {
  it.each([
    ['godwit://open/4f1c/direct:bob', opened('4f1c', 'direct:bob')],
    ['godwit://open/4f1c/direct%3Abob', opened('4f1c', 'direct:bob')],
    ['GODWIT://open/4f1c/group:g-1', opened('4f1c', 'group:g-1')],
    ['godwit://open/alice@chat.example.org/group:1', opened('alice@chat.example.org', 'group:1')],
    ['godwit://open/alice%40chat.example.org%3A8443/group:1', opened('alice@chat.example.org:8443', 'group:1')],
    ['godwit://open/4f1c/direct:%E9%99%88%E6%99%A8', opened('4f1c', 'direct:陈晨')],
    ['godwit://open/4f1c/group:a%2Fb', opened('4f1c', 'group:a/b')],
    ['godwit://open/4f1c/direct:..', opened('4f1c', 'direct:..')],
    ['godwit://sign-in?server=chat.example.org', proposed('wss://chat.example.org')],
    ['godwit://sign-in/?server=chat.example.org&user=bob', proposed('wss://chat.example.org', 'bob')],
    [
      'godwit://sign-in?user=bob&server=https%3A%2F%2Fchat.example.org%2Fws',
      proposed('wss://chat.example.org/ws', 'bob'),
    ],
    ['godwit://sign-in?server=ws%3A%2F%2F127.0.0.1%3A8080', proposed('ws://127.0.0.1:8080')],
    ['godwit://sign-in?server=b%C3%BCcher.example', proposed('wss://xn--bcher-kva.example')],
  ])('%s', (text, link) => {
    expect(parseLink(text)).toEqual({ ok: true, value: link })
  })
})

describe('a link that is refused', () => {
  it.each([
    ['', 'deepLink.malformed'],
    ['godwit', 'deepLink.malformed'],
    ['godwit:', 'deepLink.malformed'],
    ['godwit:open/4f1c/direct:bob', 'deepLink.malformed'],
    ['https://open/4f1c/direct:bob', 'deepLink.malformed'],
    ['javascript:godwit://open/4f1c/direct:bob', 'deepLink.malformed'],
    [' godwit://open/4f1c/direct:bob', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:bob\n--no-sandbox', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:bob --inspect', 'deepLink.malformed'],
    [`godwit://open/4f1c/direct:${'b'.repeat(2_000)}`, 'deepLink.malformed'],
    [`godwit://open/4f1c/direct:${'b'.repeat(600)}`, 'deepLink.malformed'],
    ['godwit://open', 'deepLink.malformed'],
    ['godwit://open/', 'deepLink.malformed'],
    ['godwit://open/4f1c', 'deepLink.malformed'],
    ['godwit://open//direct:bob', 'deepLink.malformed'],
    ['godwit://open/4f1c/', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:bob/more', 'deepLink.malformed'],
    ['godwit://open/4f1c/bob', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:', 'deepLink.malformed'],
    ['godwit://open/4f1c/settings:theme', 'deepLink.malformed'],
    ['godwit://open/4f1c/../direct:bob', 'deepLink.malformed'],
    ['godwit://open/x/../4f1c/direct:bob', 'deepLink.malformed'],
    ['godwit://open/%2e%2e/4f1c/direct:bob', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:bob?text=hello', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:bob?', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:bob#x', 'deepLink.malformed'],
    ['godwit://evil@open/4f1c/direct:bob', 'deepLink.malformed'],
    ['godwit://open:80/4f1c/direct:bob', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:%00bob', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:%0Abob', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:%E2%80%AEbob', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:%ZZ', 'deepLink.malformed'],
    ['godwit://open/4f1c/direct:%C3%28', 'deepLink.malformed'],
    ['godwit://sign-in', 'deepLink.malformed'],
    ['godwit://sign-in?server=', 'deepLink.malformed'],
    ['godwit://sign-in?user=bob', 'deepLink.malformed'],
    ['godwit://sign-in/now?server=chat.example.org', 'deepLink.malformed'],
    ['godwit://sign-in?server=a.example&server=b.example', 'deepLink.malformed'],
    ['godwit://sign-in?server=chat.example.org&theme=dark', 'deepLink.malformed'],
    ['godwit://sign-in?server=chat.example.org&token=abc', 'deepLink.secret'],
    ['godwit://sign-in?server=chat.example.org&access_TOKEN=abc', 'deepLink.secret'],
    ['godwit://sign-in?server=chat.example.org&appKey=abc', 'deepLink.secret'],
    ['godwit://sign-in?server=chat.example.org@evil.example', 'deepLink.malformed'],
    ['godwit://sign-in?server=https%3A%2F%2Fchat.example.org%5C%40evil.example', 'deepLink.malformed'],
    ['godwit://sign-in?server=chat.example.org%3Ftoken%3Dabc', 'deepLink.malformed'],
    ['godwit://sign-in?server=chat.example.org%00', 'deepLink.malformed'],
    ['godwit://sign-in?server=chat.example.org&user=%E2%80%AEnimda', 'deepLink.malformed'],
    ['godwit://sign-in?server=http%3A%2F%2Fchat.example.org', 'server.insecure'],
    ['godwit://sign-in?server=file%3A%2F%2F%2Fetc%2Fpasswd', 'server.addressInvalid'],
    ['godwit://sign-in?server=javascript%3Aalert(1)', 'server.addressInvalid'],
    ['godwit://settings/theme/dark', 'deepLink.notOffered'],
    ['godwit://OPEN.evil/4f1c/direct:bob', 'deepLink.notOffered'],
    ['godwit://send?to=bob&text=hello', 'deepLink.notOffered'],
    ['godwit://accept?token=abc', 'deepLink.notOffered'],
    ['godwit:///open/4f1c/direct:bob', 'deepLink.notOffered'],
  ])('%j: %s', (text, code) => {
    expect(parseLink(text)).toMatchObject({ ok: false, error: { code } })
  })
})

describe('a link among the arguments of a start', () => {
  it('is the last one, wherever the system has put the switches', () => {
    expect(linkIn(['godwit', '--hidden', 'godwit://open/a/b', '--lang=en'])).toBe('godwit://open/a/b')
    expect(linkIn(['godwit', 'GODWIT://x', 'godwit://y'])).toBe('godwit://y')
  })

  it('is not the program itself, nor anything that only looks like it', () => {
    expect(linkIn(['godwit://program', '--hidden', 'godwit.txt', 'x-godwit://open/a/b'])).toBeNull()
    expect(isLink('godwit:anything')).toBe(true)
  })
})

describe('the account that a link names', () => {
  const accounts = [
    { id: 'a', url: 'wss://chat.example.org/ws', userId: 'alice' },
    { id: 'b', url: 'wss://chat.example.org:8443/ws', userId: 'alice' },
    { id: 'c', url: 'wss://other.example/ws', userId: 'a@b' },
    { id: 'd', url: 'wss://twice.example/one', userId: 'eve' },
    { id: 'e', url: 'wss://twice.example/two', userId: 'eve' },
  ]
  it.each([
    ['b', 'b'],
    ['alice@chat.example.org', 'a'],
    ['alice@CHAT.example.org', 'a'],
    ['alice@chat.example.org:8443', 'b'],
    ['a@b@other.example', 'c'],
    ['Alice@chat.example.org', null],
    ['bob@chat.example.org', null],
    ['@chat.example.org', null],
    ['alice@', null],
    ['eve@twice.example', null],
    ['z', null],
  ])('%s: %s', (name, id) => {
    expect(linkedAccount(accounts, name)).toBe(id)
  })
})

it('names the server by its real host', () => {
  const link = parseLink('godwit://sign-in?server=%D1%80aypal.com')
  expect(link.ok && link.value.kind === 'signIn' && shownHost(link.value.server)).toBe('xn--aypal-uye.com')
})
