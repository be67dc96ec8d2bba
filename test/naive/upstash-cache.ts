import { Redis } from '@upstash/redis'

/** The same try/catch around @upstash/redis at its defaults: what comes back has been parsed already. */
export function upstashCache(url: string) {
  const redis = new Redis({ url, token: 'dev' })
  const quietly = <T>(call: () => Promise<T>) => call().catch(() => null)
  const get = (key: string) =>
    quietly(async () => JSON.parse((await redis.get<string>(key)) ?? 'null') as unknown)
  const set = (key: string, value: unknown) =>
    quietly(() => redis.set(key, JSON.stringify(value), { ex: 300 }))
  return { get, set, close: () => undefined }
}
