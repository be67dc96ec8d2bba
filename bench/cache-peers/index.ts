import { bentoBreaker, bentoBreakerFast, bentocache } from './bentocache.js'
import { cacheManager } from './cache-manager.js'
import type { CachePeer } from './cache-peer.js'
import { cacheable, cacheableNonBlocking } from './cacheable.js'
import { bareConversation, cachedConversation } from './conversations.js'
import { fast, raw, rawJson } from './ioredis.js'
import { keyv, keyvHard, keyvNonBlocking } from './keyv.js'
import { library5, library6 } from './library.js'
import { nodeRedis } from './node-redis.js'
import { reference } from './reference.js'

/** Whose speed is compared; each of ours is next to the client that it is measured by. */
export const FOR_SPEED: readonly CachePeer[] = [
  library6,
  raw(6),
  library5,
  raw(5),
  rawJson(6),
  rawJson(5),
  reference(6),
  reference(5),
  keyv,
  cacheable,
  bentocache,
  cacheManager,
  nodeRedis,
]

/** Whom Redis is taken away from, ours first. */
export const FOR_OUTAGES: readonly CachePeer[] = [
  library6,
  reference(6),
  reference(5),
  fast(5),
  bentoBreaker,
  bentoBreakerFast,
  keyvNonBlocking,
  keyvHard,
  cacheableNonBlocking,
  cacheManager,
]

/** A store, and the client that it is measured by, which is last. */
export const FOR_STORES: readonly CachePeer[] = [cachedConversation, bareConversation]
