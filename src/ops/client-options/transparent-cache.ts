import { wait, type TimeToFallback } from './time-to-fallback.js'

/** The options of the embedded library that decide how long a call waits. */
export interface TransparentCacheOptions {
  /** @default 'redis' */
  backend?: 'redis' | 'upstash'
  /** @default 100 for redis, 300 for upstash */
  deadlineMs?: number
}

/** Every operation ends at its deadline, whatever the client does; behind the breaker it ends at once. */
export function transparentCacheTimeToFallback(options: TransparentCacheOptions): TimeToFallback {
  const { backend = 'redis', deadlineMs = backend === 'redis' ? 100 : 300 } = options
  const bounded = wait([0, deadlineMs], deadlineMs, `deadlineMs ${deadlineMs}`)
  return { refused: bounded, stalled: bounded, unreachable: bounded, everyCallPays: false }
}
