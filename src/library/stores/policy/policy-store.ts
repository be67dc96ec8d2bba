import type { CacheStatus } from '../../cache/transparent-cache.js'
import type { BackendType } from '../../kernel/events.js'

/** What a tenant's users may ask of language models. */
export interface Policy {
  /** Whose it is. */
  tenantId: string
  /** Null: the application's default. */
  defaultModel: string | null
  /** Null: all that the application offers; empty: none. */
  allowedModels: string[] | null
  /** Whether what users write may leave the tenant's own systems. */
  allowRemoteEgress: boolean
  /** Of one tenant and month, in US dollars; null: none. */
  monthlyBudgetUsd: number | null
  /** The application's own; JSON. */
  settings: Record<string, unknown>
  /** When it was last set. */
  updatedAt: Date
}

/** What `setPolicy` leaves out takes the default: no default model, all models, no egress, no budget, no settings. */
export type NewPolicy = Partial<Omit<Policy, 'tenantId' | 'updatedAt'>>

/**
 * A tenant's policy in the system of record, read through a cache that may disappear.
 *
 * Every method rejects with `StoreError` when the source of truth cannot do what is asked, and never because of the
 * cache; that there is no answer is never taken for "no policy". A cached policy carries a checksum, and one of another
 * tenant is a miss.
 */
export interface PolicyStore {
  /** Null: this tenant has none. */
  getPolicy(tenantId: string): Promise<Policy | null>
  /** Replaces it whole. */
  setPolicy(tenantId: string, policy: NewPolicy): Promise<Policy>
  /** False when there was none. */
  deletePolicy(tenantId: string): Promise<boolean>
  /** What its cache was configured with; fixed. */
  getBackendType(): BackendType
  /** How its cache is doing. */
  getStatus(): CacheStatus
  /** Of the cache; the Supabase client is the caller's. Idempotent, never rejects. */
  close(): Promise<void>
}
