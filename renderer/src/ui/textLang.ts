/**
 * The language to draw a person's words in, whatever the page's own: Chinese words keep Chinese punctuation and glyphs
 * in an English window. `undefined` leaves it to the page.
 */
export function textLang(text: string): 'zh-CN' | undefined {
  return /\p{Script=Han}/u.test(text.slice(0, 2000)) ? 'zh-CN' : undefined
}
