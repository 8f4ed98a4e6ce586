/**
 * The language to draw a person's words in, whatever the page's own: Chinese words keep Chinese punctuation and glyphs
 * in an English window. A Chinese character says about as much as three letters; `undefined` leaves it to the page.
 */
export function textLang(text: string): 'zh-CN' | undefined {
  const head = text.slice(0, 2000)
  const characters = head.match(/\p{Script=Han}/gu)?.length ?? 0
  const letters = head.match(/\p{Script=Latin}/gu)?.length ?? 0
  return characters > 0 && characters * 3 >= letters ? 'zh-CN' : undefined
}
