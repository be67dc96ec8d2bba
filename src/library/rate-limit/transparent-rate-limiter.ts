import type { BackendState, LimiterBackendType } from '../kernel/events.js'

/** What to do with a request when the backend cannot say. */
export type UnavailablePolicy = 'allow' | 'deny'

/** What a limiter says of one request. */
export interface RateLimitDecision {
  /** What to do with the request. */
  allowed: boolean
  /** Null when the limiter does not know it: it wraps a foreign backend, or there is none. */
  limit: number | null
  /** Left in the window after this request; null when unknown. */
  remaining: number | null
  /** Until the same request would be allowed if nothing else came, in ms; 0 when it was, or when that is unknown. */
  retryAfterMs: number
  /** When the whole limit is there again if nothing else comes, ms since the epoch on this machine; null when unknown. */
  resetAt: number | null
  /**
   * `ok`, `limited`: the backend decided · `unavailable`: it could not be asked, so the policy decided · `shadow`: it
   * would have been denied, but the limiter only watches.
   */
  reason: 'ok' | 'limited' | 'unavailable' | 'shadow'
}

/** How a limiter is doing. */
export interface LimiterStatus {
  /** What was configured. */
  backend: LimiterBackendType
  /**
   * `down`: the policy decides · `degraded`: some checks are left to the policy, or, without a backend, all; or the
   * self-check failed.
   */
  state: BackendState
  /** When `state` was entered, ms since the epoch. */
  since: number
  /**
   * Why it is not `up`: the kind of the latest failure, such as `ECONNREFUSED`, `DEADLINE` or `OOM`, `SELF_CHECK` where that
   * failed, `NO_BACKEND` where there is none; null when it is up.
   */
  cause: string | null
  /** The declared policy. Without a backend everything is allowed, whatever it says. */
  onUnavailable: UnavailablePolicy
  /**
   * Whether the backend was seen to deny, once, right after connecting: `pending` until it is connected, `failed` with one
   * warning, `off` where it is not looked at (no backend, a foreign one, Upstash, or `selfCheck: false`).
   */
  selfCheck: 'pending' | 'passed' | 'failed' | 'off'
}

/**
 * A rate limiter whose backend may disappear without the caller noticing more than its declared policy.
 *
 * No method ever rejects, and each settles within the deadline. What the policy decided is told apart from what the
 * limiter counted, in the decision, in the metrics (`failopen`, `failclosed`), in the status, and in one log line.
 */
export interface TransparentRateLimiter {
  /** Counts one request of this identifier; true when it is allowed. */
  check(identifier: string): Promise<boolean>
  /** What was configured; fixed. See `getStatus` for how it is doing. */
  getBackendType(): LimiterBackendType
  /** How it is doing, for health checks; asks nobody. */
  getStatus(): LimiterStatus
  /** Lets the connection go if no other limiter uses it; checks are the policy's from then on. Idempotent. */
  close(): Promise<void>
}

/** A limiter of ours, which knows more than yes and no. */
export interface RateLimiter extends TransparentRateLimiter {
  /**
   * As `check`, and tells more. @param options.cost how many requests this one counts for, a whole number from 1;
   * anything else is rounded up, or counts as 1, with one warning. A cost above the limit is always denied.
   */
  limit(identifier: string, options?: { cost?: number }): Promise<RateLimitDecision>
  /** What `limit` would answer now, without counting. */
  peek(identifier: string): Promise<RateLimitDecision>
  /** Forgets what the identifier has used. False when the backend did not acknowledge it. */
  reset(identifier: string): Promise<boolean>
}
