import { families } from '../../library/families/families.js'
import { decodeWindow } from '../../library/rate-limit/window-text.js'
import { isTombstone, RESERVED_PREFIX } from '../../library/cache/tombstone.js'
import type { ValueReport } from '../report/keys-report.js'

/** How much of a value is read. */
export const MAX_VALUE_BYTES = 64 * 1024

/** Slots count from 1970; a smaller one is a plain counter of somebody else's limiter. */
const MIN_SLOT = 1000

/** What a stored text is (docs/stored-format.md); what is in it only when asked for. */
export function describeValue(
  raw: Buffer,
  length: number,
  options: { family: string | null; showValue: boolean },
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
  if (text.startsWith(RESERVED_PREFIX)) {
    return {
      kind: 'reserved',
      summary: 'written by a later version of the library; this one reads it as a miss',
    }
  }
  const truncated = raw.length < length
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
    return { kind: 'json', summary: describeJson(JSON.parse(text)) }
  } catch {
    return { kind: 'text', summary: 'a text that is no JSON' }
  }
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
  if (Array.isArray(value)) return `a JSON array of ${value.length}`
  if (typeof value === 'object') {
    const fields = Object.keys(value).length
    return `a JSON object with ${fields === 1 ? '1 field' : `${fields} fields`}`
  }
  return `a JSON ${typeof value}`
}
