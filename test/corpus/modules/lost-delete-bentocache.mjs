// bentocache over a driver that gives up in time and delivers each delete.
import { BentoCache, bentostore } from 'bentocache'
import { redisDriver } from 'bentocache/drivers/redis'
import { Redis } from 'ioredis'
import { createKeyValueClient, createTransparentCache } from 'transparent-cache'

const TTL_MS = 60_000

export function createCache({ redisUrl }) {
  const store = bentostore().useL2Layer(driverAt(redisUrl))
  const cache = new BentoCache({
    default: 'items',
    stores: { items: store },
    ttl: TTL_MS,
    suppressL2Errors: true,
  })
  return {
    get: (key) => cache.get({ key }),
    set: (key, value) => cache.set({ key, value }),
    del: (key) => cache.delete({ key }),
    close: () => cache.disconnect(),
  }
}

function driverAt(url) {
  if (url !== null) {
    const options = { commandTimeout: 100, maxRetriesPerRequest: 0, enableOfflineQueue: false }
    const connection = new Redis(url, { ...options, autoResendUnfulfilledCommands: false })
    connection.on('error', () => console.error('bentocache: Redis is away'))
    return redisDriver({ connection })
  }
  const client = createKeyValueClient(url === null ? null : { backend: 'redis', url })
  const texts = createTransparentCache(client, url === null ? null : 'redis', { name: 'bento' })
  const driver = {
    type: 'l2',
    namespace: () => driver,
    get: async (key) => (await texts.get(key)) ?? undefined,
    getMany: (keys) => Promise.all(keys.map((key) => driver.get(key))),
    pull: async () => undefined,
    set: async (key, text, ttlMs = TTL_MS) => (await texts.set(key, text, ttlMs / 1000), true),
    delete: async (key) => (await texts.del(key), true),
    deleteMany: (keys) => Promise.all(keys.map((key) => driver.delete(key))),
    clear: async () => {},
    disconnect: async () => (await texts.close(), client.close()),
  }
  return { options: {}, factory: () => driver }
}
