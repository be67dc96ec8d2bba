import type { CacheBackend } from '../backends/backend.js'
import { systemClock, type Clock } from '../kernel/clock.js'
import { emit, type BackendState } from '../kernel/events.js'
import type { Guard } from '../resilience/guard.js'
import { StateWatch } from '../resilience/state-watch.js'
import { connectionOf, startOf } from './abilities.js'
import { InFlight } from './in-flight.js'
import { Invalidation } from './invalidation.js'
import { Journal } from './journal.js'
import { Loader, type Load } from './loader.js'
import { NOT_FOUND } from './not-found.js'
import { Observations } from './observations.js'
import { OperationReport } from './operation-report.js'
import { resolveOptions, type CacheOptions, type ResolvedOptions } from './options.js'
import { Reader, type Found } from './reader.js'
import { acquireGuard } from './shared-guard.js'
import type { CacheStatus, TransparentCache } from './transparent-cache.js'
import { ValueCodec } from './value-codec.js'
import { shorterTtl } from './value-limits.js'
import { LANDS_WITHIN_MS, scriptsOf, ValueWriter } from './value-writer.js'
import { within } from './within.js'
import { Writes } from './writes.js'

const CLOSE_MS = 1000

/** The cache over a backend that is configured, whatever its state. See `TransparentCache` for what it promises. */
export class RedisBackedCache<T> implements TransparentCache<T> {
  readonly #backendType: 'redis' | 'upstash'
  readonly #options: ResolvedOptions<T>
  readonly #clock: Clock
  readonly #guard: Guard
  readonly #release: () => Promise<void>
  readonly #report: OperationReport
  readonly #journal: Journal
  readonly #observations: Observations
  readonly #invalidation: Invalidation
  readonly #codec: ValueCodec<T>
  readonly #reader: Reader<T>
  readonly #loader: Loader<T>
  readonly #writes: Writes<T>
  readonly #writing = new InFlight()
  readonly #status: StateWatch
  readonly #stop: (() => void)[]
  readonly #windowMs: number
  /** Number of the connection in use; see `RedisKeyValueClient`. */
  readonly #connection: () => number | null
  #closing: Promise<void> | null = null
  #closed = false
  #starting: Promise<void> | null

