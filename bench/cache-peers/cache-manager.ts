import { peer } from '../peer.js'
import { TTL_SECONDS, type CachePeer } from './cache-peer.js'
import { openKeyv, type Keyv } from './keyv.js'

interface CacheManager {
  get(key: string): Promise<unknown>
  set(key: string, value: object, ttlMs: number): Promise<unknown>
  del(key: string): Promise<unknown>
  disconnect(): Promise<unknown>
}

/** https://github.com/jaredwray/cacheable/tree/main/packages/cache-manager#usage, the store on Redis alone. */
export const cacheManager: CachePeer = {
  name: 'cache-manager',
  create(url) {
    const { createCache } = peer<{ createCache(options: { stores: Keyv[] }): CacheManager }>('cache-manager')
    const cache = createCache({ stores: [openKeyv(url)] })
    return {
      get: (key) => cache.get(key),
      set: (key, value) => cache.set(key, value, TTL_SECONDS * 1000),
      del: (key) => cache.del(key),
      close: () => cache.disconnect(),
    }
  },
}
