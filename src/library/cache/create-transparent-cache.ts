import type { CacheBackend } from '../backends/backend.js'
import { isPassThrough } from '../backends/pass-through.js'
import { OptionError } from '../kernel/errors.js'
import type { CacheOptions } from './options.js'
import { PassThroughCache } from './pass-through-cache.js'
import { RedisBackedCache } from './redis-backed-cache.js'
import type { TransparentCache } from './transparent-cache.js'

/**
 * A cache that always works, with or without a backend. Never returns null.
 *
 * @param backend any `{get, set, del}`; null, or the pass-through client, for a service without Redis
 * @param backendType what the backend is; null goes with a null backend
 * @throws OptionError, now, for an option that cannot be used. After that nothing throws.
 *
 * @example
 * const redis = resolveRedisBackend()
 * const sessions = createTransparentCache<Session>(createKeyValueClient(redis), redis?.backend ?? null, { ttl: 60 })
 */
export function createTransparentCache<T>(
  backend: CacheBackend | null,
  backendType: 'redis' | 'upstash' | null,
  options: CacheOptions<T> = {},
): TransparentCache<T> {
  if (
    backendType !== null &&
    backendType !== undefined &&
    backendType !== 'redis' &&
    backendType !== 'upstash'
  ) {
    throw new OptionError('backendType', backendType, "'redis', 'upstash' or null")
  }
  if (backend === null || backend === undefined || !backendType || isPassThrough(backend)) {
    return new PassThroughCache<T>(options)
  }
  return new RedisBackedCache<T>(backend, backendType, options)
}
