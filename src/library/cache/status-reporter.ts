import type { Clock } from '../kernel/clock.js'
import { emit, type BackendState, type BackendType } from '../kernel/events.js'

/** Remembers how the backend is doing and says so when that changes. */
export class StatusReporter {
  readonly #clock: Clock
  readonly #cache: string
  readonly #backend: BackendType
  readonly #observe: () => BackendState
  #state: BackendState = 'up'
  #since: number
  #enteredAt: number

  constructor(clock: Clock, cache: string, backend: BackendType, observe: () => BackendState) {
    this.#clock = clock
    this.#cache = cache
    this.#backend = backend
    this.#observe = observe
    this.#since = clock.wallNow()
    this.#enteredAt = clock.now()
  }

  /** When the state was entered, ms since the epoch. */
  get since(): number {
    return this.#since
  }

  get state(): BackendState {
    return this.refresh()
  }

  readonly refresh = (): BackendState => {
    const state = this.#observe()
    if (state === this.#state) return state
    const now = this.#clock.now()
    const event = { from: this.#state, to: state, lastedMs: now - this.#enteredAt }
    this.#state = state
    this.#since = this.#clock.wallNow()
    this.#enteredAt = now
    emit({ type: 'state', cache: this.#cache, backend: this.#backend, ...event })
    return state
  }
}
