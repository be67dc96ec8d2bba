import { Redis, type RedisOptions } from 'ioredis'

/** Count, expire, and let everybody through when that fails. */
export function incrLimiter(url: string, limit: number, windowMs: number, options: RedisOptions = {}) {
  const redis = new Redis(url, options).on('error', () => {})
  async function check(identifier: string, name = 'api'): Promise<boolean> {
    try {
      const used = await redis.incr(`ratelimit:${name}:${identifier}`)
      if (used === 1) await redis.pexpire(`ratelimit:${name}:${identifier}`, windowMs)
      return used <= limit
    } catch {
      return true
    }
  }
  return { redis, check, close: () => redis.disconnect() }
}
