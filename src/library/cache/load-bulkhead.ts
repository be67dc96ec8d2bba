import type { Clock, Timer } from '../kernel/clock.js'
import { BulkheadRejectedError } from '../kernel/errors.js'

/** Longest that a load waits for its turn, in ms. Who waits longer has been given up by its user, but not by the source. */
const QUEUE_MS = 1000
/** Bounds memory; what is served in time is bounded by the wait. */
const MAX_QUEUED = 10_000

interface Waiter {
  dueAt: number
  start(): void
  reject(error: Error): void
}

/**
 * Lets so many loads at a time reach the source; others wait their turn, in order and not for long. Without a cache every
 * request is a load, and a source that is given all of them at once answers none of them in time.
 */
export class LoadBulkhead {
  readonly #clock: Clock
  readonly #max: number
  readonly #onRejected: (error: BulkheadRejectedError) => void
  readonly #waiting = new Set<Waiter>()
  #running = 0
  #timer: Timer | null = null

  constructor(clock: Clock, max: number, onRejected: (error: BulkheadRejectedError) => void) {
    this.#clock = clock
    this.#max = max
    this.#onRejected = onRejected
  }

  /** @throws BulkheadRejectedError for a load that was not started; else as the load does */
  run<R>(load: () => Promise<R>): Promise<R> {
    if (this.#running < this.#max) return this.#start(load)
    return new Promise((resolve, reject) => {
      const start = () => void this.#start(load).then(resolve, reject)
      if (this.#waiting.size >= MAX_QUEUED) return this.#refuse(reject, `${MAX_QUEUED} more are waiting`)
      this.#waiting.add({ dueAt: this.#clock.now() + QUEUE_MS, start, reject })
      if (this.#timer === null) this.#arm(QUEUE_MS)
    })
  }

  async #start<R>(load: () => Promise<R>): Promise<R> {
    this.#running++
    try {
      return await load()
    } finally {
      this.#running--
      this.#startNext()
    }
  }

  #startNext(): void {
    const [next] = this.#waiting
    if (!next) return
    this.#waiting.delete(next)
    if (this.#waiting.size === 0) this.#disarm()
    next.start()
  }

  #arm(ms: number): void {
    const timer = this.#clock.setTimer(() => {
      // Loads that ended while our own event loop was busy make room first.
      this.#clock.afterPendingIo(() => {
        if (this.#timer === timer) this.#expire()
      })
    }, ms)
    this.#timer = timer
  }

  #disarm(): void {
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer)
    this.#timer = null
  }

  #expire(): void {
    this.#timer = null
    const now = this.#clock.now()
    // All wait equally long, so the first is due first.
    for (const waiter of this.#waiting) {
      if (waiter.dueAt > now) return this.#arm(waiter.dueAt - now)
      this.#waiting.delete(waiter)
      this.#refuse(waiter.reject, `its turn did not come within ${QUEUE_MS} ms`)
    }
  }

  #refuse(reject: (error: Error) => void, why: string): void {
    const error = new BulkheadRejectedError(this.#max, why)
    this.#onRejected(error)
    reject(error)
  }
}
