import { describe, expect, it } from 'vitest'
import { containedFile, isExternalUrl, isOwnUrl } from '#electron/main/urls.ts'

describe('addresses of our own pages', () => {
  it.each(['app://godwit/index.html', 'app://godwit/assets/index.js?x#y'])('%s is ours', (url) => {
    expect(isOwnUrl(url)).toBe(true)
  })

  it.each([
    'app://evil/index.html',
    'app://godwit.evil/index.html',
    'app://godwit@evil/index.html',
    'app://evil@godwit/index.html',
    'app:godwit/index.html',
    'app:///index.html',
    'app2://godwit/index.html',
    'https://godwit/index.html',
    'http://app/godwit/',
    'file:///index.html',
    'file://godwit/index.html',
    'data:text/html,app://godwit/',
    'blob:app://godwit/1',
    'javascript:location="app://godwit/"',
    'about:blank',
    'devtools://devtools/bundled/x.html',
    'chrome://settings',
    'view-source:app://godwit/index.html',
    ' app://godwit/index.html',
    '//godwit/index.html',
    'godwit/index.html',
    '',
  ])('%s is not', (url) => {
    expect(isOwnUrl(url)).toBe(false)
  })
})

describe('addresses the system may be asked to open', () => {
  it.each(['https://example.org/', 'http://example.org/a?b', 'mailto:someone@example.org', 'https://例子.example/'])(
    '%s may be opened',
    (url) => {
      expect(isExternalUrl(url)).toBe(true)
    },
  )

  it.each([
    'file:///etc/passwd',
    'file://host/share',
    'smb://host/share',
    '\\\\host\\share',
    'ms-msdt:/id',
    'search-ms:query=x',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'vbscript:x',
    'data:text/html,<script>',
    'app://godwit/index.html',
    'ftp://example.org',
    'ssh://example.org',
    'https://user:password@example.org/',
    'https://example.org@evil.example/',
    'https://',
    'not an address',
    '',
  ])('%s is refused', (url) => {
    expect(isExternalUrl(url)).toBe(false)
  })
})

describe('files served to pages', () => {
  const root = '/opt/godwit/renderer'

  it('are those of the folder', () => {
    expect(containedFile(root, 'app://godwit/')).toBe('/opt/godwit/renderer/index.html')
    expect(containedFile(root, 'app://godwit/assets/index-1.js')).toBe('/opt/godwit/renderer/assets/index-1.js')
    expect(containedFile(root, 'app://godwit/../index.html')).toBe('/opt/godwit/renderer/index.html')
  })

  it.each([
    'app://godwit/..%2fsecret.json',
    'app://godwit/..%5csecret.json',
    'app://godwit/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    'app://godwit/assets/%00index.js',
    'app://godwit/%E0%A4%A',
    'app://godwit/assets/',
    'app://godwit/index.exe',
    'app://other/index.html',
    'https://godwit/index.html',
  ])('never %s', (url) => {
    expect(containedFile(root, url)).toBeNull()
  })

  it('stay in the folder when the address climbs', () => {
    expect(containedFile(root, 'app://godwit/%2e%2e/%2E%2e/secret.json')).toBe('/opt/godwit/renderer/secret.json')
  })
})
