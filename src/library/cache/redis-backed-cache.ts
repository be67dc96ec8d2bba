import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'
import { systemClock, type Clock } from '../kernel/clock.js'
import { ClockUnknownError } from '../kernel/errors.js'
import { emit, type BackendState, type CacheOperation, type CacheResult } from '../kernel/events.js'
import type { Guard, Outcome } from '../resilience/guard.js'
import { Invalidation } from './invalidation.js'
import { Journal } from './journal.js'
import { Observations } from './observations.js'
import { resolveOptions, type CacheOptions, type ResolvedOptions } from './options.js'
import { acquireGuard } from './shared-guard.js'
import { StatusReporter } from './status-reporter.js'
import { parseStoreReply, storeScript } from './store-script.js'
import { createTombstone, isTombstone, RESERVED_PREFIX } from './tombstone.js'
import type { CacheStatus, TransparentCache } from './transparent-cache.js'
import { clampTtlMs, encodeValue, isUsableKey } from './value-limits.js'

const FLUSH_MS = 1000
const FLUSH_PAUSE_MS = 50

/** The cache over a backend that is configured, whatever its state. See `TransparentCache` for what it promises. */
export class RedisBackedCache<T> implements TransparentCache<T> {
  readonly #backend: RedisKeyValueClient
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
    this.#backendType = backendType
    this.#options = resolveOptions(options, backendType)
    this.#clock = options.clock ?? systemClock
    this.#longestTtlMs = this.#options.ttl * 1000
    const { guard, release } = acquireGuard(backend, this.#options, this.#clock)
    this.#guard = guard
    this.#release = release
    this.#journal = new Journal(this.#clock, this.#options.journalMax)
    // A load that takes longer than this may have begun before a tombstone that is gone by now.
    this.#observations = new Observations(this.#clock, this.#options.tombstoneMs - 1000)
    this.#status = new StatusReporter(this.#clock, this.#options.name, backendType, () =>
      this.#observeState(),
    )
    this.#invalidation = new Invalidation({
      backend,
      guard,
      journal: this.#journal,
      observations: this.#observations,
      tombstoneMs: this.#usesTombstones ? this.#options.tombstoneMs : null,
      deadlineMs: this.#options.deadlineMs,
      longestTtlMs: () => this.#longestTtlMs,
      onChange: (change, count) => {
        emit({ type: 'invalidations', cache: this.#options.name, backend: backendType, change, count })
        this.#status.refresh()
      },
    })
    this.#starting = this.#backend.started?.finally(() => (this.#starting = null)) ?? null
    this.#stop = [guard.onChange(this.#status.refresh), guard.addRecoveryTask(this.#invalidation.replay)]
  }

  async get(key: string): Promise<T | null> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    if (!isUsableKey(key)) return this.#read(startedAt, 'refused', 'UNUSABLE_KEY')
    const outcome = await this.#guard.run(() => this.#backend.get(key), this.#options.deadlineMs)
    if (!outcome.ok) return this.#read(startedAt, outcome.result, outcome.errorType)
    const raw: unknown = outcome.value
    // Asked only now, as the key may have been journalled while the answer was on its way.
    if (this.#journal.has(key)) return this.#read(startedAt, 'miss')
    if (raw === null || raw === undefined) {
      this.#observations.missed(key, '')
      return this.#read(startedAt, 'miss')
    }
    if (typeof raw !== 'string') return this.#read(startedAt, 'invalid', 'NOT_A_STRING')
    if (isTombstone(raw)) {
      this.#observations.missed(key, raw)
      return this.#read(startedAt, 'miss')
    }
    this.#observations.saw(key, raw)
    const value = this.#decode(raw)
    if (value === null) return this.#read(startedAt, 'invalid', 'UNDECODABLE')
    this.#report('get', 'hit', startedAt, null)
    return value
  }

  async set(key: string, value: T, ttlSeconds?: number): Promise<void> {
    if (this.#starting) await this.#starting
    const startedAt = this.#clock.now()
    const { serialize, maxValueBytes, ttl, ttlJitter } = this.#options
    const encoded = isUsableKey(key)
      ? encodeValue(value, serialize, maxValueBytes)
      : { refused: 'UNUSABLE_KEY' as const }
    if (encoded.refused !== null) return this.#report('set', 'refused', startedAt, encoded.refused)
    // Until its invalidation is delivered nothing may stand under this key.
    if (this.#journal.has(key)) return this.#report('set', 'short_circuit', startedAt, 'INVALIDATION_PENDING')
    const ttlMs = clampTtlMs(ttlSeconds ?? ttl, ttl, this.#options.name)
    this.#longestTtlMs = Math.max(this.#longestTtlMs, ttlMs)
    const shortenedMs = Math.max(1, Math.floor(ttlMs * (1 - ttlJitter * Math.random())))
    if (this.#backend.eval && this.#backend.serverNow) {
      return this.#store(key, encoded.text, shortenedMs, startedAt)
    }
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
    return this.#options.invalidation === 'tombstone' && this.#backend.eval !== undefined
  }

  async #store(key: string, text: string, ttlMs: number, startedAt: number): Promise<void> {
    const { deadlineMs, tombstoneMs } = this.#options
    const expectation = this.#usesTombstones ? this.#observations.expectation(key) : '*'
    if (expectation === 'too-late') return this.#report('set', 'refused', startedAt, 'TOO_LATE')
    const outcome = await this.#guard.run(async () => {
      const serverNow = this.#backend.serverNow!() ?? (await this.#learnServerTime())
      const notAfter = serverNow + deadlineMs - (this.#clock.now() - startedAt)
      const limits = [String(ttlMs), notAfter.toFixed(3), expectation]
      return this.#backend.eval!(
        storeScript,
        [key],
        [text, ...limits, createTombstone(), String(tombstoneMs)],
      )
    }, deadlineMs)
    if (!outcome.ok) return this.#written('set', outcome, startedAt)
    const reply = parseStoreReply(outcome.value)
    if (reply === 'stored') {
      this.#observations.saw(key, text)
      return this.#written('set', outcome, startedAt)
    }
    const errorType = reply === null ? 'UNKNOWN_REPLY' : reply.toUpperCase()
    this.#report('set', reply === null ? 'error' : 'refused', startedAt, errorType)
  }

  /** Without the server's time a late write could not be told from one in time, so nothing is written. */
  async #learnServerTime(): Promise<number> {
    await this.#backend.ping?.()
    const serverNow = this.#backend.serverNow!()
    if (serverNow === null) throw new ClockUnknownError()
    return serverNow
  }

  #decode(raw: string): T | null {
    if (raw.startsWith(RESERVED_PREFIX)) return null
    const { deserialize, validate } = this.#options
    try {
      const value = deserialize(raw) as T | null | undefined
      if (value === undefined || value === null) return null
      return validate && !validate(value) ? null : value
    } catch {
      // Whatever stands there was not written by this version of the service; the next set replaces it.
      return null
    }
  }

  #read(startedAt: number, result: CacheResult, errorType: string | null = null): null {
    this.#report('get', result, startedAt, errorType)
    return null
  }

  #written(operation: 'set' | 'del', outcome: Outcome<unknown>, startedAt: number): void {
    const refused = !outcome.ok && outcome.result === 'refused'
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
    if (this.#journal.size > 0) await this.#flush()
    for (const stop of this.#stop) stop()
    this.#observations.clear()
    await this.#release()
  }

  /** The connection may be on its way back, so a failed delivery is tried again while there is time. */
  async #flush(): Promise<void> {
    const end = this.#clock.now() + FLUSH_MS
    const pause = (ms: number) => new Promise<void>((resolve) => void this.#clock.setTimer(resolve, ms))
    while ((await this.#invalidation.replay()) !== 'done' && this.#clock.now() < end)
      await pause(FLUSH_PAUSE_MS)
  }
}
