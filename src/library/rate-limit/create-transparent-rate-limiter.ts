import { systemClock } from '../kernel/clock.js'
import { defaultBreaker } from '../resilience/default-breaker.js'
import { Guard } from '../resilience/guard.js'
import { AllowAllRateLimiter } from './allow-all-rate-limiter.js'
import type { RateLimitBackend } from './backend.js'
import { ForeignCounter } from './foreign-counter.js'
import { resolveLimiterOptions, type TransparentRateLimiterOptions } from './options.js'
import { RedisBackedRateLimiter } from './redis-backed-rate-limiter.js'
import type { TransparentRateLimiter } from './transparent-rate-limiter.js'

const PROBE_IDENTIFIER = 'transparent-cache:probe'

/**
 * Makes any limiter transparent: it never rejects, answers within its deadline, and falls back to its declared policy.
 * Never returns null.
 *
 * While the backend is down it is asked about the identifier `transparent-cache:probe`, in the background.
 *
 * @param backend any `{check, getType}`; null for a service without one, where everything is allowed
 * @throws OptionError, now, for an option that cannot be used. After that nothing throws.
 */
export function createTransparentRateLimiter(
  backend: RateLimitBackend | null,
  options: TransparentRateLimiterOptions = {},
): TransparentRateLimiter {
  if (backend === null || backend === undefined) {
    return new AllowAllRateLimiter(resolveLimiterOptions(options, 'allowall'), null)
  }
  const backendType = typeOf(backend)
  const resolved = resolveLimiterOptions(options, backendType)
  const guard = new Guard({
    breaker: defaultBreaker(backendType),
    clock: systemClock,
    deadlineMs: resolved.deadlineMs,
    probe: () => backend.check(PROBE_IDENTIFIER),
  })
  const release = () => Promise.resolve(guard.close())
  const counter = new ForeignCounter(backend)
  return new RedisBackedRateLimiter(
    {
      counter,
      backendType,
      limit: null,
      guard,
      clock: systemClock,
      started: undefined,
      release,
      startUpCheck: null,
    },
    resolved,
  )
}

/** A backend that cannot tell is one of the two all the same. */
function typeOf(backend: RateLimitBackend): 'redis' | 'upstash' {
  try {
    return backend.getType() === 'upstash' ? 'upstash' : 'redis'
  } catch {
    return 'redis'
  }
}
