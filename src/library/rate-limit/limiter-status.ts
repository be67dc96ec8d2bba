import type { Clock } from '../kernel/clock.js'
import { emit, type BackendState, type LimiterBackendType } from '../kernel/events.js'

/** Remembers how a limiter's backend is doing and says so when that changes. */
export class LimiterStatusReporter {
  readonly #clock: Clock
  readonly #limiter: string
  readonly #backend: LimiterBackendType
  readonly #observe: () => BackendState
  #state: BackendState = 'up'
  #since: number
  #enteredAt: number

  constructor(clock: Clock, limiter: string, backend: LimiterBackendType, observe: () => BackendState) {
    this.#clock = clock
    this.#limiter = limiter
    this.#backend = backend
    this.#observe = observe
    this.#since = clock.wallNow()
    this.#enteredAt = clock.now()
  }

  /** When the state was entered, ms since the epoch. */
  get since(): number {
    return this.#since
  }

  readonly refresh = (): BackendState => {
    const to = this.#observe()
    const from = this.#state
    if (to === from) return to
    const now = this.#clock.now()
    const lastedMs = now - this.#enteredAt
    this.#state = to
    this.#since = this.#clock.wallNow()
    this.#enteredAt = now
    emit({ type: 'limiter-state', limiter: this.#limiter, backend: this.#backend, from, to, lastedMs })
    return to
  }
}
