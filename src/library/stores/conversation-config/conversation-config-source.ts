import type { ConversationConfig, NewConversationConfig } from './conversation-config-store.js'

/** Settings as they are in the system of record. Implement it to use another one. Every method rejects with what went wrong. */
export interface ConversationConfigSource {
  /** Null: this tenant has none. */
  find(tenantId: string): Promise<ConversationConfig | null>
  /** Replaces what there is, whole. */
  put(tenantId: string, config: Required<NewConversationConfig>): Promise<ConversationConfig>
  /** False when there was none. */
  remove(tenantId: string): Promise<boolean>
}
