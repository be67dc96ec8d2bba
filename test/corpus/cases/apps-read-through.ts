import type { CorpusCase } from '../case.js'

const articles = {
  kind: 'app',
  framework: 'node:http',
  client: 'ioredis 6',
  sound: 'apps/articles-ioredis6.mjs',
  probes: 'probes/articles.yaml',
} as const

/** Articles that are read through the cache, and taken out of it when they change. */
export const readThrough: CorpusCase[] = [
  {
    ...articles,
    id: 'no-command-timeout',
    hazard: 'H16',
    title: 'ioredis as it is by default: commands wait in its queue, and no call has a deadline',
    clause: 'C3',
    defective: 'apps/articles-ioredis6-unbounded.mjs',
    drill: 'stall',
  },
  {
    ...articles,
    id: 'delivered-once',
    hazard: 'H1',
    title:
      'an undelivered invalidation is tried once more and then forgotten, whether or not it went through',
    clause: 'C9',
    defective: 'apps/articles-ioredis6-once.mjs',
    drill: 'refused',
  },
  {
    ...articles,
    id: 'not-a-word',
    hazard: 'H35',
    title: 'failures are neither logged nor counted, so that nobody learns of the outage',
    clause: 'C10',
    defective: 'apps/articles-ioredis6-quiet.mjs',
    drill: 'stall',
  },
  {
    ...articles,
    id: 'no-time-to-live',
    hazard: 'H38',
    title: 'SET without EX: what is cached stays for good',
    clause: 'C11',
    defective: 'apps/articles-ioredis6-for-ever.mjs',
    drill: 'stall',
  },
]
