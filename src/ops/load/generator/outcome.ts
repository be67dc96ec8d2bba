/** What was asked for. */
export type Asked = 'read' | 'put' | 'invalidate' | 'check' | 'request'

const ASKED: readonly Asked[] = ['read', 'put', 'invalidate', 'check', 'request']

/** What became of an operation, each in a bit of its own. */
export const OUTCOME = {
  /** An error reached the caller. */
  error: 1 << 3,
  /** The answer came from the cache. */
  hit: 1 << 4,
  /** It came from the source. */
  loaded: 1 << 5,
  /** It came from the source although the cache had been given it, and its time was not over. */
  fallback: 1 << 6,
  /** A limiter, or an app with 429, said no. */
  denied: 1 << 7,
  /** The limiter could not count, so that its declared policy decided. */
  uncounted: 1 << 8,
  /** It was let through although the limit was reached, by the limiter's own count of its window. */
  overAdmitted: 1 << 9,
  /** An app answered 5xx. */
  serverError: 1 << 10,
  /** Too much was in flight to begin it: it counts as never answered, which is the subject's doing. */
  refused: 1 << 11,
} as const

const PART_SHIFT = 16

/** In one number, as it is sent: what was asked, of which part of the traffic, and what became of it. */
export function outcomeOf(asked: Asked, part: number, bits = 0): number {
  return ASKED.indexOf(asked) | bits | (part << PART_SHIFT)
}

export function askedIn(outcome: number): Asked {
  return ASKED[outcome & 7] ?? 'request'
}

/** Index of the family, limiter or endpoint. */
export function partIn(outcome: number): number {
  return outcome >>> PART_SHIFT
}
