import type { Clock } from '../kernel/clock.js'

/** One key's place in the journal. */
export interface Entry {
  readonly expiresAt: number
  /** SHA-1 of the text that may stay; null: nothing may. */
  readonly allowed: string | null
}

/**
 * Keys under which the backend may hold what must not be served any more. Such a key must be a miss; it leaves when
 * that is taken away, or when it has expired by itself. Bounded: the oldest is given up, and counted.
 */
export class Journal {
  readonly #clock: Clock
  readonly #max: number
  readonly #entries = new Map<string, Entry>()
  #lost = 0

  constructor(clock: Clock, max: number) {
    this.#clock = clock
    this.#max = max
  }

  get size(): number {
    return this.#entries.size
  }

  /** Keys given up since the start: their entries may be served until their TTL ends. */
  get lost(): number {
    return this.#lost
  }

  /** @param ttlMs longest that the backend can hold anything under this key. Returns how many keys were lost. */
  add(key: string, ttlMs: number, allowed: string | null = null): number {
    if (this.#max === 0) {
      this.#lost++
      return 1
    }
    const known = this.#entries.get(key)
    // Of two texts nobody knows which came last, so neither may stay.
    const both = known && known.allowed !== allowed ? null : allowed
    // Deleted first, so that the last failure decides the key's place in the queue.
    this.#entries.delete(key)
    this.#entries.set(key, { expiresAt: this.#clock.now() + ttlMs, allowed: both })
    if (this.#entries.size <= this.#max) return 0
    this.#dropExpired()
    let lost = 0
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#max) break
      this.#entries.delete(oldest)
      lost++
    }
    this.#lost += lost
    return lost
  }

  has(key: string): boolean {
    if (this.#entries.size === 0) return false
    const entry = this.#entries.get(key)
    if (entry === undefined) return false
    if (entry.expiresAt > this.#clock.now()) return true
    this.#entries.delete(key)
    return false
  }

  /** What is to be delivered now; each entry is the receipt for `delivered`. */
  pending(): [key: string, entry: Entry][] {
    this.#dropExpired()
    return [...this.#entries]
  }

  entry(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  /** A key that was journalled again meanwhile stays. Returns whether it left. */
  delivered(key: string, entry: Entry): boolean {
    return this.#entries.get(key) === entry && this.#entries.delete(key)
  }

  /** Everything that still waits is lost. Returns how much that is. */
  giveUp(): number {
    this.#dropExpired()
    const lost = this.#entries.size
    this.#entries.clear()
    this.#lost += lost
    return lost
  }

  /** An invalidation that cannot even wait. */
  lose(): void {
    this.#lost++
  }

  #dropExpired(): void {
    const now = this.#clock.now()
    for (const [key, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(key)
  }
}
