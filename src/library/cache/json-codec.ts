import { surveyJson } from './plain-json.js'
import { RefusedValueError, tooLarge } from './refused-value.js'
import { fromTagged, toTagged } from './tagged-json.js'

/**
 * The text of `JSON.stringify`, with dates and BigInts tagged so that they come back as what they were.
 *
 * @throws RefusedValueError for what JSON would lose, such as a Map, a class's instance, NaN or a cycle
 */
export function serializeJson(value: unknown, maxLength: number): string {
  const kind = surveyJson(value, maxLength)
  if (kind === 'too-long') throw new RefusedValueError('TOO_LARGE', tooLarge(maxLength))
  return JSON.stringify(kind === 'plain' ? value : toTagged(value, maxLength))
}

/** Also reads what any other writer of JSON left. */
export function deserializeJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // Every tag is an object whose first name begins with `$`; inside a JSON text's strings a quote is never bare.
  return text.includes('{"$') ? fromTagged(value) : value
}
