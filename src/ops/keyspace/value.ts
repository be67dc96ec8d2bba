import { families } from '../../library/families/families.js'
import { decodeWindow } from '../../library/rate-limit/window-text.js'
import { INTEGRITY_PREFIX, unseal } from '../../library/cache/integrity.js'
import { deserializeJson } from '../../library/cache/json-codec.js'
import { NOT_FOUND_TEXT } from '../../library/cache/not-found.js'
import { isTombstone, RESERVED_PREFIX } from '../../library/cache/tombstone.js'
import type { ValueReport } from '../report/get-key-report.js'

/** How much of a value is read. */
export const MAX_VALUE_BYTES = 64 * 1024

/** Slots count from 1970; a smaller one is a plain counter of somebody else's limiter. */
const MIN_SLOT = 1000

/** What a stored text is (docs/stored-format.md); what is in it only when asked for. */
export function describeValue(
  raw: Buffer,
  length: number,
  options: { key: string; family: string | null; showValue: boolean },
): ValueReport {
  const text = raw.toString()
  if (isTombstone(text)) {
    return {
      kind: 'tombstone',
      summary:
        'a tombstone: somebody deleted the key a moment ago. Readers miss until it expires, ' +
        'and a value computed before the deletion cannot be stored',
    }
  }
  const truncated = raw.length < length
  if (text.startsWith(INTEGRITY_PREFIX)) return describeSealed(text, truncated, options)
  if (text === NOT_FOUND_TEXT) {
    return {
      kind: 'not-found',
      summary:
        'the answer that the source has nothing under this key. Readers get null, and the source is not asked again ' +
        'until it expires',
    }
  }
  if (text.startsWith(RESERVED_PREFIX)) {
    return {
      kind: 'reserved',
      summary: 'written by a later version of the library; this one reads it as a miss',
    }
  }
  const window = options.family === families.rateLimit.id ? decodeWindow(text) : null
  const described =
    window && window.slot >= MIN_SLOT ? describeWindow(window) : describeText(raw, text, truncated)
  if (!options.showValue) return described
  return { ...described, text, ...(truncated && { truncated: true as const }) }
}

function describeText(raw: Buffer, text: string, truncated: boolean): ValueReport {
  // What does not survive the round trip is no text; the end of a cut value may fall into a character.
  if (!truncated && !Buffer.from(text).equals(raw))
    return { kind: 'binary', summary: 'bytes that are no text' }
  if (truncated) return { kind: 'text', summary: 'a text too long to look into' }
  try {
    return { kind: 'json', summary: describeJson(deserializeJson(text)) }
  } catch {
    return { kind: 'text', summary: 'a text that is no JSON' }
  }
}

/** A text behind an integrity header, which tells whether it is what was written, and for this key. */
function describeSealed(
  sealed: string,
  truncated: boolean,
  options: { key: string; family: string | null; showValue: boolean },
): ValueReport {
  const shown = options.showValue ? { text: sealed, ...(truncated && { truncated: true as const }) } : {}
  if (truncated) {
    const summary = 'a text too long to look into, behind an integrity header that was not checked'
    return { kind: 'text', summary, ...shown }
  }
  const opened = unseal(options.key, sealed)
  if ('broken' in opened) {
    const what =
      opened.broken === 'another key'
        ? 'it is the value of another key'
        : 'its text was altered after it was written'
    const summary = `behind an integrity header that does not match: ${what}. Readers miss and overwrite it`
    return { kind: 'broken', summary, ...shown }
  }
  const inner = Buffer.from(opened.text)
  const described = describeValue(inner, inner.length, { ...options, family: null })
  const summary = `${described.summary}; behind an integrity header that matches key and text`
  return { ...described, summary }
}

/** The text does not tell how long the window is, so the counts that have left it meanwhile are in there too. */
function describeWindow({ counts }: { counts: readonly number[] }): ValueReport {
  const counted = counts.reduce((sum, count) => sum + count, 0)
  return {
    kind: 'limiter',
    summary: `a window of the limiter: ${counted} let through when it was last written`,
  }
}

function describeJson(value: unknown): string {
  if (value === null) return 'JSON null'
  if (value instanceof Date) return 'a date, tagged JSON'
  if (typeof value === 'bigint') return 'a BigInt, tagged JSON'
  if (Array.isArray(value)) return `a JSON array of ${value.length}`
  if (typeof value === 'object') {
    const fields = Object.keys(value).length
    return `a JSON object with ${fields === 1 ? '1 field' : `${fields} fields`}`
  }
  return `a JSON ${typeof value}`
}
