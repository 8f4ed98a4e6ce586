import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import UserText from '../../renderer/src/ui/UserText.vue'
import { textsIn } from './fakes/texts.ts'
import { linkParts } from '../../renderer/src/ui/linkParts.ts'
import { payloads } from './fakes/payloads.ts'

function render(text: string) {
  return mount(UserText, { props: { text }, global: { plugins: [textsIn('en')] } })
}

describe('what somebody wrote', () => {
  it.each(payloads)('stays text: %s', (payload) => {
    const wrapper = render(payload)
    const element = wrapper.find('.user-text').element
    expect(element.textContent).toBe(payload)
    const elements = [...element.querySelectorAll('*')]
    expect(elements.filter((child) => child.tagName !== 'A')).toEqual([])
    const hrefs = elements.map((child) => new URL(child.getAttribute('href') ?? '').protocol)
    expect(hrefs.filter((protocol) => !['http:', 'https:', 'mailto:'].includes(protocol))).toEqual([])
  })

  it('keeps line breaks and spaces as typed', () => {
    expect(render('a\n  b\n\nc').find('.user-text').element.textContent).toBe('a\n  b\n\nc')
  })

  it('is folded when it is very long, and unfolds', async () => {
    const wrapper = render('x'.repeat(2000))
    expect(wrapper.find('.user-text').text()).toBe(`${'x'.repeat(1200)}…`)
    await wrapper.find('button').trigger('click')
    expect(wrapper.find('.user-text').text()).toBe('x'.repeat(2000))
    expect(wrapper.find('button').exists()).toBe(false)
  })

  it('is folded when it has very many lines', () => {
    const text = render('line\n'.repeat(100)).find('.user-text').text()
    expect(text.split('\n').length).toBeLessThan(30)
  })

  it('is never cut inside a character', () => {
    const text = render('a' + '😀'.repeat(1000))
      .find('.user-text')
      .text()
    expect(text.isWellFormed()).toBe(true)
  })
})

describe('links', () => {
  const links = (text: string): (readonly [string, string])[] =>
    linkParts(text).flatMap(({ text: shown, href }) => (href === null ? [] : [[shown, href] as const]))

  it.each([
    ['https://example.org/a?b=c', [['https://example.org/a?b=c', 'https://example.org/a?b=c']]],
    ['请打开https://example.org/a，谢谢', [['https://example.org/a', 'https://example.org/a']]],
    ['见https://example.org看看', [['https://example.org', 'https://example.org/']]],
    [
      '（https://example.org/a）和“www.example.org”',
      [
        ['https://example.org/a', 'https://example.org/a'],
        ['www.example.org', 'http://www.example.org/'],
      ],
    ],
    ['发到someone@example.org吧', [['someone@example.org', 'mailto:someone@example.org']]],
    ['write to someone@example.org.', [['someone@example.org', 'mailto:someone@example.org']]],
    ['http://пример.рф/', [['http://пример.рф/', 'http://xn--e1afmkfd.xn--p1ai/']]],
    ['javascript:alert(1)', []],
    ['data:text/html,<b>', []],
    ['file:///etc/passwd', []],
    ['ftp://example.org', []],
    ['//example.org/x', []],
    ['\\\\host\\share', []],
    ['ms-msdt:/id', []],
    ['vbscript:x', []],
  ])('in "%s" are %j', (text, expected) => {
    expect(links(text)).toEqual(expected)
  })

  it('say their true target and open nothing by themselves', () => {
    const link = render('http://пример.рф/').find('a')
    expect(link.attributes()).toMatchObject({
      href: 'http://xn--e1afmkfd.xn--p1ai/',
      title: 'http://xn--e1afmkfd.xn--p1ai/',
      target: '_blank',
      rel: 'noopener noreferrer',
    })
  })

  it('leave the text as it was when the parts are joined', () => {
    for (const payload of payloads) {
      expect(
        linkParts(payload)
          .map((part) => part.text)
          .join(''),
      ).toBe(payload)
    }
  })
})
