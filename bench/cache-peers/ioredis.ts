import { Redis as Redis6 } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { ignored, TTL_SECONDS, type CachePeer, type PeerCache } from './cache-peer.js'

interface Client {
  get(key: string): Promise<string | null>
  set(key: string, value: string, unit: 'EX', seconds: number): Promise<unknown>
  del(key: string): Promise<unknown>
  disconnect(): void
  on(event: 'error', listener: () => void): unknown
}

const clients = {
  5: (url: string, options: object): Client => new Redis5(url, options),
  6: (url: string, options: object): Client => new Redis6(url, options),
}

/** The commands and nothing else; what a reader gets is text. */
export const raw = (major: 5 | 6): CachePeer => peer(`ioredis ${major}`, major, {}, (text) => text)

export const rawJson = (major: 5 | 6): CachePeer =>
  peer(`ioredis ${major} + JSON`, major, {}, (text) => JSON.parse(text) as unknown)

/** Fails fast: https://github.com/redis/ioredis#auto-reconnect and #offline-queue, and `commandTimeout`. */
export const fast = (major: 5 | 6): CachePeer => {
  const options = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 200 }
  return peer(`io${major}-fast`, major, options, (text) => JSON.parse(text) as unknown)
}

function peer(name: string, major: 5 | 6, options: object, read: (text: string) => unknown): CachePeer {
  return { name, create: (url) => cacheOver(clients[major](url, options), read) }
}

function cacheOver(client: Client, read: (text: string) => unknown): PeerCache {
  client.on('error', ignored)
  return {
    async get(key) {
      const text = await client.get(key)
      return text === null ? null : read(text)
    },
    set: (key, value) => client.set(key, JSON.stringify(value), 'EX', TTL_SECONDS),
    del: (key) => client.del(key),
    close: () => client.disconnect(),
  }
}
