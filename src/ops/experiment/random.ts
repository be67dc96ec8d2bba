/** A number in [0, 1), like `Math.random`, but from a seed: the same seed gives the same drill. */
export type Random = () => number

/** Mulberry32: 32 bits of state, good enough to draw keys and gaps, and the same on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The same items in a random order; the array itself stays as it is. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const pick = Math.floor(random() * (last + 1))
    ;[result[last], result[pick]] = [result[pick] as T, result[last] as T]
  }
  return result
}
