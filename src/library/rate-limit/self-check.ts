import { randomUUID } from 'node:crypto'
import type { RedisKeyValueClient } from '../backends/backend.js'
import { defineScript } from '../backends/script.js'
import { families } from '../families/families.js'
import type { Clock } from '../kernel/clock.js'
import { classify } from '../resilience/classify.js'
import type { Counted, Uncounted } from './backend.js'
import { SlidingWindowCounter } from './sliding-window-counter.js'
import { lifetimeMs } from './sliding-window.js'

/** Reserved: no limiter of an application should be named so. */
export const SELF_CHECK_BUCKET = 'transparent-cache-self-check'

/** Long enough that no delay within a deadline lets the first request out of the window. */
const WINDOW_MS = 60_000

/** The TTL, with -3 for a server that forbids to ask. The key has done its duty. */
const takeAway = defineScript(`local ttl = redis.pcall('PTTL', KEYS[1])
redis.call('DEL', KEYS[1])
return type(ttl) == 'table' and -3 or ttl`)

/** `failed` with why, for people; `unknown` when the server could not be asked just now. */
export type SelfCheckOutcome = 'passed' | 'unknown' | { failed: string }

/**
 * Whether this server really limits: of two requests under a limit of one, the second must be denied, and the count must
 * end by itself. Three commands sent at once on a key of its own, which the last of them removes. Never rejects.
 */
export async function selfCheck(
  client: RedisKeyValueClient,
  clock: Clock,
  deadlineMs: number,
): Promise<SelfCheckOutcome> {
  const identifier = randomUUID()
  const quota = { limit: 1, windowMs: WINDOW_MS }
  const counter = new SlidingWindowCounter({ client, clock, name: SELF_CHECK_BUCKET, ...quota, deadlineMs })
  const key = families.rateLimit.pattern.build({ bucket: SELF_CHECK_BUCKET, identifier })
  // cache-audit-ignore R6: the limiter checks itself, below its guard
  try {
    const [first, second, ttl] = await Promise.all([
      counter.take(identifier, 1),
      counter.take(identifier, 1),
      client.eval?.(takeAway, [key], []),
    ])
    return judge(first, second, Number(ttl))
  } catch (error) {
    const { class: errorClass, errorType } = classify(error)
    // It answered, and will answer the same to every check; a full server or a replica is another matter, and passes.
    const forGood = errorClass === 'neither' || errorType === 'NOPERM'
    return forGood ? { failed: `the server refuses to count (${errorType})` } : 'unknown'
  }
}

function judge(first: Counted | Uncounted, second: Counted | Uncounted, ttlMs: number): SelfCheckOutcome {
  for (const each of [first, second]) {
    if (!('uncounted' in each)) continue
    return each.uncounted === 'LATE' ? 'unknown' : { failed: 'the script is answered with something else' }
  }
  const denied = [first, second].map((each) => 'allowed' in each && !each.allowed)
  if (denied[0]) return { failed: 'the first request of a limit of 1 was denied' }
  if (!denied[1]) return { failed: 'the second request of a limit of 1 was allowed' }
  const told = ttlMs === -3 || (ttlMs > 0 && ttlMs <= lifetimeMs(WINDOW_MS))
  return told ? 'passed' : { failed: 'counts do not end by themselves: their key has no TTL' }
}
