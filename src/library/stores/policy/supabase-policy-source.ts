import type { SupabaseClientLike } from '../supabase-client.js'
import { SupabaseTenantRecords, type TenantTable } from '../tenant-record/supabase-tenant-records.js'
import { NAMING } from './naming.js'
import type { PolicySource } from './policy-source.js'
import type { Policy } from './policy-store.js'

interface PolicyRow {
  tenant_id: string
  default_model: string | null
  allowed_models: string[] | null
  allow_remote_egress: boolean
  monthly_budget_usd: number | null
  settings: Record<string, unknown>
  updated_at: string
}

const TABLE: TenantTable<Policy, PolicyRow> = {
  name: 'tenant_llm_policies',
  columns: [
    'tenant_id',
    'default_model',
    'allowed_models',
    'allow_remote_egress',
    'monthly_budget_usd',
    'settings',
    'updated_at',
  ],
  toRecord: (row) => ({
    tenantId: row.tenant_id,
    defaultModel: row.default_model,
    allowedModels: row.allowed_models,
    allowRemoteEgress: row.allow_remote_egress,
    monthlyBudgetUsd: row.monthly_budget_usd,
    settings: row.settings,
    updatedAt: new Date(row.updated_at),
  }),
  toRow: (policy) => ({
    default_model: policy.defaultModel,
    allowed_models: policy.allowedModels,
    allow_remote_egress: policy.allowRemoteEgress,
    monthly_budget_usd: policy.monthlyBudgetUsd,
    settings: policy.settings,
  }),
}

/**
 * The table `tenant_llm_policies` of `supabase/migrations`.
 *
 * @param options.deadlineMs longest that a query may take, in ms
 */
export function createSupabasePolicySource(
  supabase: SupabaseClientLike,
  options: { deadlineMs: number },
): PolicySource {
  return new SupabaseTenantRecords(supabase, TABLE, NAMING, options)
}
