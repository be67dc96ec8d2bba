// bentocache with memory before Redis, as its documentation begins.
//   cache simulate-outage --module examples/modules/bentocache.mjs
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'

export function createCache({ redisUrl }) {
  return new BentoCache({ default: 'app', stores: { app: storeOf(redisUrl) } })
}

function storeOf(redisUrl) {
  const memory = bentostore().useL1Layer(memoryDriver({ maxSize: '10mb' }))
  if (redisUrl === null) return memory
  const { hostname: host, port } = new URL(redisUrl)
  const connection = { host, port: Number(port) }
  return memory.useL2Layer(redisDriver({ connection })).useBus(redisBusDriver({ connection }))
}
