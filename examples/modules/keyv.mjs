// keyv over Redis as its README has it.
//   cache simulate-outage --module examples/modules/keyv.mjs
import KeyvRedis from '@keyv/redis'
import { Keyv } from 'keyv'

export function createCache({ redisUrl }) {
  const cache = new Keyv(redisUrl === null ? undefined : new KeyvRedis(redisUrl))
  // Without a listener the first error ends the process.
  cache.on('error', (error) => console.error('keyv:', error.message))
  return cache
}
