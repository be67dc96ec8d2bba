import { Redis } from 'ioredis'

/** Does not wait for its writes, has nobody listen for errors, and ends with a polite goodbye. */
export function fireAndForgetCache(url: string) {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 })
  async function getOrLoad(key: string, load: () => Promise<unknown>): Promise<unknown> {
    const cached = await redis.get(key).catch(() => null)
    if (cached !== null) return JSON.parse(cached) as unknown
    const value = await load()
    void redis.set(key, JSON.stringify(value), 'EX', 300)
    return value
  }
  return { getOrLoad, close: () => redis.quit() }
}
