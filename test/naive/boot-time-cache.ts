import { Redis } from 'ioredis'
import { tryCatchCache } from './try-catch-cache.js'

/** Looks once, when the service starts, whether there is a Redis. */
export async function bootTimeCache(url: string) {
  const scout = new Redis(url, { lazyConnect: true, retryStrategy: () => null }).on('error', () => {})
  const isThere = await scout.connect().then(
    () => true,
    () => false,
  )
  scout.disconnect()
  if (isThere) return tryCatchCache(url)
  return { get: async () => null, set: async () => null, close: () => undefined }
}
