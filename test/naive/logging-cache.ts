import { Redis } from 'ioredis'

/** Logs the error that it swallows, each time, as console.warn shows it. */
export function loggingCache(url: string) {
  const redis = new Redis(url).on('error', (error) => console.warn('[cache] connection failed', error))
  async function set(key: string, value: unknown): Promise<void> {
    try {
      await redis.set(key, JSON.stringify(value), 'EX', 300)
    } catch (error) {
      console.warn('[cache] set failed', error)
    }
  }
  return { set, close: () => redis.disconnect() }
}
