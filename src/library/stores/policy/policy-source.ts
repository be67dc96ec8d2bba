import type { NewPolicy, Policy } from './policy-store.js'

/** Policies as they are in the system of record. Implement it to use another one. Every method rejects with what went wrong. */
export interface PolicySource {
  /** Null: this tenant has none. */
  find(tenantId: string): Promise<Policy | null>
  /** Replaces what there is, whole. */
  put(tenantId: string, policy: Required<NewPolicy>): Promise<Policy>
  /** False when there was none. */
  remove(tenantId: string): Promise<boolean>
}
