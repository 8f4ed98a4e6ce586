/**
 * Strangers' words made safe for a notification: nothing in them is markup, and nothing in them breaks what carries
 * them. A bus ends the connection of who sends it a NUL, and a toast with a character that XML lacks is not shown.
 */

/** What XML 1.0 has no room for: controls but tab, line feed and carriage return; halves of pairs; non-characters. */
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu

export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unwritable, '')
}

/** On one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim()
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** For XML's text and attributes, and for the markup of notification daemons, which is a part of it. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
