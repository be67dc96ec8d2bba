import { createHash } from 'node:crypto'
import type { CacheBackend } from '../backends/backend.js'
import type { Clock } from '../kernel/clock.js'
import type { Guard, Outcome } from '../resilience/guard.js'
import type { RecoveryTask } from '../resilience/recovery-loop.js'
import type { Entry, Journal } from './journal.js'
import type { Observations } from './observations.js'
import type { ScriptingBackend } from './value-writer.js'
import { supersedeScript } from './supersede-script.js'
import { createTombstone } from './tombstone.js'

interface InvalidationOptions {
  backend: CacheBackend
  /** Null: plain DEL. */
  scripts: ScriptingBackend | null
  guard: Guard
  /** Invalidations that have not arrived. */
  journal: Journal
  /** Writes that have not arrived: what they were to replace must go. */
  superseded: Journal
  observations: Observations
  clock: Clock
  tombstoneMs: number
  deadlineMs: number
  /** Longest that the backend can hold an entry of this cache, in ms. */
  longestTtlMs: () => number
  onChange: (change: 'kept' | 'delivered' | 'lost', count: number) => void
}

/** How the backend took it; a plain DEL, where a tombstone was asked for, says that it declines writes. */
export type Delivery = 'as asked' | 'by plain DEL'

type Run = <R>(operation: () => Promise<R>) => Promise<Outcome<R>>

const BATCH = 256
/** Nobody waits for a delivery; one that is given up keeps the door shut until the next probe. */
const DELIVERY_MS = 1000
const FLUSH_PAUSE_MS = 50

/** Gets invalidations to the backend: now if possible, else before anybody reads from it again. */
export class Invalidation {
  readonly #options: InvalidationOptions
  readonly #now: Run
  readonly #inRecovery: Run
  #settling = false

  constructor(options: InvalidationOptions) {
    this.#options = options
    const { guard, deadlineMs } = options
    this.#now = (operation) => guard.run(operation, deadlineMs)
    this.#inRecovery = (operation) => guard.runDuringRecovery(operation, Math.max(deadlineMs, DELIVERY_MS))
  }

  /** Keys that wait for the backend. */
  get waiting(): number {
    return this.#options.journal.size + this.#options.superseded.size
  }

  /** Keys that were given up: what stands under them may be served until its TTL ends. */
  get lost(): number {
    return this.#options.journal.lost + this.#options.superseded.lost
  }

  /** Whether this key must be a miss although the backend may hold something. */
  isPending(key: string): boolean {
    return this.#options.journal.has(key) || this.#options.superseded.has(key)
  }

  /** After this the key is a miss in this process until the backend has acknowledged the invalidation. */
  async invalidate(key: string): Promise<Outcome<Delivery>> {
    const { guard, journal, superseded, longestTtlMs, onChange } = this.#options
    const entry = journal.entry(key)
    const older = superseded.entry(key)
    const outcome = await this.#deliver(key, null, this.#now)
    if (outcome.ok) {
      if (older) superseded.delivered(key, older)
      if (entry && journal.delivered(key, entry)) onChange('delivered', 1)
      if (outcome.value === 'by plain DEL') {
        this.#unmarked(key)
        guard.recoverSoon()
      }
      return outcome
    }
    const lost = journal.add(key, longestTtlMs())
    onChange('kept', 1)
    if (lost > 0) onChange('lost', lost)
    // With a closed breaker nobody else would come back to it.
    guard.recoverSoon()
    return outcome
  }

