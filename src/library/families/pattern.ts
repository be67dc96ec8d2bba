import { decodeSegment, encodeSegment } from './segment.js'

/** A key pattern such as `copilot:auth:validation:{userId}`, taken apart. */
export interface KeyPattern {
  /** As it was declared. */
  readonly text: string
  /** The names in braces, in order. */
  readonly parameters: readonly string[]
  /**
   * The key, with its parameters encoded.
   * @throws RangeError naming a parameter that is missing or empty
   */
  build(values: Record<string, string>): string
  /** The decoded parameters, or null when the key is not of this pattern. */
  match(key: string): Record<string, string> | null
  /** For SCAN MATCH. Matches every key of this pattern; check each with `match`, as a glob cannot be exact. */
  readonly scanPattern: string
}

const PARAMETER = /^\{([A-Za-z][A-Za-z0-9]*)\}$/
const LITERAL = /^[A-Za-z0-9._-]+$/

/** @throws RangeError for a pattern whose segments are not plain words or `{parameter}` */
export function parsePattern(text: string): KeyPattern {
  const segments = text.split(':').map((segment) => {
    const parameter = PARAMETER.exec(segment)?.[1]
    if (parameter === undefined && !LITERAL.test(segment)) {
      throw new RangeError(
        `${JSON.stringify(text)}: segment ${JSON.stringify(segment)} is neither a word nor {parameter}`,
      )
    }
    return parameter === undefined ? { literal: segment } : { parameter }
  })
  const parameters = segments.flatMap((segment) =>
    segment.parameter === undefined ? [] : [segment.parameter],
  )
  return {
    text,
    parameters,
    scanPattern: segments.map((segment) => segment.literal ?? '*').join(':'),
    build(values) {
      return segments
        .map((segment) => {
          if (segment.literal !== undefined) return segment.literal
          const value = values[segment.parameter!]
          if (typeof value !== 'string' || value === '') {
            throw new RangeError(`${text}: ${segment.parameter} must be a non-empty string`)
          }
          return encodeSegment(value)
        })
        .join(':')
    },
    match(key) {
      const parts = key.split(':')
      if (parts.length !== segments.length) return null
      const values: Record<string, string> = {}
      for (const [index, segment] of segments.entries()) {
        const part = parts[index]!
        if (segment.literal !== undefined ? part !== segment.literal : part === '') return null
        if (segment.parameter !== undefined) values[segment.parameter] = decodeSegment(part)
      }
      return values
    },
  }
}
