import { stripVTControlCharacters } from 'node:util'

/** Controls, and what breaks or reorders a line. */
export const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/g

/**
 * Untrusted text as one line without terminal sequences, for formats in which a line means something, and without the older
 * commands of GitHub, which its runner obeys anywhere in a line.
 */
export function oneLine(text: string): string {
  const line = stripVTControlCharacters(text).replace(/\s+/g, ' ').replace(UNPRINTABLE, '').trim()
  return line.replaceAll('##[', '## [')
}
