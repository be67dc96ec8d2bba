import { distance } from 'fastest-levenshtein'

/** The candidate that `value` was most likely meant to be; undefined when none is close. */
export function nearest(value: string, candidates: Iterable<string>): string | undefined {
  const wanted = value.toLowerCase()
  let best: { candidate: string; cost: number } | undefined
  for (const candidate of candidates) {
    const known = candidate.toLowerCase()
    // A prefix that somebody stopped typing is as good as one slip.
    const cost = wanted.length >= 3 && known.startsWith(wanted) ? 1 : distance(wanted, known)
    // Two slips, which two swapped letters are, need a word long enough to be recognised.
    const tolerance = Math.max(
      known.length > 3 ? 2 : 1,
      Math.floor(Math.max(wanted.length, known.length) * 0.4),
    )
    if (cost <= tolerance && (best === undefined || cost < best.cost)) best = { candidate, cost }
  }
  return best?.candidate
}
