import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'
import { systemClock, type Clock } from '../kernel/clock.js'
import { emit, type BackendState, type CacheOperation, type CacheResult } from '../kernel/events.js'
import type { Guard, Outcome } from '../resilience/guard.js'
import { Invalidation } from './invalidation.js'
import { Journal } from './journal.js'
import { Observations } from './observations.js'
import { resolveOptions, type CacheOptions, type ResolvedOptions } from './options.js'
import { acquireGuard } from './shared-guard.js'
import { StatusReporter } from './status-reporter.js'
import { learnServerTime, LANDS_WITHIN_MS, scriptsOf, storeValue, type ScriptingBackend } from './store.js'
import { isTombstone } from './tombstone.js'
import type { CacheStatus, TransparentCache } from './transparent-cache.js'
import { clampTtlMs, decodeValue, encodeValue, isUsableKey } from './value-limits.js'

const FLUSH_MS = 1000

/** The cache over a backend that is configured, whatever its state. See `TransparentCache` for what it promises. */
export class RedisBackedCache<T> implements TransparentCache<T> {
  readonly #backend: RedisKeyValueClient
  /** Null for a foreign backend, which gets plain operations. */
  readonly #scripts: ScriptingBackend | null
  readonly #backendType: 'redis' | 'upstash'
  readonly #options: ResolvedOptions<T>
  readonly #clock: Clock
  readonly #guard: Guard
  readonly #release: () => Promise<void>
  readonly #journal: Journal
  readonly #observations: Observations
  readonly #invalidation: Invalidation
  readonly #status: StatusReporter
  readonly #stop: (() => void)[]
  #longestTtlMs: number
  #writesRefused = false
  #closing: Promise<void> | null = null
  #starting: Promise<void> | null

  /** @throws OptionError for an option that cannot be used; never because of the backend */
  constructor(backend: CacheBackend, backendType: 'redis' | 'upstash', options: CacheOptions<T> = {}) {
    this.#backend = backend
    this.#scripts = scriptsOf(backend)
    this.#backendType = backendType
    this.#options = resolveOptions(options, backendType)
    this.#clock = options.clock ?? systemClock
    this.#longestTtlMs = this.#options.ttl * 1000
    const { guard, release } = acquireGuard(backend, this.#options, this.#clock)
    this.#guard = guard
    this.#release = release
    this.#journal = new Journal(this.#clock, this.#options.journalMax)
    // A load that takes longer than this may have begun before a tombstone that is gone by now.
    this.#observations = new Observations(this.#clock, this.#options.tombstoneMs - LANDS_WITHIN_MS)
    this.#status = new StatusReporter(this.#clock, this.#options.name, backendType, () =>
      this.#observeState(),
    )
    this.#invalidation = new Invalidation({
      backend,
      guard,
      journal: this.#journal,
      observations: this.#observations,
      clock: this.#clock,
      tombstoneMs: this.#usesTombstones ? this.#options.tombstoneMs : null,
      deadlineMs: this.#options.deadlineMs,
      longestTtlMs: () => this.#longestTtlMs,
      onChange: (change, count) => {
        emit({ type: 'invalidations', cache: this.#options.name, backend: backendType, change, count })
        this.#status.refresh()
      },
    })
    this.#starting = this.#backend.started ? this.#whenStarted(this.#backend.started) : null
    this.#stop = [guard.onChange(this.#status.refresh), guard.addRecoveryTask(this.#invalidation.replay)]
  }

