/**
 * Takes secrets out of whatever goes to a log: bearer tokens, tokens in URLs, anything of a JWT's form, and values
 * under telling names; what people say as well. It must see every argument of every line.
 */
const rules: readonly (readonly [RegExp, string])[] = [
  [/([?&](?:token|access_token|userSig|sig|password)=)[^&#\s"']+/gi, '$1[secret]'],
  [/(Bearer\s+)[^\s"',}]+/gi, '$1[secret]'],
  [/((?:authorization|passcode|token|userSig)["']?\s*[:=]\s*["']?)(?!Bearer\s)[^\s"',}]+/gi, '$1[secret]'],
  [/\b[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, '[secret]'],
]

/** Under these names stands what people say: it has no place in a log, whoever puts it there. */
const wordNames = /^(text|content|body|words|draft|caption|nickname|quotedText)$/i
const secretNames = /^(authorization|token|passcode|password|secret|pin|newPin|oldPin|userSig|connectHeaders|url)$/i

export function redactText(text: string): string {
  return rules.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), text)
}

/** A copy fit for a log: at most 6 levels deep, errors as text. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (value instanceof Error) return redactText(value.stack ?? `${value.name}: ${value.message}`)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= 6) return '…'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(key, item, depth)]))
}

function redactValue(key: string, value: unknown, depth: number): unknown {
  if (secretNames.test(key)) return '[secret]'
  return wordNames.test(key) && typeof value !== 'number' ? '[words]' : redact(value, depth + 1)
}
