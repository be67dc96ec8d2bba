import { resolveRedisBackend } from '../../backends/resolve.js'
import { createValidationCache } from './create-validation-cache.js'
import type { ValidationCache } from './validation-cache.js'

let known: ValidationCache | null = null

/**
 * The process's validation cache, made from the environment when it is first asked for. Never null.
 *
 * `REDIS_URL` (with `REDIS_PASSWORD`) or Upstash, as `resolveBackend` reads them; `CACHE_PROVIDER` overrides;
 * `ENABLE_AUTH_VALIDATION_CACHE=false` validates every login at the source.
 */
export function getValidationCache(): ValidationCache {
  known ??= fromEnvironment()
  return known
}

function fromEnvironment(): ValidationCache {
  const cache = createValidationCache(resolveRedisBackend(process.env, 'auth-validation'))
  const close = cache.close.bind(cache)
  // Who asks again after it was closed gets one that remembers.
  cache.close = () => {
    if (known === cache) known = null
    return close()
  }
  return cache
}
