// The REST client of an application that uses @upstash/redis, and the cache of transparent-cache over it.
import { Redis } from '@upstash/redis'
import { createTransparentCache } from 'transparent-cache'

const DEADLINE_MS = 300
const TTL_SECONDS = 60

export function createCache({ upstash }) {
  if (!upstash) return createTransparentCache(null, null, { name: 'items' })
  const redis = new Redis({
    ...upstash,
    enableTelemetry: false,
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(DEADLINE_MS),
  })
  return createTransparentCache(backendOver(redis), 'upstash', { name: 'items', ttl: TTL_SECONDS })
}

function backendOver(redis) {
  let offsetMs = null
  const askTime = async () => {
    const [seconds, micros] = await redis.time()
    // An answer may be late; the earliest one is nearest.
    offsetMs = Math.max(offsetMs ?? -Infinity, Number(seconds) * 1000 + Number(micros) / 1000 - Date.now())
  }
  const started = askTime().catch(() => {})
  return {
    started,
    get: (key) => redis.get(key),
    set: (key, text, ttl = TTL_SECONDS) => redis.set(key, text, { px: Math.ceil(ttl * 1000) }),
    del: (key) => redis.del(key),
    ping: async () => (await askTime(), 'PONG'),
    eval: (script, keys, args) => redis.eval(script.lua, [...keys], [...args]),
    serverNow: () => (offsetMs === null ? null : Date.now() + offsetMs),
    close: async () => {},
  }
}
