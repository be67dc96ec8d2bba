import type { SubjectLimiter } from './subject.js'

/** The two commands that it sends; both majors of ioredis fit. */
export interface NaiveCounters {
  incr(key: string): Promise<number>
  pexpire(key: string, ms: number): Promise<unknown>
}

/** What most applications run: count, expire, and let everybody through when that fails. */
export function naiveLimiter(client: NaiveCounters): SubjectLimiter {
  const declared = { name: 'naive', limit: 5, windowMs: 500, onUnavailable: 'allow' } as const
  return {
    ...declared,
    async check(identifier) {
      try {
        const count = await client.incr(`ratelimit:${identifier}`)
        // cache-audit-ignore R16: careless on purpose, this is what drills show to fail
        if (count === 1) await client.pexpire(`ratelimit:${identifier}`, declared.windowMs)
        return { allowed: count <= declared.limit, counted: true }
      } catch {
        // The request must not fail because the limiter did; that nobody can tell is the flaw that C4 finds.
        return { allowed: true, counted: true }
      }
    },
  }
}
