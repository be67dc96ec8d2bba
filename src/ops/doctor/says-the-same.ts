const NUMBER = /(?<![\w])\d[\d.,:]*(?:\s?(?:ms|s|min|h|days|B|[KMGT]iB|%|x)(?!\w))?/g
const REDACTED = /\[redacted\]|<unparsable \w+>/

/**
 * Whether two messages of a check are the same finding: measured numbers differ from run to run, names do not. A saved
 * message has lost its secrets, whatever they were.
 */
export function saysTheSame(saved: string, now: string): boolean {
  const parts = plain(saved).split(REDACTED)
  const text = plain(now)
  if (parts.length === 1) return parts[0] === text
  const [first = ''] = parts
  const last = parts.at(-1) ?? ''
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let from = first.length
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from)
    if (at === -1) return false
    from = at + part.length
  }
  return from <= text.length - last.length
}

/** Without numbers, their units, and the plural that depends on them. */
function plain(message: string): string {
  return message
    .replace(NUMBER, '#')
    .replace(/#(?: #)+/g, '#')
    .replace(/(# [a-z]+?)s?\b/g, '$1')
}
