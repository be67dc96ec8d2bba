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

/** What a cache is made on, and how to let go of it. */
interface Held {
  client: CacheBackend | null
  type: 'redis' | 'upstash' | null
  release(): void
}

const connections = new Map<string, { client: CacheBackend; users: number }>()

/**
 * A cache on what a store was given. It takes no connection before everything about it is known to be usable.
 *
 * @throws OptionError for an option, or a backend, that cannot be used
 */
export function createStoreCache<T>(
  { redis, backendType = 'redis' }: CacheBackendOptions,
  options: CacheOptions<T>,
): TransparentCache<T> {
  if (backendType !== 'redis' && backendType !== 'upstash')
    throw new OptionError('backendType', backendType, `'redis' or 'upstash'`)
  const hold = holdOf(redis ?? null, backendType)
  resolveOptions(options, backendType)
  const { client, type, release } = hold()
  const cache = createTransparentCache<T>(client, type, options)
  const close = cache.close.bind(cache)
  cache.close = () => {
    release()
    return close()
  }
  return cache
}

/** A client's methods are not looked at: what it lacks is an error of that one operation. */
function holdOf(redis: RedisBackend | CacheBackend | null, clientType: 'redis' | 'upstash'): () => Held {
  const borrowed = (client: CacheBackend | null) => () => ({
    client,
    type: clientType,
    release: () => undefined,
  })
  if (redis === null || typeof redis === 'function') return borrowed(redis)
  if (typeof redis === 'object') {
    if ('get' in redis || !('backend' in redis)) return borrowed(redis)
    if (redis.backend === 'redis' || redis.backend === 'upstash') return () => acquireConnection(redis)
  }
  const range = 'what resolveRedisBackend answers, a client, or null'
  // It may be a URL with a password in it.
  throw new OptionError('redis', undefined, range, `redis is not ${range}`)
}

/** The cache ends the connection when its last user goes; here it is only kept from being found again. */
function acquireConnection(backend: RedisBackend): Held {
  const secret = backend.backend === 'redis' ? backend.password : backend.token
  const id = JSON.stringify([backend.backend, backend.url, secret ?? null])
  const held = connections.get(id) ?? { client: createKeyValueClient(backend), users: 0 }
  connections.set(id, held)
  held.users++
  let isHeld = true
  return {
    client: held.client,
    type: backend.backend,
    release() {
      if (!isHeld) return
      isHeld = false
      if (--held.users === 0) connections.delete(id)
    },
  }
}