  /** @throws OptionError for an option that cannot be used; never because of the backend */
  constructor(backend: CacheBackend, backendType: 'redis' | 'upstash', given: CacheOptions<T> = {}) {
    const options = resolveOptions(given, backendType)
    const clock = given.clock ?? systemClock
    const { deadlineMs, journalMax, name } = options
    const scripts = scriptsOf(backend)
    const usesTombstones = options.invalidation === 'tombstone' && scripts !== null
    const { guard, release } = acquireGuard(backend, options, clock)
    this.#backendType = backendType
    this.#options = options
    this.#clock = clock
    this.#guard = guard
    this.#release = release
    // A load that takes longer than this may have begun before a tombstone that is gone by now.
    this.#windowMs = options.tombstoneMs - LANDS_WITHIN_MS
    this.#status = new StateWatch(
      clock,
      () => this.#observeState(),
      (change) => emit({ type: 'state', cache: name, backend: backendType, ...change }),
    )
    const report = (this.#report = new OperationReport(clock, name, backendType))
    const journal = (this.#journal = new Journal(clock, journalMax))
    this.#connection = connectionOf(backend)
    const observations = (this.#observations = new Observations(clock, this.#windowMs, this.#connection))
    const codec = (this.#codec = new ValueCodec(options, report.warnings))
    const loader = (this.#loader = new Loader({ ...options, clock, codec, longestMs: this.#windowMs }))
    const writer = new ValueWriter({ ...options, backend, scripts, guard, clock })
    const invalidation = (this.#invalidation = new Invalidation({
      ...options,
      backend,
      guard,
      clock,
      scripts: usesTombstones ? scripts : null,
      journal,
      superseded: new Journal(clock, journalMax),
      observations,
      longestTtlMs: () => writer.longestTtlMs,
      onChange: (change, count) => this.#invalidationsChanged(change, count),
    }))
    const onChange = this.#status.refresh
    const parts = { clock, codec, invalidation, journal, loader, observations, report, writer }
    this.#writes = new Writes({ ...parts, usesTombstones, onChange })
    this.#reader = new Reader({ backend, guard, codec, deadlineMs, invalidation })
    this.#starting = startOf(backend, clock, 2 * deadlineMs)?.then(() => void (this.#starting = null)) ?? null
    this.#stop = [guard.onChange(onChange), guard.addRecoveryTask(invalidation.replay)]
  }

  async get(key: string): Promise<T | null> {
    if (this.#closing) return this.#skipped('get')
    if (this.#starting) await this.#starting
    if (!this.#report.accepts('get', key)) return null
    const startedAt = this.#clock.now()
    const { observed, text, value } = this.#noted(key, await this.#reader.look(key), startedAt)
    if (observed === 'value') return value
    if (observed === 'nothing') this.#observations.missed(key, text, startedAt)
    else if (observed === 'no-answer') this.#observations.unanswered(key, startedAt)
    else this.#observations.useless(key, text, startedAt)
    return null
  }

  async getOrLoad(key: string, load: Load<T>, options: { ttlSeconds?: number } = {}): Promise<T | null> {
    if (this.#closing) {
      this.#skipped('get')
      return this.#loader.load(key, '', load)
    }
    if (this.#starting) await this.#starting
    if (!this.#report.accepts('get', key)) return this.#loader.load(key, '', load)
    const startedAt = this.#clock.now()
    const { observed, expectation, text, value } = this.#noted(key, await this.#reader.look(key), startedAt)
    if (observed === 'value') return value
    if (observed === 'not-found') {
      this.#observations.saw(key, text)
      return null
    }
    const connection = this.#connection()
    const found = observed === 'no-answer' ? null : `${connection} ${expectation}`
    return this.#loader.load(key, found, load, {
      refused: (refusal) => this.#report.ended('set', 'refused', undefined, refusal),
      loaded: (answer) => {
        // Over another connection nobody can tell whether a tombstone has come and gone.
        const isTimely = this.#clock.now() - startedAt < this.#windowMs && this.#connection() === connection
        // Nobody waits for it: a caller's miss costs the load and no more.
        if (isTimely) this.#fill(key, answer, options?.ttlSeconds, expectation)
      },
    })
  }

  async set(key: string, value: T, ttlSeconds?: number): Promise<void> {
    if (this.#closing) return this.#skippedWrite('set', key)
    await this.#writing.run(async () => {
      if (this.#starting) await this.#starting
      await this.#writes.set(key, value, ttlSeconds)
    })
  }

  async del(key: string): Promise<void> {
    if (this.#closing) return this.#delAfterClose(key)
    await this.#writing.run(async () => {
      if (this.#starting) await this.#starting
      await this.#writes.del(key)
    })
  }

  getBackendType(): 'redis' | 'upstash' {
    return this.#backendType
  }

  getStatus(): CacheStatus {
    const state = this.#status.refresh()
    return {
      backend: this.#backendType,
      state,
      since: this.#status.since,
      cause: state === 'up' ? null : this.#cause(),
      pendingInvalidations: this.#journal.size,
      lostInvalidations: this.#invalidation.lost,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #noted(key: string, found: Found<T>, startedAt: number): Found<T> {
    this.#report.ended('get', found.result, startedAt, found.errorType)
    if (found.observed === 'value') this.#observations.saw(key, found.text)
    return found
  }

  #fill(
    key: string,
    answer: string | typeof NOT_FOUND,
    ttlSeconds: number | undefined,
    expectation: string,
  ): void {
    const { ttl, negativeTtl } = this.#options
    const isNegative = answer === NOT_FOUND
    if (this.#closing || (isNegative && negativeTtl === 0)) return
    const seconds = isNegative ? shorterTtl(negativeTtl, ttlSeconds ?? ttl) : ttlSeconds
    const text = this.#codec.stored(key, answer)
    void this.#writing.run(() => this.#writes.fill(key, text, seconds, expectation))
  }

  #invalidationsChanged(change: 'kept' | 'delivered' | 'lost', count: number): void {
    emit({ type: 'invalidations', cache: this.#options.name, backend: this.#backendType, change, count })
    this.#status.refresh()
    if (this.#closed && change === 'kept') this.#giveUp()
  }

  #observeState(): BackendState {
    if (this.#guard.breakerState !== 'closed') return 'down'
    if (!this.#guard.healthy) return this.#options.breaker ? 'degraded' : 'down'
    return this.#writes.refusal !== null || this.#journal.size > 0 ? 'degraded' : 'up'
  }

  #cause(): string {
    return this.#guard.cause ?? this.#writes.refusal ?? 'INVALIDATION_PENDING'
  }

  async #close(): Promise<void> {
    const end = this.#clock.now() + CLOSE_MS
    await within(this.#writing.idle(), this.#clock, CLOSE_MS)
    const rest = end - this.#clock.now()
    if (this.#invalidation.waiting > 0 && rest > 0) await this.#invalidation.flush(rest)
    for (const stop of this.#stop) stop()
    this.#observations.clear()
    await this.#release()
    this.#closed = true
    this.#giveUp()
  }

  /** Nobody is left to deliver it; what stands there may be served by others until its TTL ends. */
  #giveUp(): void {
    const lost = this.#journal.giveUp()
    if (lost > 0) this.#invalidationsChanged('lost', lost)
  }

  #skipped(operation: 'get' | 'set' | 'del'): null {
    this.#report.ended(operation, 'skipped')
    return null
  }

  /** A load that began before it is joined by nobody, as without a backend. */
  #skippedWrite(operation: 'set' | 'del', key: string): void {
    this.#loader.forget(key)
    this.#skipped(operation)
  }

  #delAfterClose(key: string): void {
    this.#skippedWrite('del', key)
    this.#journal.lose()
    this.#invalidationsChanged('lost', 1)
  }
}
