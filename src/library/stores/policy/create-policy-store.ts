import { resolveStore, type StoreOptions } from '../store-options.js'
import { TENANT_RECORD_METHODS } from '../tenant-record/tenant-record.js'
import { CachingPolicyStore } from './caching-policy-store.js'
import type { PolicySource } from './policy-source.js'
import type { PolicyStore } from './policy-store.js'
import { createSupabasePolicySource } from './supabase-policy-source.js'

/** What a policy store is made of. */
export type PolicyStoreOptions = StoreOptions<PolicySource>

/**
 * The policies of tenants. The same with Redis as without, and never null.
 *
 * A policy is kept for 300 s, that there is none for 10 s.
 *
 * @throws OptionError, now, for an option that cannot be used
 *
 * @example
 * const policies = createPolicyStore({ supabase, redis: resolveRedisBackend() })
 * const policy = await policies.getPolicy(session.tenantId)
 */
export function createPolicyStore(options: PolicyStoreOptions): PolicyStore {
  const { source, cache } = resolveStore(options, {
    methods: TENANT_RECORD_METHODS,
    fromSupabase: createSupabasePolicySource,
  })
  return new CachingPolicyStore(source, cache)
}
