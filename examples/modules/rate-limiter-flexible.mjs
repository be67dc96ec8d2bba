// rate-limiter-flexible over ioredis: what it allows is read from the limiter itself.
//   cache simulate-outage --module examples/modules/rate-limiter-flexible.mjs --on-unavailable allow
import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'

const declared = { points: 5, duration: 1 }

export function createLimiter({ redisUrl }) {
  // cache-audit-ignore R4, R10: as many applications have it
  if (redisUrl === null) return new RateLimiterMemory(declared)
  // cache-audit-ignore R11: careless on purpose, this is what a drill shows to fail
  const storeClient = new Redis(redisUrl, { enableOfflineQueue: false })
  storeClient.on('error', (error) => console.error('redis:', error.message))
  return new RateLimiterRedis({ storeClient, keyPrefix: 'login', ...declared })
}
