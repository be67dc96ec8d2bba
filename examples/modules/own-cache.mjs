// What many applications have: get, set and del around a client, every error swallowed.
//   cache simulate-outage --module examples/modules/own-cache.mjs
import { Redis } from 'ioredis'

export function createCache() {
  // cache-audit-ignore R11: careless on purpose, this is what a drill shows to fail
  const redis = new Redis(process.env.REDIS_URL)
  redis.on('error', () => {})
  return {
    get: (key) => redis.get(key).catch(() => null),
    set: (key, text) => redis.set(key, text, 'EX', 300).catch(() => {}),
    del: (key) => redis.del(key).catch(() => {}),
  }
}
