/** The smallest value that `share` of all values do not exceed (nearest rank); null without values. */
export function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  const rank = Math.max(1, Math.ceil(sorted.length * share))
  return sorted[rank - 1] ?? null
}
