import type { Clock } from '../kernel/clock.js'

/** Library study §4.3. */
const WINDOW_MS = 10_000
const TOO_FREQUENT = 0.5

/**
 * Whether half of the calls fail. It counts from a failure on, for 10 s, so that calls which succeed cost an increment
 * and no look at the clock.
 */
export class FailureRate {
  readonly #clock: Clock
  readonly #minCalls: number
  #since = -Infinity
  #failed = 0
  #succeeded = 0

  /** @param minCalls of fewer calls nothing is concluded */
  constructor(clock: Clock, minCalls: number) {
    this.#clock = clock
    this.#minCalls = minCalls
  }

  succeeded(): void {
    this.#succeeded++
  }

  /** True when too many have failed, this one included. */
  failed(): boolean {
    const now = this.#clock.now()
    if (now - this.#since >= WINDOW_MS) {
      this.clear()
      this.#since = now
    }
    this.#failed++
    const calls = this.#failed + this.#succeeded
    return calls >= this.#minCalls && this.#failed >= calls * TOO_FREQUENT
  }

  clear(): void {
    this.#since = -Infinity
    this.#failed = 0
    this.#succeeded = 0
  }
}
