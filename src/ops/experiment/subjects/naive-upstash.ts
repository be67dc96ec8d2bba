import type { Redis } from '@upstash/redis'
import { NaiveCache, noClient, type NaiveClient } from './naive-cache.js'
import type { Subject } from './subject.js'

export const naiveUpstash: Subject = {
  name: 'naive-upstash',
  summary:
    'try/catch around @upstash/redis with its default options; never a hit, as values are parsed twice',
  protocol: 'rest',
  longestTtlMs: 300_000,
  client: { library: 'upstash', options: {} },
  async create({ upstash }) {
    if (!upstash) return new NaiveCache(noClient())
    const upstashRedis = await import('@upstash/redis')
    return new NaiveCache(asWritten(new upstashRedis.Redis(upstash)))
  },
}

/** As most wrappers have it: what `get` answers is taken for the text that `set` was given. */
function asWritten(redis: Redis): NaiveClient {
  return {
    // cache-audit-ignore R5: NaiveCache, which this is made for, catches all that it asks
    get: (key) => redis.get<string>(key),
    set: (key, value, _unit, seconds) => redis.set(key, value, { ex: seconds }),
    del: (key) => redis.del(key),
    incr: (key) => redis.incr(key),
    pexpire: (key, ms) => redis.pexpire(key, ms),
    disconnect: () => undefined,
  }
}
