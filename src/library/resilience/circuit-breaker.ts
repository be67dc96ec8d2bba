import type { Clock } from '../kernel/clock.js'
import { FailureRate } from './failure-rate.js'

/** When a breaker opens, and how long it waits before it looks again. */
export interface BreakerOptions {
  /**
   * Failures in a row that open it. It also opens when, of four times as many calls within 10 s, half failed: a backend
   * that answers every other call never fails often enough in a row. @default 5
   */
  failures: number
  /** How long it stays open at first, in ms, ± 20 %. @default 500 */
  openMs: number
  /** The wait doubles with each failed probe up to this, in ms; not while the backend says itself that it is busy. @default 10000 */
  maxOpenMs: number
}

export type BreakerState = 'closed' | 'open' | 'half-open'

/**
 * `configuration`: credentials or a quota, which no wait of milliseconds mends · `notYet`: it answers that it cannot serve
 * now, and will by itself, so that looking again is cheap and the waits do not grow.
 */
export type FailureKind = 'failure' | 'configuration' | 'notYet'

const JITTER = 0.2
/** Library study §4.3. A connection that becomes usable is probed at once all the same. */
const CONFIGURATION_OPEN_MS = 60_000
/** Library study §4.3: half of 20 calls, with the 5 failures in a row that are the default. */
const RATE_CALLS_PER_FAILURE = 4

/**
 * May I call? A state machine over time that knows nothing of calls.
 *
 * closed → open after `failures` in a row, or when half of the calls fail; open → half-open when a probe starts;
 * half-open → closed or open by the probe's outcome. Outcomes of calls that were in flight when it opened change
 * nothing: they must not extend the wait.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions
  readonly #clock: Clock
  readonly #random: () => number
  readonly #rate: FailureRate
  #state: BreakerState = 'closed'
  #failuresInARow = 0
  #waitMs: number
  #probeAt = 0
  #urgentProbeAt = 0

  constructor(options: BreakerOptions, clock: Clock, random: () => number = Math.random) {
    this.#options = options
    this.#clock = clock
    this.#random = random
    this.#rate = new FailureRate(clock, options.failures * RATE_CALLS_PER_FAILURE)
    this.#waitMs = options.openMs
  }

  get state(): BreakerState {
    return this.#state
  }

  /** When the next probe is due on the clock; meaningful while open. */
  get probeAt(): number {
    return this.#probeAt
  }

  /** The same for when something waits that others must hear of, such as an invalidation: never a minute. */
  get urgentProbeAt(): number {
    return this.#urgentProbeAt
  }

  recordSuccess(): void {
    if (this.#state !== 'closed') return
    this.#failuresInARow = 0
    this.#rate.succeeded()
  }

  /** True when this failure opened it. */
  recordFailure(kind: FailureKind = 'failure'): boolean {
    if (this.#state !== 'closed') return false
    this.#failuresInARow++
    const isTooFrequent = this.#rate.failed()
    if (this.#failuresInARow < this.#options.failures && !isTooFrequent) return false
    this.#waitMs = this.#options.openMs
    this.#open(kind)
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
  }

  probeFailed(kind: FailureKind = 'failure'): void {
    if (this.#state !== 'half-open') return
    const { openMs, maxOpenMs } = this.#options
    this.#waitMs = kind === 'notYet' ? openMs : Math.min(this.#waitMs * 2, maxOpenMs)
    this.#open(kind)
  }

  #open(kind: FailureKind): void {
    this.#state = 'open'
    this.#failuresInARow = 0
    this.#rate.clear()
    const now = this.#clock.now()
    const jitter = 1 - JITTER + 2 * JITTER * this.#random()
    this.#urgentProbeAt = now + this.#waitMs * jitter
    this.#probeAt = kind === 'configuration' ? now + CONFIGURATION_OPEN_MS * jitter : this.#urgentProbeAt
  }
}
