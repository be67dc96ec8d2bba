import {
  createKeyValueClient,
  createRateLimiter,
  createTransparentCache,
  type RateLimiter,
  type TransparentCache,
} from '../../../src/library/index.js'
import type { Value } from '../value.js'
import { CACHE_TTL } from '../keys.js'
import { LIMITERS } from '../limiters.js'

export interface Subjects {
  caches: Record<'plain' | 'sealed', TransparentCache<Value>>
  limiters: Map<string, RateLimiter>
  /** Of each, its state, when that is not `up` or something waits to be delivered. */
  notUp(): string[]
}

/** The library as a service holds it: two caches on one connection, and limiters on theirs. */
export function openSubjects(url: string): Subjects {
  const backend = { backend: 'redis', url } as const
  const client = createKeyValueClient(backend)
  const common = { ttl: CACHE_TTL, negativeTtl: 2, maxConcurrentLoads: 1000 }
  const caches = {
    plain: createTransparentCache<Value>(client, 'redis', { ...common, name: 'plain' }),
    // The shortest tombstones that there are: loads and writes outlive them more often.
    sealed: createTransparentCache<Value>(client, 'redis', {
      ...common,
      name: 'sealed',
      integrity: true,
      tombstoneMs: 2000,
    }),
  }
  const limiters = new Map(LIMITERS.map((options) => [options.name, createRateLimiter(backend, options)]))
  return {
    caches,
    limiters,
    notUp() {
      const ofCaches = Object.entries(caches).flatMap(([name, cache]) => {
        const { state, pendingInvalidations } = cache.getStatus()
        if (state === 'up' && pendingInvalidations === 0) return []
        return [`cache ${name} ${state}, ${pendingInvalidations} invalidations pending`]
      })
      const ofLimiters = [...limiters].flatMap(([name, limiter]) => {
        const { state } = limiter.getStatus()
        return state === 'up' ? [] : [`limiter ${name} ${state}`]
      })
      return [...ofCaches, ...ofLimiters]
    },
  }
}
