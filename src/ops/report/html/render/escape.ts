import { stripVTControlCharacters } from 'node:util'
import { formatCount } from '../../format.js'
import { UNPRINTABLE } from '../../writers/one-line.js'

/** Nobody reads more of one thing, and no app may fill the page of its own drill. */
const MOST = 4000

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Untrusted text for an element or a quoted attribute: shown, and nothing else. Controls and what reorders text go; of
 * what is too long the end is cut off, and it says so.
 */
export function escape(text: string): string {
  const line = stripVTControlCharacters(text.slice(0, 4 * MOST))
    .replace(/\s+/g, ' ')
    .replace(UNPRINTABLE, '')
    .trim()
  const isCut = line.length > MOST || text.length > 4 * MOST
  const shown = isCut ? `${line.slice(0, MOST)} … (cut off: ${formatCount(text.length)} characters)` : line
  // A half of a pair is no character, and no encoding has it.
  return shown.replace(/\p{Surrogate}/gu, '\uFFFD').replace(/[&<>"']/g, (mark) => ENTITIES[mark]!)
}
