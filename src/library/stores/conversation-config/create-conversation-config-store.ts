import { resolveStore, type StoreOptions } from '../store-options.js'
import { TENANT_RECORD_METHODS } from '../tenant-record/tenant-record.js'
import { CachingConversationConfigStore } from './caching-conversation-config-store.js'
import type { ConversationConfigSource } from './conversation-config-source.js'
import type { ConversationConfigStore } from './conversation-config-store.js'
import { createSupabaseConversationConfigSource } from './supabase-conversation-config-source.js'

/** What a store of conversation settings is made of. */
export type ConversationConfigStoreOptions = StoreOptions<ConversationConfigSource>

/**
 * The settings of tenants for their conversations. The same with Redis as without, and never null.
 *
 * Settings are kept for 300 s, that there are none for 10 s.
 *
 * @throws OptionError, now, for an option that cannot be used
 */
export function createConversationConfigStore(
  options: ConversationConfigStoreOptions,
): ConversationConfigStore {
  const { source, cache } = resolveStore(options, {
    methods: TENANT_RECORD_METHODS,
    fromSupabase: createSupabaseConversationConfigSource,
  })
  return new CachingConversationConfigStore(source, cache)
}
