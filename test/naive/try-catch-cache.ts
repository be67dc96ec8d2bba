import { Redis, type RedisOptions } from 'ioredis'
import { cacheAside } from './cache-aside.js'

/** Canonical §5.2, every call in a try/catch, around ioredis at its defaults: what most applications run. */
export function tryCatchCache(url: string, options: RedisOptions = {}) {
  const redis = new Redis(url, options).on('error', () => {})
  const quietly = <T>(call: () => Promise<T>) => call().catch(() => null)
  const get = (key: string) => quietly(async () => JSON.parse((await redis.get(key)) ?? 'null') as unknown)
  const set = (key: string, value: unknown) =>
    quietly(async () => redis.set(key, JSON.stringify(value), 'EX', 300))
  const del = (key: string) => quietly(() => redis.del(key))
  return { get, set, del, getOrLoad: cacheAside({ get, set }), close: () => redis.disconnect() }
}
