import { systemClock } from '../kernel/clock.js'
import { BREAKER } from '../resilience/default-breaker.js'
import { structuredString } from './structured-string.js'
import type { RateLimitDecision } from './transparent-rate-limiter.js'

/** Which headers, and under what name. */
export interface RateLimitHeaderOptions {
  /**
   * What clients know the limit by: the limiter's name, or one that tells outsiders less. Characters that a structured
   * field cannot hold are percent-encoded.
   */
  policy: string
  /** The limiter's window in ms, told to clients in seconds, rounded up; without it they are not told. */
  windowMs?: number
  /** Also `X-RateLimit-Limit`, `-Remaining` and `-Reset` (seconds since the epoch), for older clients. @default false */
  legacy?: boolean
}

/** At the latest the backend has been asked again by then, so before it a client's retry would be for nothing. */
const UNAVAILABLE_RETRY_S = BREAKER.maxOpenMs / 1000

/**
 * A decision as response headers: `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11, and
 * `Retry-After` on a denial, which is never earlier than the `t` beside it. Never throws.
 *
 * `t` is how many seconds until the same request would be allowed, or, when it was, until the whole limit is there again.
 * Both are rounded up. What is not known is not claimed: a decision of the policy (`reason: 'unavailable'`) has no
 * `RateLimit` field of any kind, and when it denies, `Retry-After: 10` alone; answer it with 503, the others with 429.
 *
 * @param options the names and what else is told
 *
 * @example
 * const decision = await logins.limit(userId)
 * const headers = toRateLimitHeaders(decision, { policy: 'login', windowMs: 900_000 })
 * // RateLimit-Policy: "login";q=5;w=900 · RateLimit: "login";r=0;t=37 · Retry-After: 37
 */
export function toRateLimitHeaders(
  decision: RateLimitDecision,
  { policy, windowMs, legacy = false }: RateLimitHeaderOptions,
): Record<string, string> {
  const { allowed, limit, remaining, retryAfterMs, reason } = decision
  if (reason === 'unavailable') return allowed ? {} : { 'Retry-After': String(UNAVAILABLE_RETRY_S) }

  const headers: Record<string, string> = {}
  const item = structuredString(policy)
  const t = waitSeconds(decision)
  if (limit !== null) {
    const window = windowMs !== undefined && windowMs > 0 ? `;w=${seconds(windowMs)}` : ''
    headers['RateLimit-Policy'] = `${item};q=${limit}${window}`
  }
  if (remaining !== null) headers['RateLimit'] = `${item};r=${remaining}${t === null ? '' : `;t=${t}`}`
  if (!allowed && retryAfterMs > 0) headers['Retry-After'] = String(seconds(retryAfterMs))
  return legacy ? { ...headers, ...legacyHeaders(decision) } : headers
}

function waitSeconds({ retryAfterMs, resetAt }: RateLimitDecision): number | null {
  if (retryAfterMs > 0) return seconds(retryAfterMs)
  // Our clock may have been set forward since, which is no reason for a time that has passed.
  return resetAt === null ? null : seconds(Math.max(0, resetAt - systemClock.wallNow()))
}

function legacyHeaders({ limit, remaining, resetAt }: RateLimitDecision): Record<string, string> {
  return {
    ...(limit !== null && { 'X-RateLimit-Limit': String(limit) }),
    ...(remaining !== null && { 'X-RateLimit-Remaining': String(remaining) }),
    ...(resetAt !== null && { 'X-RateLimit-Reset': String(seconds(resetAt)) }),
  }
}

/** Rounded up: who comes back too early is denied again. */
const seconds = (ms: number): number => Math.ceil(ms / 1000)
