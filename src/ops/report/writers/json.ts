import type { Report } from '../report.js'
import { UNPRINTABLE } from './one-line.js'

/**
 * The report as one JSON document, indented, ending in a newline. What a terminal would obey, or show in another order,
 * is escaped: the same document to a program, harmless to a reader.
 */
export function writeJson(report: Report): string {
  const text = JSON.stringify(report, null, 2)
  return `${text.replace(UNPRINTABLE, (char) => (char === '\n' ? char : unicodeEscape(char)))}\n`
}

/** As `writeJson`, on one line: a document among others. */
export function writeJsonLine(document: object): string {
  return `${JSON.stringify(document).replace(UNPRINTABLE, unicodeEscape)}\n`
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
