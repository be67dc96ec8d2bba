import { Redis } from 'ioredis'

/** A breaker as breakers come: any error opens it, for 30 s, and afterwards somebody's request is the probe. */
export function breakerCache(url: string) {
  const redis = new Redis(url, { commandTimeout: 100 }).on('error', () => {})
  let openUntil = 0
  async function guarded<T>(call: () => Promise<T>): Promise<T | null> {
    if (performance.now() < openUntil) return null
    return call().catch(() => ((openUntil = performance.now() + 30_000), null))
  }
  const get = (key: string) => guarded(async () => JSON.parse((await redis.get(key)) ?? 'null') as unknown)
  const set = (key: string, value: unknown) => guarded(() => redis.set(key, JSON.stringify(value), 'EX', 300))
  return { get, set, del: (key: string) => guarded(() => redis.del(key)), close: () => redis.disconnect() }
}
