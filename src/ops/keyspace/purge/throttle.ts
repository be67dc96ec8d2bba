import { setTimeout as sleep } from 'node:timers/promises'
import type { OperatorClient } from '../../../library/backends/operator.js'
import { percentile } from './percentile.js'

/**
 * Keys in one step: what one command holds the server up for. WATCH compares each key with all that are watched already,
 * so of 500 keys a step takes six times as long as of 128 (measured), and the purge twice as long.
 */
const FEWEST = 50
const MOST = 128
/** Bytes of values that are brought over in one step: a slow line still carries them within the deadline of a command. */
const MOST_BYTES = 4 * 1024 * 1024
/** A round trip so much longer than an idle one tells that the server has more to do than it can. */
const SLOW_MS = 10
const LONGEST_REST_MS = 500
/** Round trips that are remembered. */
const REMEMBERED = 1000

export interface ThrottleOptions {
  /** Keys per second at most. @default as fast as the server allows */
  maxRate?: number | null
  /** An idle round trip, in ms; see `idleRoundTrip`. */
  idleMs: number
  /** What a step brings over for each of its keys, about. @default 0, as without an undo file */
  bytesPerKey?: number
  signal?: AbortSignal | undefined
}

/** The median of ten PINGs, in ms. @throws OperatorError */
export async function idleRoundTrip(client: OperatorClient): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < 10; count++) {
    const begun = performance.now()
    await client.send('PING')
    times.push(performance.now() - begun)
  }
  return percentile(times, 0.5)
}

/**
 * Decides how many keys the next step takes, and how long to rest before it: half as many, and as long as the step
 * took, after a round trip that was more than 10 ms above an idle one; a quarter more after a quick one.
 */
export class Throttle {
  readonly #options: ThrottleOptions
  readonly #most: number
  #size: number
  #bytesPerKey: number
  #restMs = 0
  #begun: number | null = null
  #keys = 0
  #times: number[] = []
  restedMs = 0

  constructor(options: ThrottleOptions) {
    this.#options = options
    // Four steps per second, so that a low rate is no burst once a second.
    this.#most = Math.max(1, Math.min(MOST, Math.ceil((options.maxRate ?? Infinity) / 4)))
    this.#size = Math.min(this.#most, 100)
    this.#bytesPerKey = options.bytesPerKey ?? 0
  }

  /** Keys that the next step may take. */
  get size(): number {
    return Math.max(1, Math.min(this.#size, Math.floor(MOST_BYTES / this.#bytesPerKey)))
  }

  get idleMs(): number {
    return this.#options.idleMs
  }

  /** Round trips seen so far, the last thousand, in ms. */
  get roundTrips(): readonly number[] {
    return this.#times
  }

  /** What a step brought over. Larger values count at once, smaller ones by and by. */
  weighed(bytes: number, keys: number): void {
    this.#bytesPerKey = Math.max(bytes / keys, (bytes / keys + this.#bytesPerKey) / 2)
  }

  /** Times the command that changes something. */
  async timed<T>(change: () => Promise<T>): Promise<T> {
    const begun = performance.now()
    const reply = await change()
    this.#saw(performance.now() - begun)
    return reply
  }

  /** Waits after a step of so many keys; cut short by the signal. */
  async rest(keys: number): Promise<void> {
    const { maxRate, signal } = this.#options
    this.#begun ??= performance.now()
    this.#keys += keys
    const due = maxRate == null ? 0 : this.#begun + (this.#keys * 1000) / maxRate - performance.now()
    const ms = Math.max(this.#restMs, due)
    if (ms < 1 || signal?.aborted) return
    const began = performance.now()
    await sleep(ms, undefined, { signal }).catch(() => {})
    this.restedMs += performance.now() - began
  }

  #saw(ms: number): void {
    if (this.#times.length === REMEMBERED) this.#times.shift()
    this.#times.push(ms)
    if (ms > this.#options.idleMs + SLOW_MS) {
      this.#size = Math.max(Math.min(FEWEST, this.#most), Math.floor(this.#size / 2))
      this.#restMs = Math.min(LONGEST_REST_MS, ms)
    } else {
      this.#size = Math.min(this.#most, Math.ceil(this.#size * 1.25))
      this.#restMs = this.#restMs < 1 ? 0 : this.#restMs / 2
    }
  }
}
