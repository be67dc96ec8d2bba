import type { CacheBackend } from '../backends/backend.js'
import { createKeyValueClient } from '../backends/create.js'
import type { RedisBackend } from '../backends/resolve.js'
import { createTransparentCache } from '../cache/create-transparent-cache.js'
import { resolveOptions, type CacheOptions } from '../cache/options.js'
import type { TransparentCache } from '../cache/transparent-cache.js'
import { OptionError } from '../kernel/errors.js'

/** Where a store caches. Never whether: without Redis it is the same store, and asks its source every time. */
export interface CacheBackendOptions {
  /**
   * What `resolveRedisBackend` answers, or any `{get, set, del}` such as a client of `createKeyValueClient`; null for a
   * service without Redis. Stores of one backend share one connection; the last that is closed ends it, and a client's too.
   * @default null
   */
  redis?: RedisBackend | CacheBackend | null | undefined
  /** What `redis` is where it is a client. @default 'redis' */
  backendType?: 'redis' | 'upstash' | undefined
}

interface Connection {
  client: CacheBackend
  users: number
}

const connections = new Map<string, Connection>()

/**
 * A cache on what a store was given. It takes no connection before everything about it is known to be usable.
 *
 * @throws OptionError for an option, or a backend, that cannot be used
 */
export function createStoreCache<T>(
  { redis = null, backendType = 'redis' }: CacheBackendOptions,
  options: CacheOptions<T>,
): TransparentCache<T> {
  if (backendType !== 'redis' && backendType !== 'upstash')
    throw new OptionError('backendType', backendType, `'redis' or 'upstash'`)
  if (redis === null) return createTransparentCache<T>(null, null, options)
  if (isClient(redis)) return createTransparentCache<T>(redis, backendType, options)
  resolveOptions(options, redis.backend)
  const { client, release } = acquireConnection(redis)
  const cache = createTransparentCache<T>(client, redis.backend, options)
  const close = cache.close.bind(cache)
  cache.close = () => {
    release()
    return close()
  }
  return cache
}

/** A client's methods are not looked at: what it lacks is an error of that one operation. */
function isClient(redis: RedisBackend | CacheBackend): redis is CacheBackend {
  const given: unknown = redis
  if (typeof given === 'function') return true
  if (typeof given === 'object' && given !== null) {
    const { backend } = given as { backend?: unknown }
    if (backend === 'redis' || backend === 'upstash') return false
    if (backend === undefined) return true
  }
  const range = 'what resolveRedisBackend answers, a client, or null'
  // It may be a URL with a password in it.
  throw new OptionError('redis', undefined, range, `redis is not ${range}`)
}

/** The cache ends the connection when its last user goes; here it is only kept from being found again. */
function acquireConnection(backend: RedisBackend): { client: CacheBackend; release: () => void } {
  const secret = backend.backend === 'redis' ? backend.password : backend.token
  const id = JSON.stringify([backend.backend, backend.url, secret ?? null])
  const held = connections.get(id) ?? { client: createKeyValueClient(backend), users: 0 }
  connections.set(id, held)
  held.users++
  let isHeld = true
  return {
    client: held.client,
    release() {
      if (!isHeld) return
      isHeld = false
      if (--held.users === 0) connections.delete(id)
    },
  }
}
