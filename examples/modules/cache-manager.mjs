// cache-manager with a store of keyv, from version 6 on.
//   cache simulate-outage --module examples/modules/cache-manager.mjs
import KeyvRedis from '@keyv/redis'
import { createCache as createManager } from 'cache-manager'
import { Keyv } from 'keyv'

export function createCache({ redisUrl }) {
  const store = new Keyv(redisUrl === null ? undefined : new KeyvRedis(redisUrl))
  store.on('error', (error) => console.error('keyv:', error.message))
  return createManager({ stores: [store], ttl: 300_000 })
}
