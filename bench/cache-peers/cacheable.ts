import { peer } from '../peer.js'
import { ignored, TTL_SECONDS, type CachePeer, type PeerCache } from './cache-peer.js'
import { openKeyv, openNonBlocking, type Keyv } from './keyv.js'

interface Cacheable {
  get(key: string): Promise<unknown>
  set(key: string, value: object, ttlMs: number): Promise<unknown>
  delete(key: string): Promise<unknown>
  disconnect(): Promise<void>
  on(event: 'error', listener: () => void): unknown
}

/** Redis is the primary store: with memory before it, it would be the memory that is measured. */
export const cacheable: CachePeer = {
  name: 'cacheable',
  create: (url) => cacheOver(openKeyv(url), {}),
}

/** https://github.com/jaredwray/cacheable/tree/main/packages/cacheable#non-blocking-with-keyvredis */
export const cacheableNonBlocking: CachePeer = {
  name: 'cacheable-nb',
  create: (url) => cacheOver(openNonBlocking(url), { nonBlocking: true }),
}

function cacheOver(primary: Keyv, options: object): PeerCache {
  const { Cacheable } = peer<{ Cacheable: new (options: object) => Cacheable }>('cacheable')
  const cache = new Cacheable({ primary, ...options })
  cache.on('error', ignored)
  return {
    get: (key) => cache.get(key),
    set: (key, value) => cache.set(key, value, TTL_SECONDS * 1000),
    del: (key) => cache.delete(key),
    close: () => cache.disconnect(),
  }
}
