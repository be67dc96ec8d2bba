import type { CacheStatus } from '../cache/transparent-cache.js'
import type { BackendType } from '../kernel/events.js'

/** How the records of one kind are read, and who may see one. */
export interface CachingStoreOptions<Id, R, V> {
  /** Label of metrics and logs, such as `invoices`. */
  name: string
  /** The key of a record: build it with a family's pattern, which encodes what an identifier may hold. */
  key: (id: Id) => string
  /** The record as it is in the system of record, for whoever asks: no permission is decided here. Null: there is none. */
  load: (id: Id) => Promise<R | null>
  /** Whether this is the record that was asked for. On a hit a no counts as a miss: the source is asked. */
  isRecordOf: (record: R, id: Id) => boolean
  /** Decided on every call, hit or miss, after the record is there. */
  canRead: (record: R, viewer: V) => boolean
  /** Lifetime of a record, in seconds. @default 300 */
  ttlSeconds?: number
  /** How long it is remembered that there is no such record, in seconds; 0: not. @default 10 */
  negativeTtlSeconds?: number
  /** A checksum before each record; see `CacheOptions`. For what decides about access. @default false */
  integrity?: boolean
  /** Loads that may run at a time; see `CacheOptions`. @default 64 */
  maxConcurrentLoads?: number
}

/**
 * Records of a system of record, read through a cache that may disappear, with the permission decided above it.
 *
 * A method rejects when `load` or `change` does, with that very error, and never because of the cache.
 */
export interface CachingStore<Id, R, V> {
  /** Null when there is no such record, or none that this viewer may read. */
  get(id: Id, viewer: V): Promise<R | null>
  /**
   * Runs the change and invalidates the record before it settles, also when the change rejects: it may have been carried
   * out. A load that began before the change is not stored.
   */
  change<Result>(id: Id, change: () => Promise<Result>): Promise<Result>
  /** For a change that somebody else made. */
  invalidate(id: Id): Promise<void>
  /** What its cache was configured with; fixed. */
  getBackendType(): BackendType
  /** How its cache is doing. */
  getStatus(): CacheStatus
  /** Of the cache. Idempotent, never rejects. */
  close(): Promise<void>
}
