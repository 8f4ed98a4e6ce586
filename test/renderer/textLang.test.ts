import { describe, expect, it } from 'vitest'
import { textLang } from '../../renderer/src/ui/textLang.ts'

describe('the language a text is drawn in', () => {
  it.each([
    ['你好，我是小鹬。', 'zh-CN'],
    ['陈雨: 可以，我订位子 🍜', 'zh-CN'],
    ['麒麟 ARM 也装好了', 'zh-CN'],
    ['The release notes still call it “beta” in two places. 发布说明', undefined],
    ['Good morning', undefined],
    ['', undefined],
    ['🍜 12:15', undefined],
  ])('%s is %s', (text, language) => {
    expect(textLang(text)).toBe(language)
  })
})
