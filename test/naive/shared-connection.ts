import { incrLimiter } from './incr-limiter.js'

/** A service with one client for everything. */
export function sharedConnection(url: string) {
  const { redis, check, close } = incrLimiter(url, 10, 60_000)
  const get = async (key: string) => JSON.parse((await redis.get(key)) ?? 'null') as unknown
  return { get, check, close }
}
