import type { NewPolicy, Policy } from './policy-store.js'

/** Policies as they are in the system of record. Implement it to use another one. Every method rejects with what went wrong. */
export interface PolicySource {
  find(tenantId: string): Promise<Policy | null>
  put(tenantId: string, policy: Required<NewPolicy>): Promise<Policy>
  /** False when there was none. */
  remove(tenantId: string): Promise<boolean>
}
