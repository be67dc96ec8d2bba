import {
  createKeyValueClient,
  createRateLimiter,
  createTransparentCache,
  type CacheOptions,
  type RateLimiterOptions,
} from '../../src/library/index.js'

/** The library's cache, with a connection of its own as each process has one, at its defaults. */
export function ourCache(url: string, options: CacheOptions = {}) {
  return createTransparentCache<unknown>(createKeyValueClient({ backend: 'redis', url }), 'redis', options)
}

/** The library's limiter. A patient deadline, where a busy machine must not be taken for an outage. */
export function ourLimiter(url: string, options: Partial<RateLimiterOptions> = {}) {
  const quota = { name: 'hazards', limit: 10, windowMs: 60_000, deadlineMs: 2000 }
  return createRateLimiter({ backend: 'redis', url }, { ...quota, ...options })
}
