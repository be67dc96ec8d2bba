// ioredis 5 below the cache of transparent-cache, which keeps with each value whose it is.
import { Redis } from 'ioredis5'
import { createTransparentCache } from 'transparent-cache'

const DEADLINE_MS = 100
const TTL_SECONDS = 60

export function createCache({ redisUrl }) {
  if (redisUrl === null) return createTransparentCache(null, null, { name: 'items' })
  const redis = new Redis(redisUrl, {
    connectTimeout: 1000,
    commandTimeout: DEADLINE_MS,
    socketTimeout: 2000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 250),
  })
  redis.on('error', () => {})
  return createTransparentCache(backendOver(redis), 'redis', {
    name: 'items',
    ttl: TTL_SECONDS,
  })
}

function backendOver(redis) {
  let offsetMs = null
  const askTime = async () => {
    const [seconds, micros] = await redis.time()
    offsetMs = Number(seconds) * 1000 + Number(micros) / 1000 - Date.now()
  }
  redis.on('ready', () => void askTime().catch(() => {}))
  return {
    started: new Promise((resolve) => redis.once('ready', resolve).once('close', resolve)),
    get: (key) => redis.get(key),
    set: (key, text, ttl = TTL_SECONDS) => redis.set(key, text, 'PX', Math.ceil(ttl * 1000)),
    del: (key) => redis.del(key),
    ping: () => redis.ping(),
    eval: (script, keys, args) => redis.eval(script.lua, keys.length, ...keys, ...args),
    serverNow: () => (offsetMs === null ? null : Date.now() + offsetMs),
    onReady: (listener) => {
      redis.on('ready', listener)
      return () => redis.off('ready', listener)
    },
    close: async () => redis.disconnect(),
  }
}
