import type { Estimate } from '../report/keys-report.js'
import type { Moments } from './moments.js'

const Z_95 = 1.96

/** How many of `total` have a property that `hits` of `sampled` have. */
export function estimateCount(hits: number, sampled: number, total: number): Estimate {
  if (sampled === 0) return { value: 0, margin: total }
  if (sampled >= total) return { value: hits, margin: 0 }
  // None (or all) of the sample: with 95 % confidence at most 3 in n of the others (rule of three).
  if (hits === 0 || hits === sampled) {
    return { value: hits === 0 ? 0 : total, margin: Math.min(total, Math.ceil((3 * total) / sampled)) }
  }
  const share = hits / sampled
  const margin = Z_95 * total * Math.sqrt((share * (1 - share)) / sampled) * correction(sampled, total)
  return { value: Math.round(share * total), margin: Math.ceil(margin) }
}

/** The sum over `total` items of which some were looked at. */
export function estimateSum({ count: sampled, sum, variance }: Moments, total: number): Estimate {
  if (sampled === 0) return { value: 0, margin: 0 }
  if (sampled >= total) return { value: sum, margin: 0 }
  const margin = Z_95 * total * Math.sqrt(variance / sampled) * correction(sampled, total)
  // Alike in the sample is not alike everywhere.
  return { value: Math.round((sum / sampled) * total), margin: Math.max(1, Math.ceil(margin)) }
}

/** A sample that is a good part of the whole errs less. */
function correction(sampled: number, total: number): number {
  return Math.sqrt((total - sampled) / Math.max(1, total - 1))
}
