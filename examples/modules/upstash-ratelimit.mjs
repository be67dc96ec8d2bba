// @upstash/ratelimit as its README has it; it opens after its own timeout, and says so.
//   cache simulate-outage --module examples/modules/upstash-ratelimit.mjs --backend upstash --limit 5/1s --on-unavailable allow
import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'

export function createLimiter({ upstash }) {
  const limiter = Ratelimit.slidingWindow(5, '1 s')
  // A client without an address misses nothing until it is asked.
  const redis = new Redis(upstash ?? { url: undefined, token: undefined })
  return new Ratelimit({ redis, limiter, timeout: 300, ephemeralCache: false })
}
