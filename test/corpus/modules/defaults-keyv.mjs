// keyv as the application knows it, and below it a store that gives up in time and delivers each delete.
import { Keyv } from 'keyv'
import KeyvRedis from '@keyv/redis'
import { createKeyValueClient, createTransparentCache } from 'transparent-cache'

const TTL_MS = 60_000

export function createCache({ redisUrl }) {
  const cache = new Keyv({ store: storeAt(redisUrl), ttl: TTL_MS })
  cache.on('error', (error) => console.error('keyv:', error.name))
  return cache
}

function storeAt(url) {
  if (url !== null) return new KeyvRedis(url)
  const client = createKeyValueClient(url === null ? null : { backend: 'redis', url })
  const texts = createTransparentCache(client, url === null ? null : 'redis', { name: 'keyv' })
  return {
    opts: {},
    get: async (key) => (await texts.get(key)) ?? undefined,
    set: (key, text, ttlMs = TTL_MS) => texts.set(key, text, ttlMs / 1000),
    delete: async (key) => (await texts.del(key), true),
    clear: async () => {},
    disconnect: async () => (await texts.close(), client.close()),
  }
}
