import { Z } from './noise.js'

/** A stretch of time: how many of it count, and of how many operations, or of how many milliseconds. */
export interface Stretch {
  count: number
  of: number
}

/** Of fewer, nothing can be said about their scatter. */
const LEAST_FREEDOM = 2

/**
 * By how much wider an interval is than if every operation were independent of the others; 1 at least.
 *
 * They are not: a pause of the machine makes all of its moment late. So counts of one second scatter more around their mean than
 * a binomial or Poisson distribution lets them, by the dispersion φ = X²/ν (P. McCullagh & J. A. Nelder, Generalized Linear
 * Models, §4.5 and §6.2), X² being Pearson's over the stretches and ν their degrees of freedom. As φ is itself only estimated,
 * Student's t stands for the normal distribution.
 *
 * @param groups stretches that should be alike, by what they have in common; none is compared with those of another group
 * @param kind `share`: of operations, each of which counts or not. `rate`: of milliseconds
 */
export function scatterOf(groups: readonly (readonly Stretch[])[], kind: 'share' | 'rate'): number {
  let pearson = 0
  let freedom = 0
  for (const group of groups) {
    const seen = group.filter(({ of }) => of > 0)
    const mean = sum(seen.map(({ count }) => count)) / sum(seen.map(({ of }) => of))
    // Where none counts, or all do, there is nothing that could scatter.
    if (seen.length < 2 || mean === 0 || (kind === 'share' && mean === 1)) continue
    for (const { count, of } of seen) {
      const expected = mean * of
      pearson += (count - expected) ** 2 / (kind === 'share' ? expected * (1 - mean) : expected)
    }
    freedom += seen.length - 1
  }
  if (freedom < LEAST_FREEDOM) return 1
  return Math.max(1, (studentsT(freedom) / Z) * Math.sqrt(pearson / freedom))
}

/** The 97.5 % quantile of Student's t, by its expansion around the normal's (Abramowitz & Stegun, 26.7.5); 3 % off at two degrees. */
export function studentsT(freedom: number): number {
  const terms = [
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
  ]
  return terms.reduce((t, term, index) => t + term / freedom ** (index + 1), Z)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
