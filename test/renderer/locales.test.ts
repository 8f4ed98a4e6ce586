import { describe, expect, it } from 'vitest'
import { errorCodes } from '#common/base/errors.ts'
import { dialectNames } from '#common/domain/account.ts'
import { deliveryProofs, deliveryStates } from '#common/domain/delivery.ts'
import en from '../../renderer/src/i18n/en.json'
import zhCN from '../../renderer/src/i18n/zh-CN.json'
import type { MessageAction } from '../../renderer/src/features/timeline/actions.ts'
import { textsIn } from './fakes/texts.ts'

type Tree = { readonly [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const leaves = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') leaves.set(prefix + key, value)
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) leaves.set(inner, text)
  }
  return leaves
}

const english = flat(en)
const chinese = flat(zhCN)
const namesIn = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

/** All that have a name there, by the compiler's word. */
const messageActions = {
  reply: true,
  edit: true,
  recall: true,
  deleteForMe: true,
  copy: true,
  details: true,
  retry: true,
  cancel: true,
  forward: true,
  select: true,
  pin: true,
  pinForEveryone: true,
  unpin: true,
} satisfies Record<Exclude<MessageAction, 'reEdit'>, true>

/** The window's own source, as text. */
const sources = Object.values(
  import.meta.glob<string>(['../../renderer/src/**/*.{vue,ts}', '!**/*.json'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)
/** Keys that a call names in full, and those it puts together (`states.${state}`), as patterns. */
const named = new Set(
  sources.flatMap((source) => [...source.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map(([, key]) => key ?? '')),
)
const composed = new Set(
  sources.flatMap((source) => [...source.matchAll(/`([\w.-]*(?:\$\{[^}`]+\}[\w.-]*)+)`/g)].map(([, key]) => key ?? '')),
)
const patterns = [...composed]
  .filter((key) => /^\w+\./.test(key))
  .map((key) => new RegExp(`^${key.replaceAll('.', '\\.').replaceAll(/\$\{[^}]+\}/g, '[\\w.-]+')}$`))
/** Every key in quotes, wherever it goes from there. */
const quoted = new Set(
  sources.flatMap((source) => [...source.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)+)'/g)].map(([, key]) => key ?? '')),
)

describe('the texts of both languages', () => {
  it('are all there: no key is asked for that does not exist', () => {
    expect([...named].filter((key) => !english.has(key))).toEqual([])
  })

  it('are all used', () => {
    const unused = [...english.keys()].filter(
      (key) => !named.has(key) && !quoted.has(key) && !patterns.some((pattern) => pattern.test(key)),
    )
    expect(unused).toEqual([])
  })

  it('have exactly the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('are nowhere empty', () => {
    for (const texts of [english, chinese]) {
      expect([...texts].filter(([, text]) => text.trim() === '')).toEqual([])
    }
  })

  it('name the same values', () => {
    const different = [...english].filter(([key, text]) => {
      const other = namesIn(chinese.get(key) ?? '')
      return namesIn(text).join() !== other.join()
    })
    expect(different).toEqual([])
  })

  it.each(Object.keys(messageActions))('name what can be done with a message: %s', (action) => {
    expect(english.get(`actions.${action}`)).toBeDefined()
    expect(chinese.get(`actions.${action}`)).toBeDefined()
  })

  it.each(errorCodes)('tell a person about %s', (code) => {
    expect(english.get(`errors.${code}`)).toBeDefined()
    expect(chinese.get(`errors.${code}`)).toBeDefined()
  })

  it.each(errorCodes.filter((code) => /^(link|session)\./.test(code)))('say what to do about %s', (code) => {
    // What happened, and what helps: a sentence each.
    expect(english.get(`errors.${code}`)).toMatch(/^[A-Z][^.]+\. .+\.$/s)
    expect(chinese.get(`errors.${code}`)).toMatch(/^[^。]+。[^。]+。$/)
  })

  it('tell about no error that does not exist', () => {
    const told = [...english.keys()]
      .filter((key) => key.startsWith('errors.'))
      .map((key) => key.slice('errors.'.length))
    expect(told.sort()).toEqual([...errorCodes].sort())
  })

  it('name every delivery state, proof and protocol', () => {
    const wanted = [
      ...deliveryStates.map((state) => `states.${state}`),
      ...deliveryProofs.map((proof) => `trace.proofs.${proof}`),
      ...dialectNames.map((name) => `dialects.${name}`),
    ]
    expect(wanted.filter((key) => !english.has(key))).toEqual([])
  })

  it('use full-width punctuation between Chinese characters', () => {
    const halfWidth = /\p{Script=Han}[,;:!?()]|[,;:!?()]\p{Script=Han}/u
    expect([...chinese].filter(([, text]) => halfWidth.test(text))).toEqual([])
  })
})

describe('counts', () => {
  it.each([
    ['en', 0, 'no unread'],
    ['en', 1, '1 unread'],
    ['en', 5, '5 unread'],
    ['zh-CN', 0, '无未读'],
    ['zh-CN', 1, '1 条未读'],
    ['zh-CN', 5, '5 条未读'],
  ] as const)('in %s of %i unread messages say "%s"', (locale, count, text) => {
    expect(textsIn(locale).global.t('conversations.unread', count)).toBe(text)
  })
})
