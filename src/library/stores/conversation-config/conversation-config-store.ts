import type { CacheStatus } from '../../cache/transparent-cache.js'
import type { BackendType } from '../../kernel/events.js'

/** How a tenant's conversations are kept short enough for a model. */
export interface ConversationConfig {
  /** Whose they are. */
  tenantId: string
  /** A conversation with more messages is a candidate for compaction; null: the application's default. */
  compactAfterMessages: number | null
  /** Idle for so many hours before it is compacted; null: the application's default. */
  compactAfterIdleHours: number | null
  /** Days until a deleted conversation may be removed for good; null: never. */
  retentionDays: number | null
  /** The application's own; JSON. */
  settings: Record<string, unknown>
  /** When they were last set. */
  updatedAt: Date
}

/** What `setConfig` leaves out is null, or no settings. */
export type NewConversationConfig = Partial<Omit<ConversationConfig, 'tenantId' | 'updatedAt'>>

/**
 * A tenant's conversation settings in the system of record, read through a cache that may disappear. Same guarantees as
 * `PolicyStore`.
 */
export interface ConversationConfigStore {
  /** Null: this tenant has none. */
  getConfig(tenantId: string): Promise<ConversationConfig | null>
  /** Replaces it whole. */
  setConfig(tenantId: string, config: NewConversationConfig): Promise<ConversationConfig>
  /** False when there was none. */
  deleteConfig(tenantId: string): Promise<boolean>
  /** What its cache was configured with; fixed. */
  getBackendType(): BackendType
  /** How its cache is doing. */
  getStatus(): CacheStatus
  /** Of the cache; the Supabase client is the caller's. Idempotent, never rejects. */
  close(): Promise<void>
}
