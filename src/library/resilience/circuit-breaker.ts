import type { Clock } from '../kernel/clock.js'

export interface BreakerOptions {
  /** Failures in a row that open it. @default 5 */
  failures: number
  /** How long it stays open at first, in ms, ± 20 %. @default 500 */
  openMs: number
  /** The wait doubles with each failed probe up to this, in ms. @default 10000 */
  maxOpenMs: number
}

export type BreakerState = 'closed' | 'open' | 'half-open'

const JITTER = 0.2

/**
 * May I call? A state machine over time that knows nothing of calls.
 *
 * closed → open after `failures` in a row; open → half-open when a probe starts; half-open → closed or open by the
 * probe's outcome. Outcomes of calls that were in flight when it opened change nothing: they must not extend the wait.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions
  readonly #clock: Clock
  readonly #random: () => number
  #state: BreakerState = 'closed'
  #failuresInARow = 0
  #waitMs: number
  #probeAt = 0

  constructor(options: BreakerOptions, clock: Clock, random: () => number = Math.random) {
    this.#options = options
    this.#clock = clock
    this.#random = random
    this.#waitMs = options.openMs
  }

  get state(): BreakerState {
    return this.#state
  }

  /** When the next probe is due on the clock; meaningful while open. */
  get probeAt(): number {
    return this.#probeAt
  }

  recordSuccess(): void {
    if (this.#state === 'closed') this.#failuresInARow = 0
  }

  /** True when this failure opened it. */
  recordFailure(): boolean {
    if (this.#state !== 'closed') return false
    this.#failuresInARow++
    if (this.#failuresInARow < this.#options.failures) return false
    this.#waitMs = this.#options.openMs
    this.#open()
    return true
  }

  /** True when the caller may probe: exactly one does. */
  startProbe(): boolean {
    if (this.#state !== 'open') return false
    this.#state = 'half-open'
    return true
  }

  /** A connection is back: how long the outage was says nothing any more, so the next wait is `openMs` again. */
  connectionBack(): void {
    this.#waitMs = this.#options.openMs / 2
  }

  probeSucceeded(): void {
    if (this.#state !== 'half-open') return
    this.#state = 'closed'
    this.#failuresInARow = 0
  }

  probeFailed(): void {
    if (this.#state !== 'half-open') return
    this.#waitMs = Math.min(this.#waitMs * 2, this.#options.maxOpenMs)
    this.#open()
  }

  #open(): void {
    this.#state = 'open'
    this.#failuresInARow = 0
    this.#probeAt = this.#clock.now() + this.#waitMs * (1 - JITTER + 2 * JITTER * this.#random())
  }
}