  async get(key: string): Promise<T | null> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    if (!isUsableKey(key)) return this.#read(startedAt, 'refused', 'UNUSABLE_KEY')
    // Answers may overtake one another on some backends, so a waiting invalidation is looked for before and after.
    if (this.#journal.has(key))
      return this.#readNothing(key, startedAt, 'short_circuit', 'INVALIDATION_PENDING')
    const outcome = await this.#guard.run(() => this.#backend.get(key), this.#options.deadlineMs)
    if (!outcome.ok) return this.#readNothing(key, startedAt, outcome.result, outcome.errorType)
    const raw: unknown = outcome.value
    if (this.#journal.has(key)) return this.#readNothing(key, startedAt, 'miss')
    if (raw === null || raw === undefined) {
      this.#observations.missed(key, '', startedAt)
      return this.#read(startedAt, 'miss')
    }
    if (typeof raw !== 'string') return this.#readNothing(key, startedAt, 'invalid', 'NOT_A_STRING')
    if (isTombstone(raw)) {
      this.#observations.missed(key, raw, startedAt)
      return this.#read(startedAt, 'miss')
    }
    const value = decodeValue<T>(raw, this.#options)
    if (value === null) {
      this.#observations.undecodable(key, raw, startedAt)
      return this.#read(startedAt, 'invalid', 'UNDECODABLE')
    }
    this.#observations.saw(key, raw)
    this.#report('get', 'hit', startedAt, null)
    return value
  }

  async set(key: string, value: T, ttlSeconds?: number): Promise<void> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    if (!isUsableKey(key)) return this.#report('set', 'refused', startedAt, 'UNUSABLE_KEY')
    const { serialize, maxValueBytes, ttl, ttlJitter } = this.#options
    const expectation = this.#usesTombstones ? this.#observations.expectation(key) : '*'
    this.#observations.loadEnded(key)
    const encoded = encodeValue(value, serialize, maxValueBytes)
    if (encoded.refused !== null) return this.#report('set', 'refused', startedAt, encoded.refused)
    // Until its invalidation is delivered nothing may stand under this key.
    if (this.#journal.has(key)) return this.#report('set', 'short_circuit', startedAt, 'INVALIDATION_PENDING')
    const ttlMs = clampTtlMs(ttlSeconds ?? ttl, ttl, this.#options.name)
    this.#longestTtlMs = Math.max(this.#longestTtlMs, ttlMs)
    const shortenedMs = Math.max(1, Math.floor(ttlMs * (1 - ttlJitter * Math.random())))
    if (expectation === 'too-late') return this.#report('set', 'refused', startedAt, 'TOO_LATE')
    if (this.#scripts)
      return this.#store(this.#scripts, key, encoded.text, shortenedMs, expectation, startedAt)
    const outcome = await this.#guard.run(
      () => this.#backend.set(key, encoded.text, shortenedMs / 1000),
      this.#options.deadlineMs,
    )
    this.#written('set', outcome, startedAt)
  }

  async del(key: string): Promise<void> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    if (!isUsableKey(key)) return this.#report('del', 'refused', startedAt, 'UNUSABLE_KEY')
    this.#written('del', await this.#invalidation.invalidate(key), startedAt)
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

  get #usesTombstones(): boolean {
    return this.#options.invalidation === 'tombstone' && this.#scripts !== null
  }

  async #store(
    scripts: ScriptingBackend,
    key: string,
    text: string,
    ttlMs: number,
    expectation: string,
    startedAt: number,
  ): Promise<void> {
    const { deadlineMs, tombstoneMs } = this.#options
    const patienceMs = Math.min(deadlineMs, LANDS_WITHIN_MS)
    const outcome = await this.#guard.run(async () => {
      const serverNow = scripts.serverNow() ?? (await learnServerTime(scripts))
      const notAfter = serverNow + patienceMs - (this.#clock.now() - startedAt)
      return storeValue(scripts, { key, text, ttlMs, notAfter, expectation, tombstoneMs })
    }, deadlineMs)
    if (!outcome.ok) return this.#written('set', outcome, startedAt)
    const reply = outcome.value
    if (reply === 'stored') {
      this.#observations.stored(key, text)
      return this.#written('set', outcome, startedAt)
    }
    const errorType = reply === null ? 'UNKNOWN_REPLY' : reply.toUpperCase()
    this.#report('set', reply === null ? 'error' : 'refused', startedAt, errorType)
  }

  /** A read without an answer to go by: its caller will load all the same. */
  #readNothing(key: string, startedAt: number, result: CacheResult, errorType: string | null = null): null {
    this.#observations.unanswered(key, startedAt)
    return this.#read(startedAt, result, errorType)
  }

  #read(startedAt: number, result: CacheResult, errorType: string | null = null): null {
    this.#report('get', result, startedAt, errorType)
    return null
  }

  #written(operation: 'set' | 'del', outcome: Outcome<unknown>, startedAt: number): void {
    const refused = outcome.ok ? outcome.value === 'by plain DEL' : outcome.result === 'refused'
    if (outcome.ok || refused) {
      this.#writesRefused = refused
      this.#status.refresh()
    }
    this.#report(
      operation,
      outcome.ok ? 'ok' : outcome.result,
      startedAt,
      outcome.ok ? null : outcome.errorType,
    )
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
    if (this.#journal.size > 0) await this.#invalidation.flush(FLUSH_MS)
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
