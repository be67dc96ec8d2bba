import { decodeSegment, encodeSegment } from './segment.js'

/** A key pattern such as `copilot:auth:validation:{userId}`, taken apart. */
export interface KeyPattern {
  /** As it was declared. */
  readonly text: string
  /** The names in braces, in order. */
  readonly parameters: readonly string[]
  /** What stands between the colons: a word, or null for a parameter. */
  readonly words: readonly (string | null)[]
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

/**
 * @throws RangeError for a pattern whose segments are not plain words or `{parameter}`, that names a parameter twice, or
 * that has no word, and so would match the keys of everybody else
 */
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
  const words = segments.map((segment) => segment.literal ?? null)
  const twice = parameters.find((name, index) => parameters.indexOf(name) !== index)
  if (twice !== undefined) throw new RangeError(`${JSON.stringify(text)}: {${twice}} stands in it twice`)
  if (words.every((word) => word === null)) {
    throw new RangeError(`${JSON.stringify(text)} has no word of its own, so it matches the keys of others`)
  }
  return {
    text,
    parameters,
    words,
    scanPattern: words.map((word) => word ?? '*').join(':'),
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

/** A key that both patterns match, or null when there can be none. */
export function commonKey(a: KeyPattern, b: KeyPattern): string | null {
  if (a.words.length !== b.words.length) return null
  const parts: string[] = []
  for (const [index, word] of a.words.entries()) {
    const other = b.words[index]!
    if (word !== null && other !== null && word !== other) return null
    parts.push(word ?? other ?? 'x')
  }
  return parts.join(':')
}
