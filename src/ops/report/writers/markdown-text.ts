import { oneLine } from './one-line.js'

/** Between two characters: no reader takes them for an address, a name or a reference any more. */
const NOTHING = '<!-- -->'

/**
 * Untrusted text as Markdown that shows it and does nothing else: no markup, no HTML, no link, and on GitHub nobody is
 * mentioned and no issue is referred to.
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]{}|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[:/](?=\/)|[@#](?=\S)|www(?=\.)|GH(?=-\d)/gi, (mark) => mark + NOTHING)
}

/** Untrusted text as a code span. */
export function markdownCode(text: string, { inTable = false } = {}): string {
  const line = oneLine(text)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padding = /^`|`$/.test(line) ? ' ' : ''
  const code = `${fence}${padding}${line}${padding}${fence}`
  // A table takes the bar for itself even in code, unless it is escaped.
  return inTable ? code.replaceAll('|', '\\|') : code
}
