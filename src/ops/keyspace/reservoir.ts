/** Mulberry32: the same seed picks the same places of a stream. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * A fair sample of a stream whose length nobody knows (algorithm R). A place is handed out when an item comes by, so
 * that it can be looked at while it is fresh; a later item may take the place over.
 */
export class Reservoir {
  readonly #random: () => number
  #seen = 0

  /** @param capacity Infinity: every item gets a place of its own */
  constructor(
    readonly capacity: number,
    seed: number,
  ) {
    this.#random = seededRandom(seed)
  }

  /** How many came by. */
  get seen(): number {
    return this.#seen
  }

  /** The place for the item that comes by now; null when it is not picked. */
  offer(): number | null {
    this.#seen += 1
    if (this.#seen <= this.capacity) return this.#seen - 1
    const place = Math.floor(this.#random() * this.#seen)
    return place < this.capacity ? place : null
  }
}
