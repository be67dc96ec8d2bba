import type { Clock } from '../kernel/clock.js'

/**
 * What time it is on the server, estimated from its own answers on one connection.
 *
 * Our wall clock plays no part, so it may be wrong by minutes or jump. The estimate's error is at most half the
 * fastest round trip seen. Unknown until the first answer, and again whenever the connection is lost: the next one
 * may lead to another machine.
 */
export class ServerClock {
  readonly #clock: Clock
  #offsetMs: number | null = null
  #bestRoundTripMs = Infinity

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number | null {
    return this.#offsetMs === null ? null : this.#clock.now() + this.#offsetMs
  }

  /** @param serverMs the server's clock as it answered · @param askedAt when it was asked, on our monotonic clock */
  observe(serverMs: number, askedAt: number): void {
    if (!Number.isFinite(serverMs)) return
    const answeredAt = this.#clock.now()
    const roundTripMs = answeredAt - askedAt
    const offsetMs = serverMs - (askedAt + answeredAt) / 2
    const known = this.#offsetMs
    // A slower answer knows less, unless it proves the estimate wrong: then the server's clock was set.
    const disproved =
      known !== null && Math.abs(offsetMs - known) > roundTripMs / 2 + this.#bestRoundTripMs / 2 + 1
    if (known !== null && roundTripMs > this.#bestRoundTripMs && !disproved) return
    this.#offsetMs = offsetMs
    this.#bestRoundTripMs = roundTripMs
  }

  forget(): void {
    this.#offsetMs = null
    this.#bestRoundTripMs = Infinity
  }
}
