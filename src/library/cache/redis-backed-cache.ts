import type { CacheBackend } from '../backends/backend.js'
import { systemClock, type Clock } from '../kernel/clock.js'
import { emit, type BackendState, type CacheOperation, type CacheResult } from '../kernel/events.js'
import type { Guard } from '../resilience/guard.js'
import { Invalidation } from './invalidation.js'
import { Journal } from './journal.js'
import { Observations } from './observations.js'
import { resolveOptions, type CacheOptions, type ResolvedOptions } from './options.js'
import { Reader } from './reader.js'
import { acquireGuard } from './shared-guard.js'
import { shareLoad, type Loaded } from './shared-load.js'
import { SingleFlight } from './single-flight.js'
import { StatusReporter } from './status-reporter.js'
import type { CacheStatus, TransparentCache } from './transparent-cache.js'
import { encodeValue, isUsableKey } from './value-limits.js'
import { LANDS_WITHIN_MS, scriptsOf, ValueWriter, type WriteEnd } from './value-writer.js'

const FLUSH_MS = 1000

/** The cache over a backend that is configured, whatever its state. See `TransparentCache` for what it promises. */
export class RedisBackedCache<T> implements TransparentCache<T> {
  readonly #backendType: 'redis' | 'upstash'
  readonly #options: ResolvedOptions<T>
  readonly #clock: Clock
  readonly #guard: Guard
  readonly #release: () => Promise<void>
  readonly #journal: Journal
  readonly #observations: Observations
  readonly #invalidation: Invalidation
  readonly #reader: Reader<T>
  readonly #writer: ValueWriter
  readonly #flights: SingleFlight<Loaded<T>>
  readonly #status: StatusReporter
  readonly #stop: (() => void)[]
  readonly #windowMs: number
  readonly #usesTombstones: boolean
  #writesRefused = false
  #closing: Promise<void> | null = null
  #starting: Promise<void> | null

