import { InFlight } from '../cache/in-flight.js'
import { LoadBulkhead } from '../cache/load-bulkhead.js'
import { NOT_FOUND } from '../cache/not-found.js'
import type { CacheStatus, TransparentCache } from '../cache/transparent-cache.js'
import { Warnings } from '../cache/warnings.js'
import { within } from '../cache/within.js'
import { systemClock, type Clock } from '../kernel/clock.js'
import type { BackendType } from '../kernel/events.js'
import { createStoreCache } from './cache-backend.js'
import { cacheOptionsOf, checkOptions, inOurWords } from './caching-store-options.js'
import type { CachingStore, CachingStoreOptions } from './caching-store.js'
import { keyOrNone } from './key-or-none.js'
import { StoreError } from './store-error.js'

/**
 * A store of your own: give it how a record is loaded, whether it is the one that was asked for, and who may read it.
 * Never null, and the same with Redis as without.
 *
 * @throws OptionError, now, for an option that cannot be used
 *
 * @example
 * const invoices = createCachingStore<string, Invoice, Viewer>({
 *   redis: resolveRedisBackend(),
 *   name: 'invoices',
 *   key: (id) => `app:invoice:${encodeURIComponent(id)}`,
 *   load: (id) => findInvoice(id),
 *   isRecordOf: (invoice, id) => invoice.id === id,
 *   canRead: (invoice, viewer) => invoice.tenantId === viewer.tenantId,
 * })
 */
export function createCachingStore<Id, R, V>(options: CachingStoreOptions<Id, R, V>): CachingStore<Id, R, V> {
  return new CacheBackedStore(options)
}

const CLOSE_MS = 1000

class CacheBackedStore<Id, R, V> implements CachingStore<Id, R, V> {
  readonly #options: CachingStoreOptions<Id, R, V>
  readonly #cache: TransparentCache<R>
  readonly #bulkhead: LoadBulkhead
  readonly #warnings: Warnings
  readonly #clock: Clock
  readonly #changing = new InFlight()
  #closing: Promise<void> | null = null

  constructor(options: CachingStoreOptions<Id, R, V>) {
    checkOptions(options)
    this.#options = options
    this.#cache = inOurWords(() => createStoreCache<R>(options, cacheOptionsOf(options)))
    const { name, maxConcurrentLoads = 64, clock = systemClock } = options
    this.#clock = clock
    this.#warnings = new Warnings(name)
    const onRejected = ({ message }: Error) => this.#warnings.once(message)
    this.#bulkhead = new LoadBulkhead(clock, maxConcurrentLoads, onRejected)
  }

  async get(id: Id, viewer: V): Promise<R | null> {
    const record = await this.#recordOf(id)
    return record !== null && this.#options.canRead(record, viewer) === true ? record : null
  }

  /**
   * Not before the change as well: whoever reads meanwhile would bring the old record back, and what was loaded before it
   * is kept out by the invalidation after it.
   */
  async change<Result>(id: Id, change: () => Promise<Result>): Promise<Result> {
    return this.#changing.run(async () => {
      try {
        return await change()
      } finally {
        await this.invalidate(id)
      }
    })
  }

  invalidate(id: Id): Promise<void> {
    return this.#cache.del(this.#keyOf(id))
  }

  getBackendType(): BackendType {
    return this.#cache.getBackendType()
  }

  getStatus(): CacheStatus {
    return this.#cache.getStatus()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** A change that is under way has others to tell of it. */
  async #close(): Promise<void> {
    await within(this.#changing.idle(), this.#clock, CLOSE_MS)
    await this.#cache.close()
  }

  async #recordOf(id: Id): Promise<R | null> {
    const record = await this.#cache.getOrLoad(
      this.#keyOf(id),
      async () => (await this.#load(id)) ?? NOT_FOUND,
    )
    if (record === null || this.#isRecordOf(record, id)) return record
    // It is not deleted: for whoever wrote it, it may be right.
    this.#warnings.once(ANOTHER_IN_CACHE)
    return this.#load(id)
  }

  /** All that reaches the source goes through one bulkhead: of what follows a mismatch the cache's own does not know. */
  #load(id: Id): Promise<R | null> {
    const { load, isRecordOf, name } = this.#options
    return this.#bulkhead.run(async () => {
      const record = (await load(id)) ?? null
      if (record === null || isRecordOf(record, id) === true) return record
      throw new StoreError('UNEXPECTED', { store: name, operation: 'load' }, ANOTHER_FROM_SOURCE)
    })
  }

  /** What stands in the cache may have any shape. */
  #isRecordOf(record: R, id: Id): boolean {
    try {
      return this.#options.isRecordOf(record, id) === true
    } catch {
      return false
    }
  }

  #keyOf(id: Id): string {
    return keyOrNone(() => this.#options.key(id))
  }
}

const ANOTHER_FROM_SOURCE = 'the source answered with another record than was asked for'
const ANOTHER_IN_CACHE =
  'a cached record was not the one that was asked for; it was not used, and the source is asked until it expires: ' +
  'look for another writer of these keys'
