import type { Random } from '../../experiment/random.js'

/** Draws 0 to `count` - 1: n in proportion to 1 / (n + 1)^skew, which is Zipf's law; with skew 0 each equally often. */
export function zipf(count: number, skew: number, random: Random): () => number {
  if (skew === 0) return () => Math.floor(random() * count)
  return drawn(
    Float64Array.from({ length: count }, (_, index) => (index + 1) ** -skew),
    random,
  )
}

/** Draws the index of a weight, in proportion to it. */
export function weighted(weights: readonly number[], random: Random): () => number {
  return weights.length === 1 ? () => 0 : drawn(Float64Array.from(weights), random)
}

/** By halving the sums: log2 of their number steps. */
function drawn(bounds: Float64Array, random: Random): () => number {
  for (let index = 1; index < bounds.length; index++) bounds[index]! += bounds[index - 1]!
  const sum = bounds[bounds.length - 1] ?? 0
  return () => {
    const point = random() * sum
    let low = 0
    for (let high = bounds.length - 1; low < high;) {
      const middle = (low + high) >>> 1
      if (point < bounds[middle]!) high = middle
      else low = middle + 1
    }
    return low
  }
}
