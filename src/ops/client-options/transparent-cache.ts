import { wait, type TimeToFallback } from './time-to-fallback.js'

/** The options of the embedded library that decide how long a call waits. */
export interface TransparentCacheOptions {
  /** @default 'redis' */
  backend?: 'redis' | 'upstash'
  /** @default 100 for redis, 300 for upstash */
  deadlineMs?: number
  /** @default true */
  breaker?: boolean
}

/**
 * Every operation ends at its deadline, whatever the client does; behind the breaker it ends at once. Without one, the
 * socketTimeout that Redis is given ends the connection that hung, and over REST there is none.
 */
export function transparentCacheTimeToFallback(options: TransparentCacheOptions): TimeToFallback {
  const { backend = 'redis', deadlineMs = backend === 'redis' ? 100 : 300, breaker = true } = options
  const bounded = wait([0, deadlineMs], deadlineMs, `deadlineMs ${deadlineMs}`)
  const ways = { refused: bounded, stalled: bounded, unreachable: bounded, loading: bounded }
  const everyCallPays = !breaker && backend === 'upstash'
  return { ...ways, everyCallPays, lastingMs: everyCallPays ? deadlineMs : 0, offlineQueue: false }
}
