import type { Clock } from '../kernel/clock.js'

/** A load that is under way, shared by everybody who found the same thing in its stead. */
export interface Flight<R> {
  /** What its first caller found where the value should have been, null for no answer; compares like with like. */
  readonly found: string | null
  readonly startedAt: number
  /** Set when the key was written or invalidated meanwhile: what it loads is not to be stored. */
  forgotten: boolean
  readonly result: Promise<R>
}

/** Who does not know whether somebody invalidated meanwhile may be told what others may be told: see C9. */
const UNKNOWN_LONGEST_MS = 1000

/** One load per key and process at a time. The loader's own error reaches every caller of its flight, untouched. */
export class SingleFlight<R> {
  readonly #clock: Clock
  readonly #longestMs: number
  readonly #flights = new Map<string, Flight<R>>()

  /** @param longestMs a flight older than this is joined by nobody */
  constructor(clock: Clock, longestMs: number) {
    this.#clock = clock
    this.#longestMs = longestMs
  }

  /**
   * Joins the load of this key or starts one. A load that began before the key looked as it does now is not joined:
   * somebody has invalidated in between. Without an answer (null) nobody can tell, so only a young load is joined.
   */
  run(key: string, found: string | null, load: (flight: Flight<R>) => Promise<R>): Promise<R> {
    const now = this.#clock.now()
    const known = this.#flights.get(key)
    const longestMs = found === null ? Math.min(UNKNOWN_LONGEST_MS, this.#longestMs) : this.#longestMs
    if (known && (found === null || known.found === found) && now - known.startedAt < longestMs)
      return known.result
    if (known) known.forgotten = true
    const { promise, resolve, reject } = promiseParts<R>()
    const flight: Flight<R> = { found, startedAt: now, forgotten: false, result: promise }
    this.#flights.set(key, flight)
    load(flight).then(resolve, reject)
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    promise.then(land, land)
    return promise
  }

  /** The load under way, if any, is neither joined nor stored from now on. */
  forget(key: string): void {
    const flight = this.#flights.get(key)
    if (!flight) return
    flight.forgotten = true
    this.#flights.delete(key)
  }
}

function promiseParts<R>() {
  let resolve!: (value: R) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<R>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
