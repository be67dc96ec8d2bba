import type { Clock } from '../kernel/clock.js'

/**
 * Keys whose invalidation has not reached the backend. A key in here must be a miss; it leaves when its invalidation
 * is delivered, or when whatever the backend held has expired by itself. Bounded: the oldest is lost, and counted.
 */
export class Journal {
  readonly #clock: Clock
  readonly #max: number
  readonly #expiresAt = new Map<string, number>()
  #lost = 0

  constructor(clock: Clock, max: number) {
    this.#clock = clock
    this.#max = max
  }

  get size(): number {
    return this.#expiresAt.size
  }

  /** Invalidations given up since the start: their entries may be served until their TTL ends. */
  get lost(): number {
    return this.#lost
  }

  /** @param ttlMs longest that the backend can hold anything under this key. Returns how many keys were lost. */
  add(key: string, ttlMs: number): number {
    if (this.#max === 0) {
      this.#lost++
      return 1
    }
    // Deleted first, so that the last failure decides the key's place in the queue.
    this.#expiresAt.delete(key)
    this.#expiresAt.set(key, this.#clock.now() + ttlMs)
    if (this.#expiresAt.size <= this.#max) return 0
    this.#dropExpired()
    let lost = 0
    for (const oldest of this.#expiresAt.keys()) {
      if (this.#expiresAt.size <= this.#max) break
      this.#expiresAt.delete(oldest)
      lost++
    }
    this.#lost += lost
    return lost
  }

  has(key: string): boolean {
    if (this.#expiresAt.size === 0) return false
    const expiresAt = this.#expiresAt.get(key)
    if (expiresAt === undefined) return false
    if (expiresAt > this.#clock.now()) return true
    this.#expiresAt.delete(key)
    return false
  }

  /** What is to be delivered now, each with a receipt for `delivered`. */
  pending(): [key: string, receipt: number][] {
    this.#dropExpired()
    return [...this.#expiresAt]
  }

  /** That of a key that waits; undefined when it does not. */
  receipt(key: string): number | undefined {
    return this.#expiresAt.get(key)
  }

  /** A key that was journalled again meanwhile stays. Returns whether it left. */
  delivered(key: string, receipt: number): boolean {
    return this.#expiresAt.get(key) === receipt && this.#expiresAt.delete(key)
  }

  #dropExpired(): void {
    const now = this.#clock.now()
    for (const [key, expiresAt] of this.#expiresAt) if (expiresAt <= now) this.#expiresAt.delete(key)
  }
}
