import { emit, type CacheOperation } from '../kernel/events.js'
import { resolveOptions, type CacheOptions } from './options.js'
import type { CacheStatus, TransparentCache } from './transparent-cache.js'

/** The cache of a service without a backend: every read misses, every write is accepted and forgotten. */
export class PassThroughCache<T> implements TransparentCache<T> {
  readonly #name: string
  readonly #since: number

  constructor(options: CacheOptions<T> = {}) {
    this.#name = resolveOptions(options, 'passthrough').name
    this.#since = Date.now()
    emit({ type: 'pass-through', cache: this.#name })
  }

  get(_key: string): Promise<T | null> {
    this.#report('get')
    return Promise.resolve(null)
  }

  set(_key: string, _value: T, _ttlSeconds?: number): Promise<void> {
    this.#report('set')
    return Promise.resolve()
  }

  del(_key: string): Promise<void> {
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
    const cache = this.#name
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
