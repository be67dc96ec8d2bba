/** Ten observations must lie beyond a percentile, or the next run could show twice or half of it. */
const BEYOND = 10

export function samplesFor(share: number): number {
  return Math.round(BEYOND / (1 - share))
}

/** One in a hundred may be missing: a phase may begin and end between two starts. */
const EDGE = 0.01

export function isEnough(there: number, needs: number): boolean {
  return there > 0 && there >= needs * (1 - EDGE)
}

/** Of 50 reads a hit rate is known to seven points at worst (one standard error). */
export const READS = 50
