import type { Clock } from '../kernel/clock.js'
import { emit, type BackendType, type CacheOperation, type CacheResult } from '../kernel/events.js'
import { Warnings } from './warnings.js'
import { keyFault } from './value-limits.js'

/** Tells how each operation of one cache ended, exactly once, and warns of what is wrong with its keys and values. */
export class OperationReport {
  readonly warnings: Warnings
  readonly #clock: Clock
  readonly #cache: string
  readonly #backend: BackendType

  constructor(clock: Clock, cache: string, backend: BackendType) {
    this.warnings = new Warnings(cache)
    this.#clock = clock
    this.#cache = cache
    this.#backend = backend
  }

  ended(
    operation: CacheOperation,
    result: CacheResult,
    startedAt = this.#clock.now(),
    errorType: string | null = null,
  ): void {
    const durationMs = this.#clock.now() - startedAt
    emit({
      type: 'operation',
      cache: this.#cache,
      backend: this.#backend,
      operation,
      result,
      durationMs,
      errorType,
    })
  }

  /** True for a key that can be sent; else the operation has ended. */
  accepts(operation: CacheOperation, key: unknown): key is string {
    const fault = keyFault(key)
    if (fault === null) return true
    this.warnings.once(`a key was refused because ${fault}`)
    this.ended(operation, 'refused', undefined, 'UNUSABLE_KEY')
    return false
  }
}
