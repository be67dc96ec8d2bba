import { systemClock } from '../kernel/clock.js'
import { emit } from '../kernel/events.js'
import { Loader, type Load } from './loader.js'
import { OperationReport } from './operation-report.js'
import { resolveOptions, type CacheOptions } from './options.js'
import type { CacheStatus, TransparentCache } from './transparent-cache.js'
import { ValueCodec } from './value-codec.js'

/** The cache of a service without a backend: every read misses, every write is accepted and forgotten. */
export class PassThroughCache<T> implements TransparentCache<T> {
  readonly #since: number
  readonly #report: OperationReport
  readonly #loader: Loader<T>

  /** @throws OptionError for an option that cannot be used */
  constructor(given: CacheOptions<T> = {}) {
    const options = resolveOptions(given, 'passthrough')
    const clock = given.clock ?? systemClock
    this.#since = clock.wallNow()
    this.#report = new OperationReport(clock, options.name, 'passthrough')
    const codec = new ValueCodec(options, this.#report.warnings)
    this.#loader = new Loader({ ...options, clock, codec, longestMs: Infinity })
    emit({ type: 'pass-through', cache: options.name })
  }

  get(_key: string): Promise<T | null> {
    this.#report.ended('get', 'skipped')
    return Promise.resolve(null)
  }

  /** Still one load per key at a time, and not too many at once: without Redis the source needs it most. */
  getOrLoad(key: string, load: Load<T>): Promise<T | null> {
    this.#report.ended('get', 'skipped')
    return this.#loader.load(key, '', load)
  }

  set(key: string, _value: T, _ttlSeconds?: number): Promise<void> {
    this.#loader.forget(key)
    this.#report.ended('set', 'skipped')
    return Promise.resolve()
  }

  del(key: string): Promise<void> {
    this.#loader.forget(key)
    this.#report.ended('del', 'skipped')
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
      cause: 'NO_BACKEND',
      pendingInvalidations: 0,
      lostInvalidations: 0,
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
