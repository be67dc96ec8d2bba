/** Buckets for each doubling: a quantile is off by 0.4 % at most, and exact below twice as many. */
const STEPS = 128
const EXACT = 2 * STEPS
const EXACT_BITS = Math.log2(EXACT)
/** More than a lifetime or a size in Redis can be. */
const BITS = 53

/** How numbers from 0 on are distributed, in 24 KiB, however many there are. */
export class Distribution {
  readonly #buckets = new Uint32Array(EXACT + (BITS - EXACT_BITS) * STEPS)
  #count = 0
  #least = Infinity
  #most = -Infinity

  add(value: number): void {
    this.#buckets[bucketOf(value)]! += 1
    this.#count += 1
    if (value < this.#least) this.#least = value
    if (value > this.#most) this.#most = value
  }

  /** @param value one that was added */
  remove(value: number): void {
    this.#buckets[bucketOf(value)]! -= 1
    this.#count -= 1
  }

  /** The value that `share` of the numbers do not exceed; null without numbers. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null
    let left = Math.max(1, Math.ceil(share * this.#count))
    const bucket = this.#buckets.findIndex((count) => (left -= count) <= 0)
    return Math.min(this.#most, Math.max(this.#least, middleOf(bucket)))
  }
}

function bucketOf(value: number): number {
  if (value < EXACT) return Math.max(0, Math.floor(value))
  const bits = value < 2 ** 31 ? 31 - Math.clz32(value) : Math.floor(Math.log2(value))
  return EXACT + (bits - EXACT_BITS) * STEPS + Math.floor(value / 2 ** (bits - EXACT_BITS + 1)) - STEPS
}

function middleOf(bucket: number): number {
  if (bucket < EXACT) return bucket
  const doublings = Math.floor((bucket - EXACT) / STEPS)
  const step = ((bucket - EXACT) % STEPS) + STEPS
  const width = 2 ** (doublings + 1)
  return Math.round(step * width + (width - 1) / 2)
}
