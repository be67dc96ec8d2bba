import type { Clock } from '../kernel/clock.js'
import { emit } from '../kernel/events.js'
import { copyOf } from './copy-of.js'
import { LoadBulkhead } from './load-bulkhead.js'
import { NOT_FOUND } from './not-found.js'
import type { Refusal } from './refused-value.js'
import { SingleFlight } from './single-flight.js'
import type { ValueCodec } from './value-codec.js'
import { keyFault } from './value-limits.js'

/** What the loader of `getOrLoad` may answer. */
export type Load<T> = () => Promise<T | typeof NOT_FOUND | null>

/** What a load brought: the value itself, and its text if it has one. */
interface Loaded<T> {
  value: T | null
  text: string | null
}

interface LoaderOptions<T> {
  name: string
  clock: Clock
  codec: ValueCodec<T>
  maxConcurrentLoads: number
  /** A load older than this, in ms, is joined by nobody. */
  longestMs: number
}

/** What becomes of a load's answer besides being answered; each is called at most once per load. */
interface Filling {
  /** It can be stored, and nobody wrote or invalidated the key meanwhile. */
  loaded(answer: string | typeof NOT_FOUND): void
  /** It is no value that can be stored. */
  refused(refusal: Refusal): void
}

const QUIET_MS = 60_000

/**
 * Asks the source: one load per key for everybody who asks meanwhile, so many loads at a time. Each caller gets the text
 * parsed anew: what one of them changes must not reach the others, and types are those of a hit.
 */
export class Loader<T> {
  readonly #options: LoaderOptions<T>
  readonly #flights: SingleFlight<Loaded<T>>
  readonly #bulkhead: LoadBulkhead
  #rejectedAt = -Infinity

  constructor(options: LoaderOptions<T>) {
    const { clock, longestMs, maxConcurrentLoads } = options
    this.#options = options
    this.#flights = new SingleFlight(clock, longestMs)
    this.#bulkhead = new LoadBulkhead(clock, maxConcurrentLoads, (error) => this.#say(error))
  }

  /**
   * @param found what the caller found in the value's stead; null when it got no answer
   * @throws whatever the load rejects with; BulkheadRejectedError for a load that was not started
   */
  async load(key: string, found: string | null, load: Load<T>, filling?: Filling): Promise<T | null> {
    // A key that is none says nothing about whose value it is.
    if (keyFault(key) !== null) return valueOf(await this.#bulkhead.run(load))
    const { codec } = this.#options
    let isOwn = false
    const { value, text } = await this.#flights.run(key, found, async (flight) => {
      isOwn = true
      const answer = await this.#bulkhead.run(load)
      const value = valueOf(answer)
      if (value === null) {
        if (answer === NOT_FOUND && !flight.forgotten) filling?.loaded(NOT_FOUND)
        return { value, text: null }
      }
      const encoded = codec.encode(value)
      if (encoded.refused !== null) {
        filling?.refused(encoded.refused)
        return { value, text: null }
      }
      if (!flight.forgotten) filling?.loaded(encoded.text)
      return { value, text: encoded.text }
    })
    const own = text === null ? null : codec.decode(text)
    return own ?? (isOwn ? value : copyOf(value))
  }

  /** The load under way, if any, is neither joined nor stored from now on. */
  forget(key: string): void {
    this.#flights.forget(key)
  }

  /** A source that is overloaded for long is worth a line now and then, not one per request. */
  #say({ message }: Error): void {
    const now = this.#options.clock.now()
    if (now - this.#rejectedAt >= QUIET_MS) emit({ type: 'warning', subject: this.#options.name, message })
    this.#rejectedAt = now
  }
}

function valueOf<T>(answer: T | typeof NOT_FOUND | null | undefined): T | null {
  return answer === NOT_FOUND || answer === undefined ? null : answer
}
