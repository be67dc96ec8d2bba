import { resolveBackend } from '../backends/resolve.js'
import { createRateLimiter } from './create-rate-limiter.js'
import type { RateLimiterOptions } from './options.js'
import type { RateLimiter } from './transparent-rate-limiter.js'
import { warnOnce } from './warn-once.js'

const limiters = new Map<string, RateLimiter>()

/**
 * The process's limiter of a name, made from the environment when it is first asked for. Never null.
 *
 * `REDIS_URL` (with `REDIS_PASSWORD`) or Upstash, as `resolveBackend` reads them for the rate limiter;
 * `RATE_LIMIT_PROVIDER` overrides; `ENABLE_RATE_LIMITER_REDIS=false` allows everything.
 *
 * @param options those of the first call count. @default `{name: 'default', limit: 100, windowMs: 60000}`
 * @throws OptionError, at the first call, for an option that cannot be used
 */
export function getRateLimiter(options: Partial<RateLimiterOptions> = {}): RateLimiter {
  const { name = 'default', limit = 100, windowMs = 60_000 } = options
  const known = limiters.get(name)
  if (known) return known
  const limiter = createRateLimiter(backendOf(process.env, name), { ...options, name, limit, windowMs })
  const close = limiter.close.bind(limiter)
  // Who asks again after it was closed gets one that counts.
  limiter.close = () => {
    if (limiters.get(name) === limiter) limiters.delete(name)
    return close()
  }
  limiters.set(name, limiter)
  return limiter
}

function backendOf(environment: NodeJS.ProcessEnv, name: string) {
  const { backend, problems } = resolveBackend(environment, 'rate-limit')
  for (const problem of problems) warnOnce(name, problem)
  return backend
}
