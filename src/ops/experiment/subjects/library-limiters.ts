import type { createRateLimiter as create, RedisBackend } from '../../../library/index.js'
import type { SubjectLimiter } from './subject.js'

const DECLARED = [
  { name: 'drill-open', limit: 5, windowMs: 500, onUnavailable: 'allow' },
  { name: 'drill-closed', limit: 5, windowMs: 500, onUnavailable: 'deny' },
] as const

/** A limiter of each policy, with the library's defaults. */
export function libraryLimiters(
  createRateLimiter: typeof create,
  backend: RedisBackend | null,
): SubjectLimiter[] {
  return DECLARED.map((declared) => {
    const limiter = createRateLimiter(backend, declared)
    return {
      ...declared,
      async check(identifier) {
        const { allowed, reason } = await limiter.limit(identifier)
        return { allowed, counted: reason !== 'unavailable' }
      },
    }
  })
}
