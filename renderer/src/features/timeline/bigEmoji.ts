/** One to three emoji and nothing else: said with a picture, and shown as one. */
const few = /^(?:\p{RGI_Emoji}\s*){1,3}$/v
/** Longer than any three of them. */
const longest = 120

export function isBigEmoji(text: string): boolean {
  const trimmed = text.trim()
  return trimmed.length > 0 && trimmed.length <= longest && few.test(trimmed)
}
