import { families } from '../../families/families.js'
import type { StoreCacheOptions } from '../store-options.js'
import { CachingTenantRecords } from '../tenant-record/caching-tenant-records.js'
import { NAMING } from './naming.js'
import type { PolicySource } from './policy-source.js'
import type { NewPolicy, Policy, PolicyStore } from './policy-store.js'

/** Policies of a source, read through a cache. See `PolicyStore` for what it promises. */
export class CachingPolicyStore extends CachingTenantRecords<Policy> implements PolicyStore {
  /** @throws OptionError for an option that cannot be used */
  constructor(source: PolicySource, cache: StoreCacheOptions) {
    super({
      cache,
      source,
      naming: NAMING,
      family: families.llmPolicy,
      integrity: true,
      defaults: () => ({
        defaultModel: null,
        allowedModels: null,
        allowRemoteEgress: false,
        monthlyBudgetUsd: null,
        settings: {},
      }),
    })
  }

  getPolicy(tenantId: string): Promise<Policy | null> {
    return this.find(tenantId)
  }

  setPolicy(tenantId: string, policy: NewPolicy): Promise<Policy> {
    return this.put(tenantId, policy)
  }

  deletePolicy(tenantId: string): Promise<boolean> {
    return this.remove(tenantId)
  }
}
