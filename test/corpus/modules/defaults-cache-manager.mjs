// cache-manager over a store of keyv that gives up in time and delivers each delete.
import { createCache as createManager } from 'cache-manager'
import { Keyv } from 'keyv'
import KeyvRedis from '@keyv/redis'
import { createKeyValueClient, createTransparentCache } from 'transparent-cache'

const TTL_MS = 60_000

export function createCache({ redisUrl }) {
  const store = new Keyv({ store: storeAt(redisUrl) })
  store.on('error', (error) => console.error('cache-manager:', error.name))
  const manager = createManager({ stores: [store], ttl: TTL_MS })
  return {
    get: (key) => manager.get(key),
    set: (key, value) => manager.set(key, value),
    del: (key) => manager.del(key),
    close: () => manager.disconnect(),
  }
}

function storeAt(url) {
  if (url !== null) return new KeyvRedis(url)
  const client = createKeyValueClient(url === null ? null : { backend: 'redis', url })
  const texts = createTransparentCache(client, url === null ? null : 'redis', { name: 'manager' })
  return {
    opts: {},
    get: async (key) => (await texts.get(key)) ?? undefined,
    set: (key, text, ttlMs = TTL_MS) => texts.set(key, text, ttlMs / 1000),
    delete: async (key) => (await texts.del(key), true),
    clear: async () => {},
    disconnect: async () => (await texts.close(), client.close()),
  }
}
