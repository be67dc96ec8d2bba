import type { SupabaseClientLike } from '../supabase-client.js'
import { SupabaseTenantRecords, type TenantTable } from '../tenant-record/supabase-tenant-records.js'
import type { ConversationConfigSource } from './conversation-config-source.js'
import type { ConversationConfig } from './conversation-config-store.js'
import { NAMING } from './naming.js'

interface ConfigRow {
  tenant_id: string
  compact_after_messages: number | null
  compact_after_idle_hours: number | null
  retention_days: number | null
  settings: Record<string, unknown>
  updated_at: string
}

const TABLE: TenantTable<ConversationConfig, ConfigRow> = {
  name: 'conversation_configs',
  columns: [
    'tenant_id',
    'compact_after_messages',
    'compact_after_idle_hours',
    'retention_days',
    'settings',
    'updated_at',
  ],
  toRecord: (row) => ({
    tenantId: row.tenant_id,
    compactAfterMessages: row.compact_after_messages,
    compactAfterIdleHours: row.compact_after_idle_hours,
    retentionDays: row.retention_days,
    settings: row.settings,
    updatedAt: new Date(row.updated_at),
  }),
  toRow: (config) => ({
    compact_after_messages: config.compactAfterMessages,
    compact_after_idle_hours: config.compactAfterIdleHours,
    retention_days: config.retentionDays,
    settings: config.settings,
  }),
}

/**
 * The table `conversation_configs` of `supabase/migrations`.
 *
 * @param options.deadlineMs longest that a query may take, in ms
 */
export function createSupabaseConversationConfigSource(
  supabase: SupabaseClientLike,
  options: { deadlineMs: number },
): ConversationConfigSource {
  return new SupabaseTenantRecords(supabase, TABLE, NAMING, options)
}
