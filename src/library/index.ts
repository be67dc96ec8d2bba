/**
 * A cache, a rate limiter and stores on Supabase whose Redis, or Upstash, may disappear without the application noticing:
 * `import { … } from 'transparent-cache'`.
 *
 * @module library
 */
import { startTelemetry } from './telemetry/start.js'

startTelemetry()

export type { CacheBackend, RedisKeyValueClient } from './backends/backend.js'
export { createKeyValueClient } from './backends/create.js'
export { createPassThroughRedis } from './backends/pass-through.js'
export { resolveBackend, resolveRedisBackend } from './backends/resolve.js'
export type { BackendPurpose, BackendResolution, RedisBackend } from './backends/resolve.js'
export type { Script } from './backends/script.js'
export { createTransparentCache } from './cache/create-transparent-cache.js'
export type { Load } from './cache/loader.js'
export { NOT_FOUND } from './cache/not-found.js'
export type { CacheOptions } from './cache/options.js'
export type { CacheStatus, TransparentCache } from './cache/transparent-cache.js'
export { allFamilies, families, findFamily } from './families/families.js'
export { declareFamily } from './families/family.js'
export type { Family, FamilyDeclaration, KeyType } from './families/family.js'
export type { KeyPattern } from './families/pattern.js'
export { BulkheadRejectedError, OptionError } from './kernel/errors.js'
export { onEvent } from './kernel/events.js'
export type {
  BackendState,
  BackendType,
  CacheOperation,
  CacheResult,
  EventListener,
  LibraryEvent,
  LimiterBackendType,
  LimiterResult,
} from './kernel/events.js'
export type { RateLimitBackend } from './rate-limit/backend.js'
export { createRateLimiter } from './rate-limit/create-rate-limiter.js'
export { createTransparentRateLimiter } from './rate-limit/create-transparent-rate-limiter.js'
export { getRateLimiter } from './rate-limit/get-rate-limiter.js'
export { ipIdentifier } from './rate-limit/ip-identifier.js'
export type { IpIdentifierOptions } from './rate-limit/ip-identifier.js'
export type { RateLimiterOptions, TransparentRateLimiterOptions } from './rate-limit/options.js'
export { toRateLimitHeaders } from './rate-limit/rate-limit-headers.js'
export type { RateLimitHeaderOptions } from './rate-limit/rate-limit-headers.js'
export type {
  LimiterStatus,
  RateLimitDecision,
  RateLimiter,
  TransparentRateLimiter,
  UnavailablePolicy,
} from './rate-limit/transparent-rate-limiter.js'
export type { BreakerOptions } from './resilience/circuit-breaker.js'
export type { CacheBackendOptions } from './stores/cache-backend.js'
export type { CachingStore, CachingStoreOptions } from './stores/caching-store.js'
export type { ConversationConfigSource } from './stores/conversation-config/conversation-config-source.js'
export type {
  ConversationConfig,
  ConversationConfigStore,
  NewConversationConfig,
} from './stores/conversation-config/conversation-config-store.js'
export { createConversationConfigStore } from './stores/conversation-config/create-conversation-config-store.js'
export type { ConversationConfigStoreOptions } from './stores/conversation-config/create-conversation-config-store.js'
export type { ConversationSource } from './stores/conversation/conversation-source.js'
export type {
  ConversationStore,
  NewConversation,
  NewMessage,
  Page,
  PageRequest,
} from './stores/conversation/conversation-store.js'
export type {
  Conversation,
  Message,
  MessageRole,
  ShareAudience,
  TenantAccess,
} from './stores/conversation/conversation.js'
export { createConversationStore } from './stores/conversation/create-conversation-store.js'
export type { ConversationStoreOptions } from './stores/conversation/create-conversation-store.js'
export { createCachingStore } from './stores/create-caching-store.js'
export { createPolicyStore } from './stores/policy/create-policy-store.js'
export type { PolicyStoreOptions } from './stores/policy/create-policy-store.js'
export type { PolicySource } from './stores/policy/policy-source.js'
export type { NewPolicy, Policy, PolicyStore } from './stores/policy/policy-store.js'
export { StoreError } from './stores/store-error.js'
export type { StoreErrorCode } from './stores/store-error.js'
export type { StoreCacheOptions, StoreOptions } from './stores/store-options.js'
export type { SupabaseClientLike } from './stores/supabase-client.js'
export { createValidationCache } from './stores/validation/create-validation-cache.js'
export type { ValidationCacheOptions } from './stores/validation/create-validation-cache.js'
export { getValidationCache } from './stores/validation/get-validation-cache.js'
export type { Validation, ValidationCache } from './stores/validation/validation-cache.js'
export type { Viewer } from './stores/viewer.js'
export { setLogger } from './telemetry/log.js'
export type { Logger } from './telemetry/logger.js'
