import { incrLimiter } from './incr-limiter.js'

/** Forgets an identifier by pattern, as it may have several keys. */
export function patternResetLimiter(url: string, limit: number, windowMs: number) {
  const limiter = incrLimiter(url, limit, windowMs)
  async function reset(identifier: string, name = 'api'): Promise<void> {
    const keys = await limiter.redis.keys(`ratelimit:${name}:${identifier}*`)
    if (keys.length > 0) await limiter.redis.del(keys)
  }
  return { ...limiter, reset }
}
