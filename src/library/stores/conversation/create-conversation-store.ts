import { resolveStore, type StoreOptions } from '../store-options.js'
import { CachingConversationStore } from './caching-conversation-store.js'
import type { ConversationSource } from './conversation-source.js'
import type { ConversationStore } from './conversation-store.js'
import { SupabaseConversationSource } from './supabase-conversation-source.js'

/** What a conversation store is made of. */
export type ConversationStoreOptions = StoreOptions<ConversationSource>

/** A record and not a list, so that a method without a place here does not compile. */
const METHODS: Record<keyof ConversationSource, true> = {
  create: true,
  find: true,
  list: true,
  update: true,
  softDelete: true,
  append: true,
  softDeleteMessage: true,
  messages: true,
  compactionCandidates: true,
}

/** Our tables make ids at random, so one that is not there now will not be there in a moment. */
const RANDOM_IDS_NEGATIVE_TTL = 10

/** Where ids can be guessed, somebody may have asked for the next one just before it is given out. */
const ANY_IDS_NEGATIVE_TTL = 0

/**
 * Conversations of tenants. The same with Redis as without, and never null.
 *
 * A conversation is kept for 60 s; that there is none for 10 s, and not at all over a source of your own.
 *
 * @throws OptionError, now, for an option that cannot be used
 *
 * @example
 * const conversations = createConversationStore({ supabase, redis: resolveRedisBackend() })
 * const conversation = await conversations.getConversation({ tenantId, userId }, conversationId)
 */
export function createConversationStore(options: ConversationStoreOptions): ConversationStore {
  const { source, cache } = resolveStore(options, {
    methods: Object.keys(METHODS) as (keyof ConversationSource)[],
    fromSupabase: (supabase, timing) => new SupabaseConversationSource(supabase, timing),
  })
  const negativeTtlSeconds = options.source === undefined ? RANDOM_IDS_NEGATIVE_TTL : ANY_IDS_NEGATIVE_TTL
  return new CachingConversationStore(source, { ...cache, negativeTtlSeconds })
}
