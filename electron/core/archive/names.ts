/** Names of an archive's files: safe on every system, whatever people and servers call things. */

const maxStem = 48

/** What is left of a name when everything is gone that a file system, a page's address or a person could trip over. */
function stem(name: string): string {
  const clean = [...name.normalize('NFC').replaceAll(/[^\p{L}\p{N} _-]+/gu, ' ')]
    .slice(0, maxStem)
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return clean === '' ? 'chat' : clean
}

/** `number` tells conversations of one name apart, also where upper and lower case are one. */
export function conversationPaths(number: number, name: string): { readonly lines: string; readonly page: string } {
  const base = `conversations/${String(number).padStart(4, '0')} ${stem(name)}`
  return { lines: `${base}.jsonl`, page: `${base}.html` }
}

/** `name` has been made safe for this disk before, and is made so for the others. */
export function mediaPath(messageId: number, name: string): string {
  const clean = [...name.replaceAll(/[\p{C}<>:"|?*/\\]/gu, '_')]
    .slice(-100)
    .join('')
    .replace(/^[. ]+/, '_')
  const safe = clean.replace(/[. ]+$/, '_')
  return `media/${messageId}-${safe === '' ? 'file' : safe}`
}
