import type { RedisBackend } from '../backends/resolve.js'
import { systemClock } from '../kernel/clock.js'
import { OptionError } from '../kernel/errors.js'
import { AllowAllRateLimiter } from './allow-all-rate-limiter.js'
import { acquireConnection } from './connection.js'
import { checkQuota, resolveLimiterOptions, type RateLimiterOptions } from './options.js'
import { RedisBackedRateLimiter } from './redis-backed-rate-limiter.js'
import { SlidingWindowCounter } from './sliding-window-counter.js'
import { StartUpCheck } from './start-up-check.js'
import type { RateLimiter } from './transparent-rate-limiter.js'

/**
 * A limiter that never allows more than `limit` requests of one identifier within any `windowMs`, counted in Redis by
 * Redis' own clock, for all processes together. Never returns null.
 *
 * What is denied does not count. A client that uses everything at once waits between 1.0 and 1.1 windows. One key per
 * identifier, `copilot:ratelimit:{name}:{identifier}`, of constant size. It has a connection of its own, which limiters
 * of the same backend and deadline share.
 *
 * @param backend what `resolveRedisBackend` found; null for a service without Redis, where everything is allowed
 * @throws OptionError, now, for an option that cannot be used. After that nothing throws.
 *
 * @example
 * const redis = resolveRedisBackend(process.env, 'rate-limit')
 * const logins = createRateLimiter(redis, { name: 'login', limit: 10, windowMs: 60_000, onUnavailable: 'deny' })
 * if (!(await logins.check(userId))) return tooManyRequests()
 */
export function createRateLimiter(backend: RedisBackend | null, options: RateLimiterOptions): RateLimiter {
  checkQuota(options)
  const { name, limit, windowMs, selfCheck = true } = options
  if (backend !== null && !isResolved(backend)) {
    const range = 'what resolveRedisBackend answers'
    // It may be a URL with a password in it.
    throw new OptionError('backend', undefined, range, `backend is not ${range}: {backend, url, …} or null`)
  }
  if (!backend) return new AllowAllRateLimiter(resolveLimiterOptions(options, 'allowall', true), limit)
  const backendType = backend.backend
  const resolved = resolveLimiterOptions(options, backendType, true)
  const { deadlineMs } = resolved
  const { client, guard, release } = acquireConnection(backend, deadlineMs, systemClock)
  const counter = new SlidingWindowCounter({ client, clock: systemClock, name, limit, windowMs, deadlineMs })
  const startUpCheck = selfCheck
    ? new StartUpCheck({ client, clock: systemClock, deadlineMs, limiter: name })
    : null
  return new RedisBackedRateLimiter(
    {
      counter,
      backendType,
      limit,
      guard,
      clock: systemClock,
      started: client.started,
      release,
      startUpCheck,
    },
    resolved,
  )
}

function isResolved(backend: RedisBackend | undefined): boolean {
  return backend === undefined || backend.backend === 'redis' || backend.backend === 'upstash'
}
