import type { Clock } from '../kernel/clock.js'
import { emit, type BackendState, type LimiterResult } from '../kernel/events.js'
import type { Caller, Guard } from '../resilience/guard.js'
import { StateWatch } from '../resilience/state-watch.js'
import type { Counted, Counter, Uncounted } from './backend.js'
import type { ResolvedLimiterOptions } from './options.js'
import { isUsableIdentifier, wholeCost } from './request.js'
import type { StartUpCheck } from './start-up-check.js'
import type { LimiterStatus, RateLimitDecision, RateLimiter } from './transparent-rate-limiter.js'

interface LimiterParts {
  counter: Counter
  backendType: 'redis' | 'upstash'
  /** Null when only the backend knows it. */
  limit: number | null
  guard: Guard
  clock: Clock
  /** Resolves when the first connection is usable or has failed. */
  started: Promise<void> | undefined
  release: () => Promise<void>
  /** Null where there is none. */
  startUpCheck: StartUpCheck | null
}

/** What was counted, or why nothing was. */
type Answer = Counted | { errorType: string }

/** The limiter over a backend that is configured, whatever its state. See `RateLimiter` for what it promises. */
export class RedisBackedRateLimiter implements RateLimiter {
  readonly #parts: LimiterParts
  readonly #options: ResolvedLimiterOptions
  readonly #status: StateWatch
  readonly #stop: () => void
  /** Why the latest write was refused; null when it was not. */
  #refusal: string | null = null
  #starting: Promise<void> | null
  #closing: Promise<void> | null = null

  constructor(parts: LimiterParts, options: ResolvedLimiterOptions) {
    this.#parts = parts
    this.#options = options
    const { clock, backendType, guard, started, startUpCheck } = parts
    this.#status = new StateWatch(
      clock,
      () => this.#observeState(),
      (change) => emit({ type: 'limiter-state', limiter: options.name, backend: backendType, ...change }),
    )
    this.#stop = guard.onChange(this.#status.refresh)
    startUpCheck?.onChange(this.#status.refresh)
    this.#starting = started ? this.#whenStarted(started) : null
  }

  async check(identifier: string): Promise<boolean> {
    return (await this.limit(identifier)).allowed
  }

  async limit(identifier: string, options?: { cost?: number }): Promise<RateLimitDecision> {
    if (this.#starting) await this.#starting
    const { clock, counter, backendType, limit } = this.#parts
    const limiter = this.#options.name
    const startedAt = clock.now()
    const cost = wholeCost(options?.cost ?? 1, limiter, limit)
    const answer = await this.#ask(identifier, (caller) => counter.take(identifier, cost, caller))
    // What was denied was not written.
    if ('allowed' in answer && answer.allowed) this.#wroteOr(null)
    const decision = this.#decide(answer)
    const errorType = 'errorType' in answer ? answer.errorType : null
    const durationMs = clock.now() - startedAt
    emit({ type: 'check', limiter, backend: backendType, result: resultOf(decision), durationMs, errorType })
    return decision
  }

  async peek(identifier: string): Promise<RateLimitDecision> {
    if (this.#starting) await this.#starting
    return this.#decide(await this.#ask(identifier, (caller) => this.#parts.counter.look(identifier, caller)))
  }

  async reset(identifier: string): Promise<boolean> {
    if (this.#starting) await this.#starting
    if (this.#closing || !isUsableIdentifier(identifier, this.#options.name)) return false
    const { guard, counter } = this.#parts
    const outcome = await guard.run(() => counter.forget(identifier), this.#options.deadlineMs)
    return outcome.ok
  }

  getBackendType(): 'redis' | 'upstash' {
    return this.#parts.backendType
  }

  getStatus(): LimiterStatus {
    const state = this.#status.refresh()
    const { onUnavailable } = this.#options
    const { backendType, startUpCheck } = this.#parts
    const selfCheck = startUpCheck?.state ?? 'off'
    const cause = state === 'up' ? null : (this.#parts.guard.cause ?? this.#refusal ?? 'SELF_CHECK')
    return { backend: backendType, state, since: this.#status.since, cause, onUnavailable, selfCheck }
  }

  close(): Promise<void> {
    if (!this.#closing) {
      this.#stop()
      this.#parts.startUpCheck?.close()
      this.#closing = this.#parts.release()
    }
    return this.#closing
  }

  async #ask(
    identifier: string,
    question: (caller: Caller) => Promise<Counted | Uncounted>,
  ): Promise<Answer> {
    const { name, deadlineMs } = this.#options
    if (!isUsableIdentifier(identifier, name)) return { errorType: 'UNUSABLE_IDENTIFIER' }
    if (this.#closing) return { errorType: 'CLOSED' }
    const outcome = await this.#parts.guard.run(question, deadlineMs)
    if (!outcome.ok) {
      if (outcome.result === 'refused') this.#wroteOr(outcome.errorType)
      return { errorType: outcome.errorType }
    }
    return 'uncounted' in outcome.value ? { errorType: outcome.value.uncounted } : outcome.value
  }

  #decide(answer: Answer): RateLimitDecision {
    const { onUnavailable, mode } = this.#options
    const watches = mode === 'shadow'
    if ('errorType' in answer) {
      const allowed = watches || onUnavailable === 'allow'
      const { limit } = this.#parts
      return { allowed, limit, remaining: null, retryAfterMs: 0, resetAt: null, reason: 'unavailable' }
    }
    const { allowed, limit, remaining, retryAfterMs, resetAfterMs } = answer
    const resetAt = resetAfterMs === null ? null : this.#parts.clock.wallNow() + resetAfterMs
    const reason = allowed ? 'ok' : watches ? 'shadow' : 'limited'
    return { allowed: allowed || watches, limit, remaining, retryAfterMs, resetAt, reason }
  }

  #wroteOr(refusal: string | null): void {
    if (this.#refusal === refusal) return
    this.#refusal = refusal
    this.#status.refresh()
  }

  #observeState(): BackendState {
    const { guard, startUpCheck } = this.#parts
    if (guard.breakerState !== 'closed') return 'down'
    const limits = startUpCheck?.state !== 'failed'
    return limits && this.#refusal === null && guard.healthy ? 'up' : 'degraded'
  }

  async #whenStarted(started: Promise<void>): Promise<void> {
    try {
      await started
    } catch {
      // A backend that did not start fails each check, which is where it is reported.
    }
    this.#starting = null
  }
}

function resultOf({ allowed, reason }: RateLimitDecision): LimiterResult {
  if (reason === 'unavailable') return allowed ? 'failopen' : 'failclosed'
  if (reason === 'shadow') return 'shadow_denied'
  return allowed ? 'allowed' : 'denied'
}
