import { flushPromises } from '@vue/test-utils'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import EmojiPicker from '../../renderer/src/features/emoji/EmojiPicker.vue'
import { allEmoji } from '../../renderer/src/features/emoji/emojiData.ts'
import { emojiGroups, searchEmoji } from '../../renderer/src/features/emoji/searchEmoji.ts'
import { createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage } from './fakes/mountPage.ts'

const all = allEmoji(null)
const found = (query: string): string[] => searchEmoji(all, query).map(({ text }) => text)

describe('the emoji', () => {
  it('have a name in both languages, each its own, and a group', () => {
    expect(all.length).toBeGreaterThan(1800)
    expect(all.filter(({ en, zh }) => !/^[\x20-\x7e’“”À-ÿ]+$/.test(en) || zh === '' || zh === en)).toEqual([])
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length)
    expect(new Set(all.map(({ group }) => group))).toEqual(new Set(emojiGroups))
  })

  it('that this system would draw as two pictures are left out', () => {
    const flagsFallApart = (text: string): number => (/\p{Regional_Indicator}/u.test(text) ? 40 : 20)
    const drawn = allEmoji(flagsFallApart).map(({ text }) => text)
    expect(drawn).not.toContain('🇨🇳')
    expect(drawn).toContain('😀')
    expect(drawn).toContain('🏁')
  })

  it.each([
    ['笑脸', '😀'],
    ['狗', '🐶'],
    ['红心', '❤️'],
    ['生日', '🎂'],
    ['thumbs up', '👍'],
    ['Rocket', '🚀'],
    ['laugh', '😂'],
    ['中国', '🇨🇳'],
    ['🚀', '🚀'],
  ])('are found by %j', (query, text) => {
    expect(found(query)).toContain(text)
  })

  it('are found first by their own name', () => {
    expect(found('dog face')[0]).toBe('🐶')
    expect(found('火箭')[0]).toBe('🚀')
  })

  it('are not found by nonsense, nor by nothing', () => {
    expect(found('qqzzxx')).toEqual([])
    expect(found('  ')).toEqual([])
  })
})

describe('the picker', () => {
  let page: MountedPage
  let chosen: [string, boolean][]
  // Two thousand buttons: once is enough.
  beforeAll(async () => {
    page = await mountPage({
      bridge: createFakeBridge(createWorld()),
      component: EmojiPicker,
      props: { onChoose: (text: string, more: boolean) => chosen.push([text, more]) },
      locale: 'zh-CN',
    })
  })
  afterAll(() => page.unmount())
  beforeEach(async () => {
    chosen = []
    await search().setValue('')
  })

  const search = () => page.wrapper.find<HTMLInputElement>('input[role="searchbox"]')
  const cells = () => page.wrapper.findAll<HTMLButtonElement>('[data-cell]')

  it('names every emoji in the language of the window', () => {
    expect(page.wrapper.find('[aria-label="嘿嘿"]').text()).toBe('😀')
  })

  it('is one stop for the Tab key', () => {
    expect(cells().filter((cell) => cell.attributes('tabindex') === '0')).toHaveLength(1)
  })

  it('takes what Enter finds first', async () => {
    await search().setValue('rocket')
    await search().trigger('keydown', { key: 'Enter' })
    expect(chosen).toEqual([['🚀', false]])
  })

  it('leaves Enter to an input method', async () => {
    await search().setValue('火箭')
    await search().trigger('keydown', { key: 'Enter', isComposing: true })
    expect(chosen).toEqual([])
  })

  it('is walked with the arrows, and stays open for more with Shift', async () => {
    await search().trigger('keydown', { key: 'ArrowDown' })
    expect(document.activeElement?.textContent?.trim()).toBe('😀')
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
    await flushPromises()
    expect(document.activeElement?.textContent?.trim()).toBe('😃')
    document.activeElement?.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }))
    expect(chosen).toEqual([['😃', true]])
  })

  it('says when nothing is called that', async () => {
    await search().setValue('qqzzxx')
    expect(page.wrapper.text()).toContain('没有找到这个表情')
  })
})