  /** @throws OptionError for an option that cannot be used; never because of the backend */
  constructor(backend: CacheBackend, backendType: 'redis' | 'upstash', options: CacheOptions<T> = {}) {
    this.#backendType = backendType
    this.#options = resolveOptions(options, backendType)
    this.#clock = options.clock ?? systemClock
    const { invalidation, journalMax, name, tombstoneMs } = this.#options
    const clock = this.#clock
    const scripts = scriptsOf(backend)
    const { guard, release } = acquireGuard(backend, this.#options, clock)
    this.#guard = guard
    this.#release = release
    this.#usesTombstones = invalidation === 'tombstone' && scripts !== null
    // A load that takes longer than this may have begun before a tombstone that is gone by now.
    this.#windowMs = tombstoneMs - LANDS_WITHIN_MS
    this.#journal = new Journal(clock, journalMax)
    this.#observations = new Observations(clock, this.#windowMs)
    this.#flights = new SingleFlight(clock, this.#windowMs)
    this.#status = new StatusReporter(clock, name, backendType, () => this.#observeState())
    this.#writer = new ValueWriter({ ...this.#options, backend, scripts, guard, clock })
    this.#invalidation = new Invalidation({
      ...this.#options,
      backend,
      guard,
      clock,
      scripts: this.#usesTombstones ? scripts : null,
      journal: this.#journal,
      superseded: new Journal(clock, journalMax),
      observations: this.#observations,
      longestTtlMs: () => this.#writer.longestTtlMs,
      onChange: (change, count) => {
        emit({ type: 'invalidations', cache: name, backend: backendType, change, count })
        this.#status.refresh()
      },
    })
    this.#reader = new Reader({ backend, guard, codec: this.#options, invalidation: this.#invalidation })
    this.#starting = this.#reader.started ? this.#whenStarted(this.#reader.started) : null
    this.#stop = [guard.onChange(this.#status.refresh), guard.addRecoveryTask(this.#invalidation.replay)]
  }

  async get(key: string): Promise<T | null> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    const found = await this.#reader.look(key)
    this.#report('get', found.result, startedAt, found.errorType)
    if (found.value !== null) {
      this.#observations.saw(key, found.text)
      return found.value
    }
    if (found.observed === 'nothing') this.#observations.missed(key, found.text, startedAt)
    else if (found.observed === 'garbage') this.#observations.undecodable(key, found.text, startedAt)
    else if (found.observed === 'no-answer') this.#observations.unanswered(key, startedAt)
    return null
  }

  async getOrLoad(
    key: string,
    load: () => Promise<T | null>,
    options: { ttlSeconds?: number } = {},
  ): Promise<T | null> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    const found = await this.#reader.look(key)
    this.#report('get', found.result, startedAt, found.errorType)
    if (found.value !== null) {
      this.#observations.saw(key, found.text)
      return found.value
    }
    if (!isUsableKey(key)) return load()
    return shareLoad({
      flights: this.#flights,
      key,
      found: found.expectation,
      load,
      codec: this.#options,
      onLoaded: (text, flight) => {
        const isTimely = this.#clock.now() - startedAt < this.#windowMs
        // Nobody waits for it: a caller's miss costs the load and no more.
        if (isTimely && !flight.forgotten) void this.#fill(key, text, options.ttlSeconds, found.expectation)
      },
    })
  }

  async set(key: string, value: T, ttlSeconds?: number): Promise<void> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    if (!isUsableKey(key)) return this.#report('set', 'refused', startedAt, 'UNUSABLE_KEY')
    const { serialize, maxValueBytes } = this.#options
    const expectation = this.#usesTombstones ? this.#observations.expectation(key) : '*'
    this.#observations.loadEnded(key)
    this.#flights.forget(key)
    const encoded = encodeValue(value, serialize, maxValueBytes)
    if (encoded.refused !== null) {
      await this.#invalidation.supersede(key, null, false)
      return this.#report('set', 'refused', startedAt, encoded.refused)
    }
    // Until its invalidation is delivered nothing may stand under this key.
    if (this.#journal.has(key)) return this.#report('set', 'short_circuit', startedAt, 'INVALIDATION_PENDING')
    const end = await this.#writer.write(key, encoded.text, ttlSeconds, expectation, startedAt)
    if (end.result === 'ok') {
      this.#observations.stored(key, encoded.text)
      this.#invalidation.replaced(key)
    } else if (end.olderMayStand) {
      const backendFailed = end.outcome !== null && !end.outcome.ok && end.outcome.backendFailed
      await this.#invalidation.supersede(key, encoded.text, backendFailed)
    }
    this.#written('set', end, startedAt)
  }

  async del(key: string): Promise<void> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    if (!isUsableKey(key)) return this.#report('del', 'refused', startedAt, 'UNUSABLE_KEY')
    this.#flights.forget(key)
    const outcome = await this.#invalidation.invalidate(key)
    const end = outcome.ok ? { result: 'ok' as const, errorType: null } : outcome
    this.#written('del', { ...end, outcome }, startedAt)
  }

  getBackendType(): 'redis' | 'upstash' {
    return this.#backendType
  }

  getStatus(): CacheStatus {
    return {
      backend: this.#backendType,
      state: this.#status.state,
      since: this.#status.since,
      pendingInvalidations: this.#journal.size,
      lostInvalidations: this.#journal.lost,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #fill(key: string, text: string, ttlSeconds: number | undefined, expectation: string): Promise<void> {
    const startedAt = this.#clock.now()
    if (this.#invalidation.isPending(key)) {
      return this.#report('set', 'short_circuit', startedAt, 'INVALIDATION_PENDING')
    }
    const expected = this.#usesTombstones ? expectation : '*'
    const end = await this.#writer.write(key, text, ttlSeconds, expected, startedAt)
    if (end.result === 'ok') this.#observations.stored(key, text)
    this.#written('set', end, startedAt)
  }

  #written(
    operation: 'set' | 'del',
    { result, errorType, outcome }: Pick<WriteEnd, 'result' | 'errorType' | 'outcome'>,
    startedAt: number,
  ): void {
    // Only the backend's own answer tells whether it takes writes.
    if (outcome && (outcome.ok || result === 'refused')) {
      this.#writesRefused = outcome.ok ? outcome.value === 'by plain DEL' : true
      this.#status.refresh()
    }
    this.#report(operation, result, startedAt, errorType)
  }

  #report(operation: CacheOperation, result: CacheResult, startedAt: number, errorType: string | null): void {
    emit({
      type: 'operation',
      cache: this.#options.name,
      backend: this.#backendType,
      operation,
      result,
      durationMs: this.#clock.now() - startedAt,
      errorType,
    })
  }

  #observeState(): BackendState {
    if (this.#guard.breakerState !== 'closed') return 'down'
    if (!this.#guard.healthy) return this.#options.breaker ? 'degraded' : 'down'
    return this.#writesRefused || this.#journal.size > 0 ? 'degraded' : 'up'
  }

  async #close(): Promise<void> {
    if (this.#invalidation.waiting > 0) await this.#invalidation.flush(FLUSH_MS)
    for (const stop of this.#stop) stop()
    this.#observations.clear()
    await this.#release()
  }

  async #whenStarted(started: Promise<void>): Promise<void> {
    try {
      await started
    } catch {
      // A backend that did not start fails each operation, which is where it is reported.
    }
    this.#starting = null
  }
}
