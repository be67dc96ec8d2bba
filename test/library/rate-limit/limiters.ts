import type { RedisBackend } from '../../../src/library/backends/resolve.js'
import { onEvent } from '../../../src/library/kernel/events.js'
import { createRateLimiter } from '../../../src/library/rate-limit/create-rate-limiter.js'
import type { RateLimiterOptions } from '../../../src/library/rate-limit/options.js'
import type { RateLimiter } from '../../../src/library/rate-limit/transparent-rate-limiter.js'

export interface TestLimiter {
  limiter: RateLimiter
  name: string
  /** `result errorType`, one line per check, in order. */
  log: string[]
  close(): Promise<void>
}

let count = 0

/** Heard like `openCache`: a limiter and what it says of each check. */
export function openLimiter(
  on: string | RedisBackend,
  options: Partial<RateLimiterOptions> = {},
): TestLimiter {
  const name = options.name ?? `test-${count++}`
  const quota = { limit: 3, windowMs: 60_000 }
  const backend: RedisBackend = typeof on === 'string' ? { backend: 'redis', url: on } : on
  const limiter = createRateLimiter(backend, { ...quota, ...options, name })
  const log: string[] = []
  const stop = onEvent((event) => {
    if (event.type !== 'check' || event.limiter !== name) return
    log.push([event.result, event.errorType].filter(Boolean).join(' '))
  })
  return {
    limiter,
    name,
    log,
    async close() {
      await limiter.close()
      stop()
    },
  }
}

export const keyOf = (name: string, identifier: string) => `copilot:ratelimit:${name}:${identifier}`
