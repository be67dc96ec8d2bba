const HALF_CHARACTER = /\p{Surrogate}/u

/**
 * Whether this can be somebody's identifier. Half of a surrogate pair would be written into a query's URL as the one
 * character that stands for all of them, as into a key: it would mean what is somebody else's.
 */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !HALF_CHARACTER.test(value)
}
