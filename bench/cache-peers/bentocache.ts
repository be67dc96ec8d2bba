import { peer } from '../peer.js'
import { ignored, TTL_SECONDS, type CachePeer } from './cache-peer.js'

interface Store {
  useL2Layer(driver: object): Store
}

interface Bento {
  get(options: { key: string }): Promise<unknown>
  set(options: { key: string; value: object; ttl: number }): Promise<unknown>
  delete(options: { key: string }): Promise<unknown>
}

interface BentoModule {
  BentoCache: new (options: { default: 'redis'; stores: { redis: Store } }) => Bento
  bentostore(options: object): Store
}

type Connect = new (
  url: string,
  options: object,
) => { on(event: 'error', listener: () => void): unknown; disconnect(): void }

const BREAKER = { suppressL2Errors: true, l2CircuitBreakerDuration: '2s' }

/** https://bentocache.dev/docs/cache-drivers#redis, without memory before it. */
export const bentocache: CachePeer = bento('bentocache L2', {}, {})

/** https://bentocache.dev/docs/options#l2circuitbreakerduration */
export const bentoBreaker: CachePeer = bento('bento-cb', BREAKER, {})

/** As before, and the client's own timeouts: https://github.com/redis/ioredis#auto-reconnect, `commandTimeout`. */
export const bentoBreakerFast: CachePeer = bento('bento-cb-fast', BREAKER, {
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  commandTimeout: 200,
})

function bento(name: string, options: object, client: object): CachePeer {
  return {
    name,
    create(url) {
      const { BentoCache, bentostore } = peer<BentoModule>('bentocache')
      const { redisDriver } = peer<{ redisDriver(options: object): object }>('bentocache/drivers/redis')
      const { Redis } = peer<{ Redis: Connect }>('ioredis')
      const connection = new Redis(url, client)
      connection.on('error', ignored)
      const store = bentostore(options).useL2Layer(redisDriver({ connection }))
      const cache = new BentoCache({ default: 'redis', stores: { redis: store } })
      return {
        get: (key) => cache.get({ key }),
        set: (key, value) => cache.set({ key, value, ttl: TTL_SECONDS * 1000 }),
        del: (key) => cache.delete({ key }),
        close: () => connection.disconnect(),
      }
    },
  }
}
