import type { CacheBackend } from '../backends/backend.js'
import type { Clock } from '../kernel/clock.js'
import type { Guard, Outcome } from '../resilience/guard.js'
import type { RecoveryTask } from '../resilience/recovery-loop.js'
import type { Journal } from './journal.js'
import type { Observations } from './observations.js'
import { createTombstone } from './tombstone.js'

interface InvalidationOptions {
  backend: CacheBackend
  guard: Guard
  journal: Journal
  observations: Observations
  clock: Clock
  /** Null: plain DEL. */
  tombstoneMs: number | null
  deadlineMs: number
  /** Longest that the backend can hold an entry of this cache, in ms. */
  longestTtlMs: () => number
  onChange: (change: 'kept' | 'delivered' | 'lost', count: number) => void
}

/** How the backend took it; a plain DEL, where a tombstone was asked for, says that it declines writes. */
export type Delivery = 'as asked' | 'by plain DEL'

const BATCH = 256
const FLUSH_PAUSE_MS = 50

/** Gets invalidations to the backend: now if possible, else before anybody reads from it again. */
export class Invalidation {
  readonly #options: InvalidationOptions

  constructor(options: InvalidationOptions) {
    this.#options = options
  }

  /** After this the key is a miss in this process until the backend has acknowledged the invalidation. */
  async invalidate(key: string): Promise<Outcome<Delivery>> {
    const { guard, journal, deadlineMs, longestTtlMs, onChange } = this.#options
    const receipt = journal.receipt(key)
    const outcome = await this.#deliver(key, (operation) => guard.run(operation, deadlineMs))
    if (outcome.ok) {
      if (receipt !== undefined && journal.delivered(key, receipt)) onChange('delivered', 1)
      return outcome
    }
    const lost = journal.add(key, longestTtlMs())
    onChange('kept', 1)
    if (lost > 0) onChange('lost', lost)
    // With a closed breaker nobody else would come back to it.
    guard.recoverSoon()
    return outcome
  }

  /** Delivers what waits; the guard runs it as part of its probe. */
  readonly replay: RecoveryTask = async () => {
    const { guard, journal, deadlineMs, onChange } = this.#options
    const waiting = journal.pending()
    let declined = false
    for (let from = 0; from < waiting.length; from += BATCH) {
      const batch = waiting.slice(from, from + BATCH)
      const outcomes = await Promise.all(
        batch.map(([key]) =>
          this.#deliver(key, (operation) => guard.runDuringRecovery(operation, deadlineMs)),
        ),
      )
      let delivered = 0
      let failed = false
      outcomes.forEach((outcome, index) => {
        const [key, receipt] = batch[index]!
        if (outcome.ok) {
          journal.delivered(key, receipt)
          delivered++
        } else if (outcome.backendFailed) failed = true
        else declined = true
      })
      if (delivered > 0) onChange('delivered', delivered)
      if (failed) return 'failed'
    }
    return declined ? 'declined' : 'done'
  }

  /** Delivers what waits, within this time; the connection may be on its way back, so it is tried again and again. */
  flush(withinMs: number): Promise<void> {
    const { clock } = this.#options
    const end = clock.now() + withinMs
    const pause = () => new Promise<void>((resolve) => void clock.setTimer(resolve, FLUSH_PAUSE_MS))
    const deliver = async () => {
      while ((await this.replay()) !== 'done' && clock.now() + FLUSH_PAUSE_MS < end) await pause()
    }
    return new Promise((resolve) => {
      const timer = clock.setTimer(resolve, withinMs)
      void deliver().then(() => {
        clock.clearTimer(timer)
        resolve()
      })
    })
  }

  async #deliver(
    key: string,
    run: (operation: () => Promise<void>) => Promise<Outcome<void>>,
  ): Promise<Outcome<Delivery>> {
    const { backend, observations, tombstoneMs } = this.#options
    if (tombstoneMs === null) {
      const outcome = await run(() => backend.del(key))
      if (outcome.ok) observations.forget(key)
      return outcome.ok ? { ok: true, value: 'as asked' } : outcome
    }
    const tombstone = createTombstone()
    let outcome = await run(() => backend.set(key, tombstone, tombstoneMs / 1000))
    // A full server declines every SET and still takes a DEL.
    const isFull = !outcome.ok && outcome.errorType === 'OOM'
    if (isFull) outcome = await run(() => backend.del(key))
    if (!outcome.ok) return outcome
    observations.deleted(key, tombstone)
    return { ok: true, value: isFull ? 'by plain DEL' : 'as asked' }
  }
}
