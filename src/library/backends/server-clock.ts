import type { Clock } from '../kernel/clock.js'

/** A script answers in whole milliseconds, the rest is cut off. */
const CUT_OFF_MS = 1

/**
 * What time it is on the server, told by its own answers on one connection: never later than it really is there, and
 * earlier by one way of the fastest answer seen.
 *
 * Our wall clock plays no part, so it may be wrong by minutes or jump. Unknown until the first answer, and again
 * whenever the connection is lost: the next one may lead to another machine.
 */
export class ServerClock {
  readonly #clock: Clock
  #offsetMs: number | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number | null {
    return this.#offsetMs === null ? null : this.#clock.now() + this.#offsetMs
  }

  /** @param serverMs the server's clock as it answered · @param askedAt when it was asked, on our monotonic clock */
  observe(serverMs: number, askedAt: number): void {
    if (!Number.isFinite(serverMs)) return
    // It answered somewhere between the question and now, which bounds the offset from both sides.
    const least = serverMs - this.#clock.now()
    const most = serverMs + CUT_OFF_MS - askedAt
    const known = this.#offsetMs
    const setBack = known !== null && known > most
    this.#offsetMs = known === null || setBack ? least : Math.max(known, least)
  }

  forget(): void {
    this.#offsetMs = null
  }
}
