import type { Load } from './loader.js'
import type { BackendState, BackendType } from '../kernel/events.js'

/** How a cache is doing. */
export interface CacheStatus {
  /** What was configured. */
  backend: BackendType
  /** What callers get of it; without a backend always `degraded`. */
  state: BackendState
  /** When `state` was entered, ms since the epoch. */
  since: number
  /**
   * Why it is not `up`: the kind of the latest failure, such as `ECONNREFUSED`, `NOAUTH`, `DEADLINE` or `OOM`, `NO_BACKEND`
   * in a pass-through cache; null when it is up.
   */
  cause: string | null
  /** Invalidations that wait for the backend; their keys are misses in this process. */
  pendingInvalidations: number
  /**
   * Invalidations given up, and lost sets beyond `journalMax`, which invalidate what they were to replace: those entries
   * may be served until their TTL ends.
   */
  lostInvalidations: number
}

/**
 * A cache whose backend may disappear without the caller noticing.
 *
 * No method ever rejects because of the backend, and each settles within the deadline: a failed read is a miss, a
 * failed write is dropped, a failed invalidation is kept and delivered before anything is read again. The cache never
 * answers with a value that this process has invalidated.
 */
export interface TransparentCache<T> {
  /** Null when there is no value, also when that is what is cached (`NOT_FOUND`), or when the backend cannot be asked. */
  get(key: string): Promise<T | null>
  /**
   * The value, else what `load` answers, which is stored for the next reader. Use this rather than `get` and `set`: it
   * knows which load belongs to which look, so a load that began before an invalidation is never stored, also when both
   * happen in this process. Concurrent callers of one key share one load; each gets an object of its own.
   *
   * A load that answers `NOT_FOUND` is not asked again for `negativeTtl` seconds; null is answered and not stored. `load`
   * rejecting rejects this call with that very error and stores nothing. The backend adds its deadline at most once,
   * before the load.
   *
   * At most `maxConcurrentLoads` loads of this cache run at a time; a further one waits for its turn, 1 s at most, and then
   * rejects with `BulkheadRejectedError`. That protects the source, which gets every request when Redis is away: answer 503
   * with `Retry-After`. A load that never settles keeps its place for ever, so give it a timeout of its own, and one that
   * asks for its own key waits for itself.
   */
  getOrLoad(key: string, load: Load<T>, options?: { ttlSeconds?: number }): Promise<T | null>
  /**
   * Stores a value, unless another process invalidated the key since this one last looked at it. When it cannot be
   * stored, what it was to replace is taken away as soon as the backend allows, and is a miss here until then
   * (`journalMax` such keys at most).
   * @param ttlSeconds @default the `ttl` option; out of range is clamped to 1 to 604800 with one warning
   */
  set(key: string, value: T, ttlSeconds?: number): Promise<void>
  /** Invalidates. Call it after the change to the source of truth is committed, and await it before you answer. */
  del(key: string): Promise<void>
  /** What was configured; fixed. See `getStatus` for how it is doing. */
  getBackendType(): BackendType
  /** How it is doing, for health checks; asks nobody. */
  getStatus(): CacheStatus
  /**
   * Takes 1 s at most to let writes end and to deliver what waits, then lets the connection go if no other cache uses it.
   * Never rejects; idempotent; keeps no timer. Operations from then on do without the backend, as with none configured: a
   * read misses, `getOrLoad` loads, and an invalidation is lost, which `getStatus` and a log line tell.
   */
  close(): Promise<void>
}
