import { NaiveCache, noClient } from './naive-cache.js'
import type { Subject } from './subject.js'

export const naiveIoredis6: Subject = {
  name: 'naive-ioredis6',
  summary: 'try/catch around ioredis 6 with its default options, what most applications run',
  protocol: 'resp',
  longestTtlMs: 300_000,
  client: { library: 'ioredis@6', options: {} },
  async create({ redisUrl }) {
    if (redisUrl === null) return new NaiveCache(noClient())
    // The bundle gives a lazily loaded CommonJS package its default export only.
    const { default: ioredis } = await import('ioredis')
    // cache-audit-ignore R11: careless on purpose, this is what drills show to fail
    return new NaiveCache(new ioredis.Redis(redisUrl))
  },
}
