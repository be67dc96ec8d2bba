import type { Report } from '../report.js'
import { UNPRINTABLE } from './one-line.js'

/**
 * The report as one JSON document, indented, ending in a newline. What a terminal would obey, or show in another order,
 * is escaped, and so is what GitHub would wherever it stands in a line: the same document to a program, harmless to a reader.
 */
export function writeJson(report: Report): string {
  return writeJsonText(report)
}

/** Any other document, as `writeJson`. */
export function writeJsonText(document: object): string {
  const text = withoutCommands(JSON.stringify(document, null, 2))
  return `${text.replace(UNPRINTABLE, (char) => (char === '\n' ? char : unicodeEscape(char)))}\n`
}

/** As `writeJson`, on one line: a document among others. */
export function writeJsonLine(document: object): string {
  return `${withoutCommands(JSON.stringify(document)).replace(UNPRINTABLE, unicodeEscape)}\n`
}

/** Only a string can hold it: no other part of JSON has such a character. */
function withoutCommands(json: string): string {
  return json.replaceAll('##[', '#\\u0023[')
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
