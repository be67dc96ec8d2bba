import { peer } from '../peer.js'
import { ignored, TTL_SECONDS, type CachePeer, type PeerCache } from './cache-peer.js'

export interface Keyv {
  get(key: string): Promise<unknown>
  set(key: string, value: object, ttlMs: number): Promise<unknown>
  delete(key: string): Promise<unknown>
  disconnect(): Promise<void>
  on(event: 'error', listener: () => void): unknown
}

/** The part of `@keyv/redis` that is used here. */
interface KeyvRedisModule {
  default: new (client: unknown, options?: object) => object
  createKeyv(url: string): Keyv
  createKeyvNonBlocking(url: string): Keyv
  createClient(options: object): { on(event: 'error', listener: () => void): unknown }
}

const keyvRedis = () => peer<KeyvRedisModule>('@keyv/redis')

/** https://github.com/jaredwray/keyv/tree/main/storage/redis#usage, with the error listener that it asks for. */
export const keyv: CachePeer = { name: 'keyv', create: (url) => cacheOver(openKeyv(url)) }

/** …/storage/redis#using-the-createkeyvnonblocking-function */
export const keyvNonBlocking: CachePeer = {
  name: 'keyv-nonblock',
  create: (url) => cacheOver(openNonBlocking(url)),
}

/** …/storage/redis#keyv-redis-options: every option and timeout that is documented against waiting. */
export const keyvHard: CachePeer = {
  name: 'keyv-hard',
  create(url) {
    const { default: KeyvRedis, createClient } = keyvRedis()
    const { Keyv } = peer<{ Keyv: new (options: object) => Keyv }>('keyv')
    const socket = { connectTimeout: 200, reconnectStrategy: 50 }
    const client = createClient({ url, disableOfflineQueue: true, socket })
    client.on('error', ignored)
    const options = { throwOnConnectError: false, throwOnErrors: false, connectionTimeout: 200 }
    const store = new KeyvRedis(client, options)
    return cacheOver(listened(new Keyv({ store, useKeyPrefix: false, throwOnErrors: false })))
  },
}

export const openKeyv = (url: string): Keyv => listened(keyvRedis().createKeyv(url))
export const openNonBlocking = (url: string): Keyv => listened(keyvRedis().createKeyvNonBlocking(url))

function listened(keyvCache: Keyv): Keyv {
  keyvCache.on('error', ignored)
  return keyvCache
}

function cacheOver(keyvCache: Keyv): PeerCache {
  return {
    get: (key) => keyvCache.get(key),
    set: (key, value) => keyvCache.set(key, value, TTL_SECONDS * 1000),
    del: (key) => keyvCache.delete(key),
    close: () => keyvCache.disconnect(),
  }
}