  /**
   * A write did not arrive, so what it was to replace may still stand there: it is a miss in this process, and taken
   * away as soon as possible, unless it is the very text that was to be written.
   *
   * @param text null when nothing that stands there may stay
   */
  async supersede(key: string, text: string | null, backendFailed: boolean): Promise<void> {
    const { guard, superseded, longestTtlMs, onChange } = this.#options
    const allowed = text === null ? null : createHash('sha1').update(text).digest('hex')
    const lost = superseded.add(key, longestTtlMs(), allowed)
    if (lost > 0) onChange('lost', lost)
    const entry = superseded.entry(key)
    if (!backendFailed && entry && (await this.#deliver(key, entry, this.#now)).ok) {
      superseded.delivered(key, entry)
    } else guard.recoverSoon()
  }

  /** A later write of this key has arrived. */
  replaced(key: string): void {
    const entry = this.#options.superseded.entry(key)
    if (entry) this.#options.superseded.delivered(key, entry)
  }

  /** Delivers the invalidations that wait; the guard runs it as part of its probe. */
  readonly replay: RecoveryTask = async () => {
    const result = await this.#deliverAll(this.#options.journal)
    // Its keys are misses here in any case, so nobody has to wait until they are settled for others, too.
    if (result !== 'failed') void this.#settleSuperseded()
    return result
  }

  /** Delivers what waits, within this time; the connection may be on its way back, so it is tried again and again. */
  flush(withinMs: number): Promise<void> {
    const { clock, journal, superseded } = this.#options
    const end = clock.now() + withinMs
    const pause = () => new Promise<void>((resolve) => void clock.setTimer(resolve, FLUSH_PAUSE_MS))
    const deliverAll = async () => {
      const results = [await this.#deliverAll(journal), await this.#deliverAll(superseded)]
      return results.every((result) => result === 'done')
    }
    const deliver = async () => {
      while (!(await deliverAll()) && clock.now() + FLUSH_PAUSE_MS < end) await pause()
    }
    return new Promise((resolve) => {
      const timer = clock.setTimer(resolve, withinMs)
      void deliver().then(() => {
        clock.clearTimer(timer)
        resolve()
      })
    })
  }

  /**
   * The value is gone, but nothing stops a load from before the invalidation, should the server have room again before it
   * ends. So the tombstone is still to come, for as long as such a load may be stored.
   */
  #unmarked(key: string): void {
    const { superseded, tombstoneMs, onChange } = this.#options
    const lost = superseded.add(key, tombstoneMs)
    if (lost > 0) onChange('lost', lost)
  }

  async #settleSuperseded(): Promise<void> {
    if (this.#settling || this.#options.superseded.size === 0) return
    this.#settling = true
    const result = await this.#deliverAll(this.#options.superseded)
    this.#settling = false
    if (result !== 'done') this.#options.guard.recoverSoon()
  }

  async #deliverAll(list: Journal): ReturnType<RecoveryTask> {
    const { journal, onChange } = this.#options
    const waiting = list.pending()
    let declined = false
    for (let from = 0; from < waiting.length; from += BATCH) {
      const batch = waiting.slice(from, from + BATCH)
      const outcomes = await Promise.all(
        batch.map(([key, entry]) => this.#deliver(key, list === journal ? null : entry, this.#inRecovery)),
      )
      let delivered = 0
      let failed = false
      outcomes.forEach((outcome, index) => {
        const [key, entry] = batch[index]!
        if (outcome.ok) {
          const isMarked = outcome.value === 'as asked'
          if (!isMarked) declined = true
          if (isMarked || list === journal) list.delivered(key, entry)
          if (!isMarked && list === journal) this.#unmarked(key)
          delivered++
        } else if (outcome.backendFailed) failed = true
        else declined = true
      })
      if (delivered > 0 && list === journal) onChange('delivered', delivered)
      if (failed) return 'failed'
    }
    return declined ? 'declined' : 'done'
  }

  async #deliver(key: string, entry: Entry | null, run: Run): Promise<Outcome<Delivery>> {
    const { backend, scripts, observations, tombstoneMs } = this.#options
    if (!scripts) {
      const outcome = await run(() => backend.del(key))
      if (outcome.ok) observations.forget(key)
      return outcome.ok ? { ok: true, value: 'as asked' } : outcome
    }
    const tombstone = createTombstone()
    if (entry?.allowed) {
      const args = [entry.allowed, tombstone, String(tombstoneMs)]
      const outcome = await run(() => scripts.eval(supersedeScript, [key], args))
      if (!outcome.ok) return outcome
      if (outcome.value === 1) observations.takenAway(key, tombstone)
      return { ok: true, value: 'as asked' }
    }
    let outcome = await run(() => backend.set(key, tombstone, tombstoneMs / 1000))
    // A full server declines every SET and still takes a DEL.
    const isFull = !outcome.ok && outcome.errorType === 'OOM'
    if (isFull) outcome = await run(() => backend.del(key))
    if (!outcome.ok) return outcome
    if (run === this.#now && entry === null) observations.deleted(key, tombstone)
    else observations.takenAway(key, tombstone)
    return { ok: true, value: isFull ? 'by plain DEL' : 'as asked' }
  }
}
