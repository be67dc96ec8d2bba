import type { Caller } from '../resilience/guard.js'

/** A limiter as the transparent one sees it. Any `{check, getType}` will do. */
export interface RateLimitBackend {
  /** Counts one request; true when it is allowed. May reject, hang or throw. */
  check(identifier: string): Promise<boolean>
  /** What it counts in. */
  getType(): 'redis' | 'upstash'
}

/** What came of asking. Durations and not instants, as the server's clock need not be ours; null when unknown. */
export interface Counted {
  allowed: boolean
  limit: number | null
  remaining: number | null
  retryAfterMs: number
  resetAfterMs: number | null
}

/** The backend answered, but did not count; why, as an error type. */
export interface Uncounted {
  uncounted: string
}

/** What a limiter counts with. Rejects with whatever went wrong. */
export interface Counter {
  /** @param caller tells whether somebody still waits for the answer */
  take(identifier: string, cost: number, caller?: Caller): Promise<Counted | Uncounted>
  look(identifier: string, caller?: Caller): Promise<Counted | Uncounted>
  forget(identifier: string): Promise<void>
}
