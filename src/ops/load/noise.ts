import type { Allowance } from './options.js'
import type { SavedWindow } from './saved-report.js'
import { isEnough, samplesFor } from './slo/samples.js'
import { quantileOf } from './window.js'

/** Of the standard normal distribution: 95 % of it lie within. */
export const Z = 1.96
export const CONFIDENCE = 0.95

/** A number as one run shows it, and between which it lies; Infinity: among what was never answered. */
export interface Estimate {
  value: number
  low: number
  high: number
  /** One run cannot say how much chance is in it. */
  seenOnce?: true
}

export function seenOnce(value: number): Estimate {
  return { value, low: value, high: value, seenOnce: true }
}

/**
 * A percentile, and its confidence interval from order statistics: between the values of rank ⌊nq − z√(nq(1−q))⌋ and
 * ⌈nq + z√(nq(1−q))⌉ + 1, whatever the distribution is (W. J. Conover, Practical Nonparametric Statistics, §3.2; J.-Y. Le Boudec,
 * Performance Evaluation of Computer and Communication Systems, theorem 2.1). Null with too few operations. What was never
 * answered counts as endless.
 *
 * @param scatter by how much wider it is than if operations were independent, of those that took longer than that
 */
export function quantileEstimate(
  { phase, latency }: SavedWindow,
  share: number,
  scatter: (beyondMs: number) => number = () => 1,
): Estimate | null {
  const all = { latency, pending: phase.pending }
  const n = latency.count + phase.pending
  const value = quantileOf(all, share)
  if (value === null || !isEnough(n, samplesFor(share))) return null
  const spread = Z * scatter(value) * Math.sqrt(n * share * (1 - share))
  const ofRank = (rank: number) => quantileOf(all, Math.min(Math.max(rank, 1), n) / n) ?? value
  return {
    value,
    low: ofRank(Math.floor(n * share - spread)),
    high: ofRank(Math.ceil(n * share + spread) + 1),
  }
}

/** A share of `total`, and E. B. Wilson's score interval (1927), which holds near 0 and 1 as well. Null of nothing. */
export function shareEstimate(count: number, total: number, scatter = 1): Estimate | null {
  if (total === 0) return null
  const value = count / total
  const z2 = (Z * scatter) ** 2
  const centre = (value + z2 / (2 * total)) / (1 + z2 / total)
  const half =
    (Math.sqrt(z2) / (1 + z2 / total)) * Math.sqrt((value * (1 - value)) / total + z2 / (4 * total * total))
  return {
    value,
    low: count === 0 ? 0 : Math.max(0, centre - half),
    high: count === total ? 1 : Math.min(1, centre + half),
  }
}

/** Events per second, and the score interval of a Poisson count: c + z²/2 ± z√(c + z²/4). Null of no time. */
export function rateEstimate(count: number, durationMs: number, scatter = 1): Estimate | null {
  if (durationMs <= 0) return null
  const seconds = durationMs / 1000
  const z = Z * scatter
  const centre = count + (z * z) / 2
  const half = z * Math.sqrt(count + (z * z) / 4)
  return {
    value: count / seconds,
    low: Math.max(0, centre - half) / seconds,
    high: (centre + half) / seconds,
  }
}

/** A ratio of two Poisson counts, whose logarithm varies by 1/c + 1/d (Katz and others, 1978). */
export function ratioEstimate(value: number, count: number, among: number): Estimate {
  if (count === 0 || among === 0) return { value, low: 0, high: Infinity }
  const factor = Math.exp(Z * Math.sqrt(1 / count + 1 / among))
  return { value, low: value / factor, high: value * factor }
}

/** Whether `now` is more than `then` by what neither chance nor the allowance explains. `floor`: in the unit of the values. */
export function isMore(
  now: Estimate,
  then: Estimate,
  { factor }: Pick<Allowance, 'factor'>,
  floor: number,
): boolean {
  if (now.low <= then.high) return false
  return now.value > Math.max(then.value * factor, then.value + floor)
}
