import type { CacheStatus } from '../../cache/transparent-cache.js'
import type { BackendType } from '../../kernel/events.js'

/** What is known of a user's login. */
export interface Validation {
  /** Whether the user may act. */
  isValid: boolean
  /** The application's own, such as roles; what JSON can hold, and dates. */
  details?: Record<string, unknown>
}

/**
 * Whether a user may still act, remembered for 300 s.
 *
 * A failure to find out is no answer: it is neither stored nor taken for "invalid". A user whom this process revoked is
 * asked for anew at once, and everywhere within 1 s of a healthy cache; where it is away, every login is validated at the
 * source. A process that dies before its revocation is delivered leaves an old answer for the TTL at most.
 */
export interface ValidationCache {
  /** Null: nothing is known, whatever the reason. */
  get(userId: string): Promise<Validation | null>
  /** Prefer `getOrValidate`, which knows which validation belongs to which look. An invalid one is kept for 10 s. */
  set(userId: string, validation: Validation): Promise<void>
  /**
   * What is known, else what `validate` answers, which is remembered: a valid login for 300 s, an invalid one for 10 s.
   * Rejects with the error of `validate`, and stores nothing then. Concurrent callers share one validation.
   */
  getOrValidate(userId: string, validate: () => Promise<Validation>): Promise<Validation>
  /** Call it at logout, password change, ban and change of roles, once that is committed; await it before you answer. */
  invalidate(userId: string): Promise<void>
  /** What it was configured with; fixed. */
  getBackendType(): BackendType
  /** How it is doing. */
  getStatus(): CacheStatus
  /** Idempotent, never rejects. */
  close(): Promise<void>
}
