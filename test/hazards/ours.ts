import {
  createKeyValueClient,
  createRateLimiter,
  createTransparentCache,
  type CacheOptions,
  type RateLimiterOptions,
  type RedisBackend,
} from '../../src/library/index.js'

/** The library's cache, with a connection of its own as each process has one, at its defaults. */
export function ourCache(url: string, options: CacheOptions = {}) {
  const backend = backendAt(url)
  return createTransparentCache<unknown>(createKeyValueClient(backend), backend.backend, options)
}

/** The library's limiter. A patient deadline, where a busy machine must not be taken for an outage. */
export function ourLimiter(url: string, options: Partial<RateLimiterOptions> = {}) {
  const quota = { name: 'hazards', limit: 10, windowMs: 60_000, deadlineMs: 2000 }
  return createRateLimiter(backendAt(url), { ...quota, ...options })
}

function backendAt(url: string): RedisBackend {
  if (url.startsWith('http')) return { backend: 'upstash', url, token: 'dev' }
  return { backend: 'redis', url }
}
