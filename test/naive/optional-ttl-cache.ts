import { Redis } from 'ioredis'

/** Hands the TTL on if there is one. */
export function optionalTtlCache(url: string) {
  const redis = new Redis(url).on('error', () => {})
  async function set(key: string, value: unknown, ttl?: number): Promise<void> {
    try {
      if (ttl) await redis.set(key, JSON.stringify(value), 'EX', ttl)
      else await redis.set(key, JSON.stringify(value))
    } catch {
      // The request must not fail because the cache did.
    }
  }
  return { set, close: () => redis.disconnect() }
}
