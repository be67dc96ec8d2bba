import type { CacheStatus } from '../../cache/transparent-cache.js'
import type { Family } from '../../families/families.js'
import type { BackendType } from '../../kernel/events.js'
import type { CachingStore } from '../caching-store.js'
import { createCachingStore } from '../create-caching-store.js'
import { isIdentifier } from '../is-identifier.js'
import { StoreError } from '../store-error.js'
import type { StoreCacheOptions } from '../store-options.js'
import type { FieldsOf, Naming, TenantRecord, TenantRecordSource } from './tenant-record.js'

export interface TenantRecordsOptions<R extends TenantRecord> {
  source: TenantRecordSource<R>
  cache: StoreCacheOptions
  naming: Naming
  family: Family
  /** A checksum before each record in the cache. */
  integrity: boolean
  /** What `put` takes for what it is not given. */
  defaults: () => FieldsOf<R>
}

/** Records of a source, one per tenant, read through a cache: what the store of one kind is made of. */
export abstract class CachingTenantRecords<R extends TenantRecord> {
  readonly #source: TenantRecordSource<R>
  readonly #naming: Naming
  readonly #defaults: () => FieldsOf<R>
  readonly #cached: CachingStore<string, R, null>

  /** @throws OptionError for an option that cannot be used */
  constructor({ source, cache, naming, family, integrity, defaults }: TenantRecordsOptions<R>) {
    this.#source = source
    this.#naming = naming
    this.#defaults = defaults
    this.#cached = createCachingStore<string, R, null>({
      ...cache,
      name: naming.store,
      key: (tenantId) => family.pattern.build({ tenantId }),
      load: (tenantId) => source.find(tenantId),
      isRecordOf: (record, tenantId) => record.tenantId === tenantId && isWhole(record, defaults()),
      // The caller has chosen the tenant; a record is for all who act for it.
      canRead: () => true,
      ttlSeconds: family.ttlSeconds!,
      negativeTtlSeconds: 10,
      integrity,
    })
  }

  getBackendType(): BackendType {
    return this.#cached.getBackendType()
  }

  getStatus(): CacheStatus {
    return this.#cached.getStatus()
  }

  close(): Promise<void> {
    return this.#cached.close()
  }

  protected async find(tenantId: string): Promise<R | null> {
    this.#refuseUnusable(tenantId, 'find')
    return this.#cached.get(tenantId, null)
  }

  protected async put(tenantId: string, given: Partial<FieldsOf<R>>): Promise<R> {
    this.#refuseUnusable(tenantId, 'put')
    const fields = this.#complete(given)
    return this.#cached.change(tenantId, () => this.#source.put(tenantId, fields))
  }

  protected async remove(tenantId: string): Promise<boolean> {
    this.#refuseUnusable(tenantId, 'remove')
    return this.#cached.change(tenantId, () => this.#source.remove(tenantId))
  }

  /** A misspelt field would leave its default in force, and NaN would arrive as null: both may mean "no limit". */
  #complete(given: Partial<FieldsOf<R>>): FieldsOf<R> {
    const fields = { ...this.#defaults() } as Record<string, unknown>
    for (const [name, value] of Object.entries(given)) {
      // So that a record that was read can be written back with a change.
      if (name === 'tenantId' || name === 'updatedAt' || value === undefined) continue
      if (!Object.hasOwn(fields, name)) throw this.#invalid('put', 'it was given a field that does not exist')
      if (typeof value === 'number' && !Number.isFinite(value))
        throw this.#invalid('put', `${name} is not a finite number`)
      fields[name] = value
    }
    return fields as FieldsOf<R>
  }

  #refuseUnusable(tenantId: unknown, operation: 'find' | 'put' | 'remove'): void {
    if (!isIdentifier(tenantId))
      throw this.#invalid(operation, 'tenantId must be a non-empty string of whole characters')
  }

  #invalid(operation: 'find' | 'put' | 'remove', what: string): StoreError {
    return new StoreError('INVALID', { store: this.#naming.store, operation: this.#naming[operation] }, what)
  }
}

/** Another version of the service may have left one in the cache that lacks what this one has added. */
function isWhole<R extends TenantRecord>(record: R, defaults: FieldsOf<R>): boolean {
  const isThere = (name: string) => (record as Record<string, unknown>)[name] !== undefined
  return record.updatedAt instanceof Date && Object.keys(defaults).every(isThere)
}
