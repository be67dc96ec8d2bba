import { systemClock } from '../kernel/clock.js'
import { emit } from '../kernel/events.js'
import type { ResolvedLimiterOptions } from './options.js'
import type { LimiterStatus, RateLimitDecision, RateLimiter } from './transparent-rate-limiter.js'
import { warnOnce } from './warn-once.js'

/** The limiter of a service without a backend: everything is allowed, and no decision claims to have counted. */
export class AllowAllRateLimiter implements RateLimiter {
  readonly #options: ResolvedLimiterOptions
  readonly #limit: number | null
  readonly #since = systemClock.wallNow()

  constructor(options: ResolvedLimiterOptions, limit: number | null) {
    this.#options = options
    this.#limit = limit
    const { name, onUnavailable } = options
    emit({ type: 'allow-all', limiter: name })
    if (onUnavailable === 'deny') {
      warnOnce(name, "no backend is configured, so it allows everything although it is declared 'deny'")
    }
  }

  async check(identifier: string): Promise<boolean> {
    return (await this.limit(identifier)).allowed
  }

  limit(_identifier: string, _options?: { cost?: number }): Promise<RateLimitDecision> {
    const limiter = this.#options.name
    emit({
      type: 'check',
      limiter,
      backend: 'allowall',
      result: 'failopen',
      durationMs: 0,
      errorType: null,
    })
    return Promise.resolve(this.#decision())
  }

  peek(_identifier: string): Promise<RateLimitDecision> {
    return Promise.resolve(this.#decision())
  }

  /** There is nothing to forget. */
  reset(_identifier: string): Promise<boolean> {
    return Promise.resolve(true)
  }

  getBackendType(): 'allowall' {
    return 'allowall'
  }

  getStatus(): LimiterStatus {
    const { onUnavailable } = this.#options
    const why = { state: 'degraded', since: this.#since, cause: 'NO_BACKEND' } as const
    return { backend: 'allowall', ...why, onUnavailable, selfCheck: 'off' }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #decision(): RateLimitDecision {
    const unknown = { remaining: null, retryAfterMs: 0, resetAt: null }
    return { allowed: true, limit: this.#limit, ...unknown, reason: 'unavailable' }
  }
}
