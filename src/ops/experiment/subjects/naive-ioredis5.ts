import { NaiveCache, noClient } from './naive-cache.js'
import type { Subject } from './subject.js'

export const naiveIoredis5: Subject = {
  name: 'naive-ioredis5',
  summary: 'try/catch around ioredis 5 with its default options, what most applications run',
  protocol: 'resp',
  longestTtlMs: 300_000,
  client: { library: 'ioredis@5', options: {} },
  async create({ redisUrl }) {
    if (redisUrl === null) return new NaiveCache(noClient())
    // The bundle gives a lazily loaded CommonJS package its default export only.
    const { default: ioredis } = await import('ioredis5')
    return new NaiveCache(new ioredis.Redis(redisUrl))
  },
}
