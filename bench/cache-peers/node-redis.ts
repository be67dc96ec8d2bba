import { peer } from '../peer.js'
import { ignored, TTL_SECONDS, type CachePeer } from './cache-peer.js'

interface Client {
  get(key: string): Promise<string | null>
  set(key: string, value: string, options: { EX: number }): Promise<unknown>
  del(key: string): Promise<unknown>
  connect(): Promise<unknown>
  destroy(): void
  on(event: 'error', listener: () => void): unknown
}

/** https://redis.io/docs/latest/develop/clients/nodejs/produsage/: the error listener, the rest as it comes. */
export const nodeRedis: CachePeer = {
  name: 'node-redis + JSON',
  create(url) {
    const client = peer<{ createClient(options: { url: string }): Client }>('redis').createClient({ url })
    client.on('error', ignored)
    client.connect().catch(ignored)
    return {
      async get(key) {
        const text = await client.get(key)
        return text === null ? null : (JSON.parse(text) as unknown)
      },
      set: (key, value) => client.set(key, JSON.stringify(value), { EX: TTL_SECONDS }),
      del: (key) => client.del(key),
      close: () => client.destroy(),
    }
  },
}
