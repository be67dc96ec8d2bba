import type { CacheStatus } from '../cache/transparent-cache.js'
import type { Clock } from '../kernel/clock.js'
import type { BackendType } from '../kernel/events.js'
import type { CacheBackendOptions } from './cache-backend.js'

/** How the records of one kind are read, and who may see one. Checked when the store is built. */
export interface CachingStoreOptions<Id, R, V> extends CacheBackendOptions {
  /** Label of metrics and logs, such as `invoices`. */
  name: string
  /** The key of a record: build it with a family's pattern, which encodes what an identifier may hold. */
  key: (id: Id) => string
  /** The record as it is in the system of record, for whoever asks: no permission is decided here. Null: there is none. */
  load: (id: Id) => Promise<R | null>
  /**
   * Whether this is the record that was asked for, and whole. On a hit a no counts as a miss: the source is asked, and
   * what stands there stays. Of the source's own answer it is `StoreError` `UNEXPECTED`.
   */
  isRecordOf: (record: R, id: Id) => boolean
  /** Decided on every call, hit or miss, after the record is there. */
  canRead: (record: R, viewer: V) => boolean
  /** Lifetime of a record, in seconds. @default 300 */
  ttlSeconds?: number | undefined
  /** How long it is remembered that there is no such record, in seconds; 0: not. @default 10 */
  negativeTtlSeconds?: number | undefined
  /** Longest that the cache keeps a caller waiting, in ms; see `CacheOptions`. @default 100 on Redis, 300 on Upstash */
  cacheDeadlineMs?: number | undefined
  /** A checksum before each record; see `CacheOptions`. For what decides about access. @default false */
  integrity?: boolean | undefined
  /** Loads that may run at a time; see `CacheOptions`. @default 64 */
  maxConcurrentLoads?: number | undefined
  /** @internal */
  clock?: Clock | undefined
}

/**
 * Records of a system of record, read through a cache that may disappear, with the permission decided above it.
 *
 * A method rejects when `load` or `change` does, with that very error, and never because of the cache.
 */
export interface CachingStore<Id, R, V> {
  /**
   * Null when there is no such record, or none that this viewer may read.
   * @throws BulkheadRejectedError where more loads run than the source is to be asked for; answer 503
   */
  get(id: Id, viewer: V): Promise<R | null>
  /**
   * Runs the change and invalidates the record before it settles, also when the change rejects: it may have been carried
   * out. A load that began before the change is not stored. One that is carried out only after it was given up, as behind
   * a lock, may be hidden by the old record for the TTL.
   */
  change<Result>(id: Id, change: () => Promise<Result>): Promise<Result>
  /** For a change that somebody else made. */
  invalidate(id: Id): Promise<void>
  /** What its cache was configured with; fixed. */
  getBackendType(): BackendType
  /** How its cache is doing. */
  getStatus(): CacheStatus
  /**
   * Of the cache, which takes 1 s at most; before that, changes that are under way get 1 s to end, and one that takes longer
   * is not told to other processes. Idempotent, never rejects.
   */
  close(): Promise<void>
}
