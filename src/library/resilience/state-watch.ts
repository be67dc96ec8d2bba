import type { Clock } from '../kernel/clock.js'
import type { BackendState } from '../kernel/events.js'

export interface StateChange {
  from: BackendState
  to: BackendState
  /** How long `from` lasted, in ms. */
  lastedMs: number
}

/** Remembers how a backend is doing and tells when that changes. */
export class StateWatch {
  readonly #clock: Clock
  readonly #observe: () => BackendState
  readonly #onChange: (change: StateChange) => void
  #state: BackendState = 'up'
  #since: number
  #enteredAt: number

  constructor(clock: Clock, observe: () => BackendState, onChange: (change: StateChange) => void) {
    this.#clock = clock
    this.#observe = observe
    this.#onChange = onChange
    this.#since = clock.wallNow()
    this.#enteredAt = clock.now()
  }

  /** When the state was entered, ms since the epoch. */
  get since(): number {
    return this.#since
  }

  /** Looks, tells of a change, and answers the state. */
  readonly refresh = (): BackendState => {
    const to = this.#observe()
    const from = this.#state
    if (to === from) return to
    const now = this.#clock.now()
    const lastedMs = now - this.#enteredAt
    this.#state = to
    this.#since = this.#clock.wallNow()
    this.#enteredAt = now
    this.#onChange({ from, to, lastedMs })
    return to
  }
}
