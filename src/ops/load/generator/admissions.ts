/** The worker's own count of what a limiter has let through. */
export interface Admissions {
  /**
   * One was let through.
   * @returns whether that was more than the limit, beyond doubt
   */
  admitted(identifier: number, beginMs: number, answerMs: number): boolean
}

const FIRST_ROOM = 8

/** The last admissions of one identifier, in a ring of at most `limit`. */
interface Ring {
  begins: Float64Array
  /** How many there are, and where the oldest is. */
  size: number
  oldest: number
}

/**
 * When a limiter has decided is known only to lie between the question and the answer. So an admission is called too many only if
 * `limit` others were *asked for* less than `windowMs` before its *answer*: whenever they were decided, all of them lie within
 * one window. It may thus miss some, and accuses nobody wrongly.
 *
 * Takes memory for `limit` times of each identifier at most.
 */
export function countAdmissions({ limit, windowMs }: { limit: number; windowMs: number }): Admissions {
  const rings = new Map<number, Ring>()

  const add = (ring: Ring, beginMs: number) => {
    if (ring.size === limit) {
      ring.begins[ring.oldest] = beginMs
      ring.oldest = (ring.oldest + 1) % limit
      return
    }
    // Until it is full nothing has been overwritten, so that the oldest is the first.
    if (ring.size === ring.begins.length) {
      const larger = new Float64Array(Math.min(limit, 2 * ring.size))
      larger.set(ring.begins)
      ring.begins = larger
    }
    ring.begins[ring.size++] = beginMs
  }

  return {
    admitted: (identifier, beginMs, answerMs) => {
      let ring = rings.get(identifier)
      if (!ring) {
        ring = { begins: new Float64Array(Math.min(limit, FIRST_ROOM)), size: 0, oldest: 0 }
        rings.set(identifier, ring)
      }
      const { begins, size, oldest } = ring
      let isOver = size === limit
      // The oldest first: it is most often the one that lies outside.
      for (let step = 0; isOver && step < limit; step++)
        isOver = begins[(oldest + step) % limit]! > answerMs - windowMs
      add(ring, beginMs)
      return isOver
    },
  }
}
