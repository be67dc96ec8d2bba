import { systemClock } from '../kernel/clock.js'
import { emit, type CacheOperation } from '../kernel/events.js'
import { resolveOptions, type CacheOptions, type ResolvedOptions } from './options.js'
import { shareLoad, type Loaded } from './shared-load.js'
import { SingleFlight } from './single-flight.js'
import type { CacheStatus, TransparentCache } from './transparent-cache.js'

/** The cache of a service without a backend: every read misses, every write is accepted and forgotten. */
export class PassThroughCache<T> implements TransparentCache<T> {
  readonly #options: ResolvedOptions<T>
  readonly #since: number
  readonly #flights = new SingleFlight<Loaded<T>>(systemClock, Infinity)

  constructor(options: CacheOptions<T> = {}) {
    this.#options = resolveOptions(options, 'passthrough')
    this.#since = Date.now()
    emit({ type: 'pass-through', cache: this.#options.name })
  }

  get(_key: string): Promise<T | null> {
    this.#report('get')
    return Promise.resolve(null)
  }

  /** Still one load per key at a time: without Redis the source needs it most. */
  getOrLoad(key: string, load: () => Promise<T | null>): Promise<T | null> {
    this.#report('get')
    return shareLoad({ flights: this.#flights, key, found: '', load, codec: this.#options })
  }

  set(key: string, _value: T, _ttlSeconds?: number): Promise<void> {
    this.#flights.forget(key)
    this.#report('set')
    return Promise.resolve()
  }

  del(key: string): Promise<void> {
    this.#flights.forget(key)
    this.#report('del')
    return Promise.resolve()
  }

  getBackendType(): 'passthrough' {
    return 'passthrough'
  }

  /** Always `degraded`: it serves, and does without a backend. */
  getStatus(): CacheStatus {
    return {
      backend: 'passthrough',
      state: 'degraded',
      since: this.#since,
      pendingInvalidations: 0,
      lostInvalidations: 0,
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #report(operation: CacheOperation): void {
    const { durationMs, errorType } = { durationMs: 0, errorType: null }
    const cache = this.#options.name
    emit({
      type: 'operation',
      cache,
      backend: 'passthrough',
      operation,
      result: 'skipped',
      durationMs,
      errorType,
    })
  }
}
